"""A material in somebody else's name: no rule approves it, a person looks, and sees both names."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import decide_application, get_application
from zhicheng.apps.services.tests.town import (
    ADULT,
    NOW,
    TINYTOWN,
    filled,
    register,
    resident,
    submitted,
    town_installed,
)
from zhicheng.core.cases.public import get_row
from zhicheng.core.forms.base import TextLine
from zhicheng.core.forms.public import read_waiting, text_readers
from zhicheng.core.packs.public import install_pack

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)
FACTS = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2020, 1, 1)}
NAMED = "x-label: 姓名, x-personal: true,"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The town, where identity cards are read and compared with the form, and the register knows the applicant."""
    pack = Path(shutil.copytree(TINYTOWN, tmp_path / "pack"))
    _edit(
        pack / "materials.yaml",
        "kind: document, reader: none, note: 正反",
        "kind: document, reader: id_card, fields: [{code: name, label: 姓名}], note: 正反",
    )
    _edit(pack / "forms" / "stall.yaml", NAMED, f"{NAMED} x-document: [{{material: id_card, field: name}}],")
    _edit(pack / "pack.yaml", "version: 0.1.0", "version: 0.2.0")
    monkeypatch.setattr(deciding, "register_facts", lambda _party: register(**FACTS))
    with town_installed(tmp_path):
        install_pack(pack, now=NOW, actor_ref="system:test")
        yield


@pytest.fixture
def on_the_card(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the reader sees on an identity card."""

    def says(name: str) -> None:
        lines = (f"姓名 {name}", "性别 女 民族 汉", "出生 1990年3月7日", f"公民身份号码 {ADULT}")
        found = [TextLine(line, 0.97) for line in lines]
        monkeypatch.setattr(text_readers, "_entries", {"ocr": lambda _content, _media_type: found})

    return says


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestMaterial:
    @pytest.mark.parametrize(
        ("name", "outcome", "state"), [("王小芳", "yes", "approved"), ("李强", "review", "review")]
    )
    def test_in_the_wrong_name_goes_to_a_person(self, town, on_the_card, name: str, outcome: str, state: str):
        on_the_card(name)
        fang = resident()
        applied = submitted(fang, filled(fang))
        while read_waiting(LATER):
            pass
        assert decide_application(applied.case_id, LATER) == outcome
        assert get_row(applied.case_id).state == state

    def test_is_named_to_the_reviewer_with_both_names(self, town, on_the_card):
        on_the_card("李强")
        fang = resident()
        applied = submitted(fang, filled(fang))
        while read_waiting(LATER):
            pass
        decide_application(applied.case_id, LATER)
        (problem,) = get_application(applied.case_id).decision.problems
        assert (problem.kind, problem.label) == ("contradiction", "居民身份证")
        assert problem.text == "材料《居民身份证》上的姓名是李强，表单填的是王小芳。"
