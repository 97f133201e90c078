"""Licences as a source of values and as materials: what the city has issued, nobody has to type or upload."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.apps.licences.public import held_licences, list_licence_types
from zhicheng.apps.licences.values import FORM_SOURCE
from zhicheng.core.forms.public import PrefillSource, find_material
from zhicheng.core.forms.values import HeldMaterial

_LINE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class _Lines(Mapping[str, str]):
    """Every line of every type, as `type.line` with its label; looked up when asked, since types belong to the pack.

    While a pack is being loaded its types are not installed yet, so any name of this form may be asked for; a line
    that no licence has gives no value.
    """

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _LINE.fullmatch(name) is not None

    def __getitem__(self, name: str) -> str:
        return self._labels()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels())

    def __len__(self) -> int:
        return len(self._labels())

    def _labels(self) -> dict[str, str]:
        return {
            f"{each.code}.{line.code}": f"{each.label}：{line.label}"
            for each in list_licence_types()
            for line in each.fields
        }


def fetch_lines(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, str]:
    """Lines of the newest licence in force of each type."""
    del timeout_s
    wanted = [name.partition(".")[::2] for name in fields]
    found: dict[str, str] = {}
    for held in held_licences([party], now=now, types={kind for kind, _ in wanted}):
        for kind, line in wanted:
            if kind == held.type and line in held.values:
                found.setdefault(f"{kind}.{line}", held.values[line])
    return found


def offer_licences(party: UUID, materials: Sequence[str], now: datetime) -> Sequence[HeldMaterial]:
    """Licences in force that stand for a material, newest first."""
    kinds = {material.licence: code for code in materials if (material := find_material(code)) and material.licence}
    if not kinds:
        return ()
    return [
        HeldMaterial(
            provider=FORM_SOURCE,
            ref=held.number,
            material=kinds[held.type],
            label=held.label,
            source=f"{held.issuer}签发，编号 {held.number}",
            valid_until=held.valid_until.isoformat() if held.valid_until else "",
        )
        for held in held_licences([party], now=now, types=kinds)
    ]


LICENCES = PrefillSource(
    code=FORM_SOURCE,
    label="我的证照",
    fields=_Lines(),
    purpose="这些内容在本市已经签发给您的证照上。",
    fetch=fetch_lines,
    local=True,
)
