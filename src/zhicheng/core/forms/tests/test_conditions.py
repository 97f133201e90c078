"""What the answers hide, and whom they ask for which material."""

from zhicheng.core.forms.policy.conditions import conditioned, is_needed
from zhicheng.core.forms.policy.parsing import parse_form
from zhicheng.core.forms.values import Condition, MaterialNeed

BODY = {
    "schema": {
        "type": "object",
        "x-sections": [{"code": "talent", "label": "人才", "fields": ["category"]}],
        "properties": {"category": {"type": "string", "x-label": "按哪一类申请"}},
    },
    "materials": [{"code": "degree", "when": {"field": "category", "is": "education"}}, {"code": "id_card"}],
}
FORM = parse_form("hash", "talent", "人才引进申请", BODY)


class TestConditioned:
    def test_asks_for_what_an_item_needs_under_the_condition_of_the_form(self):
        (need,) = conditioned([MaterialNeed("degree", note="原件")], FORM)
        assert (need.required, need.note) == (True, "原件")
        assert is_needed(need, FORM, {"category": "education"})
        assert not is_needed(need, FORM, {"category": "skill"})

    def test_leaves_alone_what_the_form_asks_everybody_for_or_does_not_know(self):
        needs = [MaterialNeed("id_card"), MaterialNeed("photo")]
        assert conditioned(needs, FORM) == needs

    def test_leaves_alone_what_has_a_condition_of_its_own(self):
        own = MaterialNeed("degree", when=Condition("category", ("study_abroad",)))
        assert conditioned([own], FORM) == [own]
