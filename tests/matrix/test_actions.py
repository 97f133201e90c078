"""Every action of the appeal's process × everybody, tried where nothing can happen: on a case that has ended.

The gate asks in this order: does the case concern you (404), may you do this (403), can it be done now (409).
So 409 says that somebody may do it, and nothing changes while all of them are asked.
"""

import pytest
import yaml

from tests.matrix.people import COLUMNS, WORDS
from tests.matrix.world import ITEM, World
from zhicheng.config.environment import pack_root

pytestmark = [pytest.mark.running]
CONCERNED = {"ow", "h1", "s1", "sd", "sc", "ld"}
HANDLERS, SUPERVISORS = {"h1", "s1", "sd", "sc"}, {"s1", "sd", "sc"}
# action: who may carry it out on a case of the street office where h1 works
MAY = {
    "dispatch": set(),
    "accept": HANDLERS,
    "refuse": HANDLERS,
    "arbitrate": set(),
    "contact": HANDLERS,
    "invite": HANDLERS,
    "note": HANDLERS,
    "request_extension": HANDLERS,
    "approve_extension": SUPERVISORS,
    "request_pause": HANDLERS,
    "approve_pause": SUPERVISORS,
    "reject_request": SUPERVISORS,
    "resume": HANDLERS,
    "resume_due": set(),
    "reply": HANDLERS,
    "rate": {"ow"},
    "close_unrated": set(),
    "rework": SUPERVISORS,
    "explain": SUPERVISORS,
    "merge": HANDLERS,
    "supplement": {"ow"},
    "withdraw": {"ow"},
}


def _ask(world: World, column: str, name: str, action: str) -> int:
    """By the API, with input that is fine as far as it can be checked before the gate decides."""
    given = {"item": ITEM, "unit": world.units["handler.street2"], "into": world.numbers["waiting"]}
    path = f"/api/v1/appeals/{world.numbers[name]}/actions/{action}"
    return world.people[column].post(path, json={"input": given}).status_code


def _expected(column: str, action: str) -> int:
    if column not in CONCERNED:
        return 404
    return 409 if column in MAY[action] else 403


def test_every_action_of_the_process_is_in_the_table() -> None:
    process = yaml.safe_load((pack_root() / "processes" / "appeal.yaml").read_text(encoding="utf-8"))
    assert set(process["actions"]) == set(MAY)


@pytest.mark.parametrize("action", MAY)
class TestAction:
    def test_is_for_those_alone_whom_the_process_names(self, world: World, action: str) -> None:
        wrong = [
            f"{WORDS[column]} ({column}): {found}, not {_expected(column, action)}"
            for column in COLUMNS
            if (found := _ask(world, column, "closed", action)) != _expected(column, action)
        ]
        assert wrong == []

    def test_does_not_exist_for_another_district(self, world: World, action: str) -> None:
        """The number copied from a colleague's address bar helps nobody."""
        strangers = [column for column in COLUMNS if column not in {"ow", "sc"}]
        assert {column: _ask(world, column, "far", action) for column in strangers} == dict.fromkeys(strangers, 404)
