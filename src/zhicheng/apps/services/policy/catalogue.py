"""The catalogue as one value, with the ways in which people browse it."""

from collections.abc import Mapping, Sequence

from zhicheng.apps.services.errors import ServiceUnknown, ThemeUnknown
from zhicheng.apps.services.values import LifeEvent, MaterialType, ServiceItem, Theme, Waiver


class Catalogue:
    """Items, themes, life events and materials of a pack. Immutable: made once for each release."""

    def __init__(
        self,
        *,
        items: Sequence[ServiceItem],
        themes: Sequence[Theme] = (),
        life_events: Sequence[LifeEvent] = (),
        materials: Sequence[MaterialType] = (),
        waivers: Sequence[Waiver] = (),
    ) -> None:
        self.items: Mapping[str, ServiceItem] = {item.code: item for item in items}
        self.themes: Mapping[str, Theme] = {theme.code: theme for theme in themes}
        self.life_events = tuple(life_events)
        self.waivers: Mapping[str, Waiver] = {waiver.material: waiver for waiver in waivers}
        self.materials: Mapping[str, MaterialType] = {material.code: material for material in materials}

    def item(self, code: str) -> ServiceItem:
        """One item.

        Raises:
            ServiceUnknown: there is none.
        """
        found = self.items.get(code)
        if found is None:
            raise ServiceUnknown()
        return found

    def theme(self, code: str) -> Theme:
        """One theme.

        Raises:
            ThemeUnknown: there is none.
        """
        found = self.themes.get(code)
        if found is None:
            raise ThemeUnknown()
        return found

    def items_of(self, theme: Theme) -> list[ServiceItem]:
        """The items of a theme, in its order."""
        return [self.items[step.item] for step in theme.steps]

    def themes_with(self, item: str) -> list[Theme]:
        """The themes that contain an item."""
        return [theme for theme in self.themes.values() if any(step.item == item for step in theme.steps)]

    def browse(
        self, *, audience: str = "", life_event: str = "", department: str = "", online: bool = False
    ) -> list[ServiceItem]:
        """Items of an audience, a life event, a department; those that can be applied for here come first."""
        found = [
            item
            for item in self.items.values()
            if (not audience or audience in item.audience)
            and (not life_event or life_event in item.life_events)
            and (not department or item.department == department)
            and (not online or item.can_be_applied_for)
        ]
        return sorted(found, key=lambda item: not item.can_be_applied_for)

    def departments(self) -> dict[str, int]:
        """How many items each department has, the largest first."""
        counts: dict[str, int] = {}
        for item in self.items.values():
            counts[item.department] = counts.get(item.department, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))
