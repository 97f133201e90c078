"""The licence that an approval issues: what is known is fixed, what nobody said the officer fills in."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.licences.public import list_my_licences
from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.policy.licensing import missing_lines, new_citizen_number, sources_of
from zhicheng.apps.services.public import decide_application, decide_waiting, plan_licence
from zhicheng.apps.services.tests.town import NOW, PHOTO, filled, official, register, resident, submitted
from zhicheng.core.cases.public import act, get_row
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.forms.public import add_document, get_draft
from zhicheng.core.forms.values import NewDocument, Owner
from zhicheng.core.ledger.public import idempotency_key, list_entries
from zhicheng.core.parties.public import parse_id_number
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors

GIVEN = {"line_use": "经营", "line_fitted": "2026-03-01", "line_pipe": "20"}


@pytest.fixture
def water(town: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Actor, UUID]:
    """王小芳 asks for water; the item has no rule, so it waits for 林涛."""
    monkeypatch.setattr(deciding, "register_facts", lambda _party: {})
    fang = resident()
    draft = filled(fang, code="stall.water")
    owner = Owner(party=fang.party_id)
    add_document(NewDocument(draft.id, "stall_licence", "许可证.png", PHOTO), owner=owner, now=NOW)
    applied = submitted(fang, get_draft(draft.id, owner=owner, now=NOW))
    assert decide_application(applied.case_id, NOW) == "review"
    return fang, applied.case_id


def approve(case: UUID, given: dict[str, Any], **more: Any) -> Any:
    return act(ActCommand(case, "approve", given, **more), official("YX-WATER", "cases.handle"), NOW)


@pytest.mark.django_db
class TestPlanLicence:
    def test_shows_what_is_known_with_its_source_and_what_is_open(self, water):
        plan = plan_licence(get_row(water[1]), now=NOW)
        assert plan is not None
        known = {line.label: (line.text, line.source) for line in plan.lines if not line.is_open}
        assert known == {
            "户名": ("王**", "申请表“姓名”"),
            "水表编号": ("甲 3 号", "申请表“想要的摊位”"),
        }
        assert [(line.input, line.type, line.required) for line in plan.lines if line.is_open] == [
            ("line_use", "choice", True),
            ("line_fitted", "date", True),
            ("line_pipe", "number", False),
        ]


@pytest.mark.django_db
class TestApprove:
    def test_writes_what_the_officer_filled_in_and_says_so(self, water):
        fang, case = water
        approve(case, GIVEN)
        (licence,) = list_my_licences(fang, now=NOW).licences
        assert {line.label: (line.value, line.source) for line in licence.fields} == {
            "户名": ("王小芳", "申请表“姓名”"),
            "水表编号": ("甲 3 号", "申请表“想要的摊位”"),
            "用水类别": ("经营", "承办人填写"),
            "通水日期": ("2026年3月1日", "承办人填写"),
            "口径": ("20 毫米", "承办人填写"),
        }

    def test_records_which_lines_a_person_filled_but_not_what_they_say(self, water):
        approve(water[1], GIVEN)
        (entry,) = (each.entry for each in list_entries(limit=50).entries if each.entry.action == "licence.issued")
        assert entry.data["filled_by_officer"] == ["use", "fitted", "pipe"]
        kept = str([each.entry for each in list_entries(limit=50).entries])
        assert "20 毫米" not in kept

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"line_use": ""}, {"line_use": ["请选择用水类别"]}),
            ({"line_use": "工业"}, {"line_use": ["用水类别不在可选范围内"]}),
            ({"line_fitted": "昨天"}, {"line_fitted": ["通水日期要写成日期，例如 2026-03-02"]}),
            ({"line_fitted": "2026-02-30"}, {"line_fitted": ["通水日期要写成日期，例如 2026-03-02"]}),
            ({"line_pipe": "二十"}, {"line_pipe": ["口径要填数字，最多两位小数"]}),
        ],
    )
    def test_issues_nothing_while_a_line_cannot_be_right(self, water, wrong, said):
        fang, case = water
        with pytest.raises(FieldErrors) as refused:
            approve(case, {**GIVEN, **wrong})
        assert refused.value.fields == said
        assert get_row(case).state == "review"
        assert list_my_licences(fang, now=NOW).licences == ()

    def test_lets_nobody_type_over_what_is_known(self, water):
        fang, case = water
        approve(case, {**GIVEN, "line_holder": "李强", "line_meter": "W-999"})
        (licence,) = list_my_licences(fang, now=NOW).licences
        assert {line.value for line in licence.fields} >= {"王小芳", "甲 3 号"}

    def test_happens_once_for_a_key(self, water):
        fang, case = water
        for _ in range(2):
            approve(case, GIVEN, key=idempotency_key("approve", "a" * 32, GIVEN))
        assert len(list_my_licences(fang, now=NOW).licences) == 1


class TestSourcesOf:
    def test_takes_what_the_item_names_before_what_is_called_alike(self):
        assert sources_of("holder", {"name", "buyer"}, {"holder": "buyer"}) == ["buyer"]
        assert sources_of("holder", {"name"}, {"holder": ["buyer", "=本人"]}) == ["=本人"]
        assert sources_of("holder", {"name"}, {"holder": "buyer"}) == ["name"]

    def test_leaves_to_the_officer_what_the_item_says_to_leave(self):
        assert sources_of("kind", {"kind"}, {"kind": []}) == []
        assert missing_lines(["kind", "station"], {"kind"}, {"kind": []}, sure={"kind"}) == ["kind"]

    def test_counts_only_on_what_a_complete_form_gives(self):
        fields = {"stall", "place"}
        assert missing_lines(["stall"], fields, {"stall": ["stall", "place"]}, sure={"place"}) == []
        assert missing_lines(["stall"], fields, {"stall": "stall"}, sure={"place"}) == ["stall"]


class TestNewCitizenNumber:
    @given(birth=st.dates(date(1990, 1, 1), date(2026, 3, 1)), is_male=st.booleans(), serial=st.integers(0, 10**9))
    def test_is_a_right_number_of_that_day_and_sex(self, birth, is_male, serial):
        number = parse_id_number(
            new_citizen_number("440304", birth, is_male=is_male, serial=serial), today=date(2026, 3, 2)
        )
        assert (number.birth_date, number.is_female, number.holder) == (birth, not is_male, "citizen")


@pytest.mark.django_db
class TestEarlierLicences:
    """In a theme, what one department's licence says the next need not be told."""

    @pytest.fixture
    def fang(self, town: None, monkeypatch: pytest.MonkeyPatch) -> Actor:
        known = register(birth_date=date(1990, 3, 7), resident_since_date=date(2020, 1, 1))
        monkeypatch.setattr(deciding, "register_facts", lambda _party: known)
        return resident()

    def receipt(self, fang: Actor) -> tuple[str, str]:
        while decide_waiting(NOW):
            pass
        (found,) = (one for one in list_my_licences(fang, now=NOW).licences if one.type == "signboard_receipt")
        return next((line.value, line.source) for line in found.fields if line.code == "stall")

    def test_fill_lines_of_later_ones_and_are_named(self, fang):
        submitted(fang, filled(fang, kind="theme", code="stall"), "stall.licence", "stall.signboard")
        text, source = self.receipt(fang)
        (permit,) = (one for one in list_my_licences(fang, now=NOW).licences if one.type == "stall_licence")
        assert (text, source) == ("甲 3 号", f"一件事里已签发的证照 {permit.number}")

    def test_are_not_those_of_another_application(self, fang):
        submitted(fang, filled(fang))
        submitted(fang, filled(fang, code="stall.signboard", stall="乙 1 号"))
        assert self.receipt(fang) == ("乙 1 号", "申请表“想要的摊位”")
