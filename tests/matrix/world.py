"""What the matrix asks about: people, and the things that belong to them by the word that the table uses."""

from dataclasses import dataclass, field

from tests.running import City, Visitor, words_of

FAR_UNIT = "S440304002"  # a street office in another district than the demo's officials
CALLER, CALLER_PHONE = "来电人甲", "13900139000"
SERVICE = "cable.account_transfer"
ITEM = "sanitation.facilities.streetlight_out"


@dataclass
class World:
    """People, and by their words: numbers and follow codes of cases, a file of each, everything else in `known`."""

    city: City
    people: dict[str, Visitor]
    units: dict[str, str]
    numbers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)


def carry_out(world: World, column: str, name: str, action: str, **form: str) -> None:
    """An official acts on a case through the workbench."""
    answer = world.people[column].post(f"/workbench/cases/{world.numbers[name]}/actions/{action}/", data=form)
    assert answer.status_code == 302, f"{action} on {name} by {column}: {answer.status_code} {words_of(answer.text)}"
