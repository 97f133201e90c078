"""A new version of the pack while cases run: they finish by what they began under, new ones begin under the new."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import decide_application
from zhicheng.apps.services.tests.town import (
    NOW,
    TINYTOWN,
    filled,
    official,
    register,
    resident,
    submitted,
    town_installed,
)
from zhicheng.core.cases.public import act, get_row, process_of
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.packs.public import current_pack, install_pack
from zhicheng.core.rules.public import current_rulebook
from zhicheng.kit.errors import FieldErrors

pytestmark = pytest.mark.django_db
TWO_YEARS_HERE = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2024, 3, 1)}
FEW_WORDS, BASIS = "营业执照上的地址不在本镇", "办法第五条"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Path]:
    """The town with its pack, and a copy of the pack to change."""
    copy = Path(shutil.copytree(TINYTOWN, tmp_path / "pack"))
    with town_installed(tmp_path):
        yield copy


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the register say things."""

    def say(**facts: Any) -> None:
        monkeypatch.setattr(deciding, "register_facts", lambda _party: register(**facts))

    return say


def upgrade(pack: Path, *changes: tuple[str, str, str]) -> None:
    """Change files of the pack and install it as the next version."""
    for name, old, new in (*changes, ("pack.yaml", "version: 0.1.0", "version: 0.2.0")):
        text = (pack / name).read_text(encoding="utf-8")
        assert old in text
        (pack / name).write_text(text.replace(old, new), encoding="utf-8")
    install_pack(pack, now=NOW, actor_ref="system:test")
    assert current_pack().version == "0.2.0"


class TestUpgrade:
    def test_decides_what_was_submitted_by_the_rules_of_then(self, town, knows):
        knows(**TWO_YEARS_HERE)
        fang = resident()
        before, first_book = submitted(fang, filled(fang)), current_rulebook()
        stricter = ("rules/parameters/stall.yaml", "value: 6}", "value: 60}")
        upgrade(town, stricter)
        after = submitted(fang, filled(fang, stall="乙 1 号"))
        assert current_rulebook() != first_book
        assert (decide_application(before.case_id, NOW), decide_application(after.case_id, NOW)) == ("yes", "no")
        assert (get_row(before.case_id).state, get_row(after.case_id).state) == ("approved", "refused")

    def test_lets_a_case_finish_by_the_process_it_began_under(self, town, knows):
        knows()
        fang, chen = resident(), official("YX-WORKS", "cases.handle")
        before = submitted(fang, filled(fang))
        upgrade(
            town,
            (
                "processes/application.yaml",
                "required: true, min_length: 10, max_length: 2000, help: 写明哪一项",
                "required: true, min_length: 100, max_length: 2000, help: 写明哪一项",
            ),
            ("processes/application.yaml", "label: 不予批准\n    from", "label: 决定不予批准\n    from"),
        )
        after = submitted(fang, filled(fang, stall="乙 1 号"))
        for each in (before, after):
            assert decide_application(each.case_id, NOW) == "review"
        refusal = {"reason": FEW_WORDS, "basis": BASIS}
        assert act(ActCommand(before.case_id, "refuse", refusal), chen, NOW).state == "refused"
        with pytest.raises(FieldErrors, match="1 处"):
            act(ActCommand(after.case_id, "refuse", refusal), chen, NOW)
        labels = [process_of(get_row(each.case_id).definition).actions["refuse"].label for each in (before, after)]
        assert labels == ["不予批准", "决定不予批准"]
