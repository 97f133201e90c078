from copy import deepcopy

import pytest

from zhicheng.engines.statetable.checking import check_process, reachable_states
from zhicheng.engines.statetable.definition import parse_process
from zhicheng.engines.statetable.tests.pack import pack_process
from zhicheng.engines.statetable.tests.tables import KETTLE_BODY

PERMISSIONS = {"cook"}


def changed(*path_and_value):
    """The kettle with one thing changed: the keys down to it, then the value."""
    body = deepcopy(KETTLE_BODY)
    *path, last, value = path_and_value
    place = body
    for key in path:
        place = place[key]
    place[last] = value
    return body


def faults(body, **known):
    known = {"permissions": PERMISSIONS, "processes": {"kettle"}} | known
    return [(problem.code, problem.path) for problem in check_process(parse_process(body), **known)]


class TestCheckProcess:
    @pytest.mark.parametrize("code", ["appeal", "assist", "application", "theme", "co_review"])
    def test_finds_nothing_in_the_processes_of_the_pack(self, code):
        assert check_process(pack_process(code), processes={"appeal", "assist", "co_review"}) == []

    def test_finds_nothing_in_a_sound_process(self):
        assert faults(KETTLE_BODY) == []

    def test_reaches_the_states_that_a_case_may_begin_in(self):
        body = changed("states", "frozen", {})
        body["actions"]["pour"]["from"] = ["hot", "frozen"]
        assert faults(body) == [("unreachable_state", "states.frozen")]
        assert faults({**body, "may_begin": ["frozen"]}) == []

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (("initial", "warm"), ("unknown_state", "initial")),
            (("may_begin", ["warm"]), ("unknown_state", "may_begin")),
            (("states", "poured", {}), ("no_final_state", "states")),
            (("states", "lost", {"final": True}), ("unreachable_state", "states.lost")),
            (("actions", "pour", "to", "hot"), ("unreachable_state", "states.poured")),
            (("actions", "pour", "from", ["warm"]), ("unknown_state", "actions.pour.from")),
            (("actions", "pour", "from", ["hot", "poured"]), ("leaves_final", "actions.pour.from")),
            (("actions", "pour", "to", "warm"), ("unknown_state", "actions.pour.to")),
            (
                ("actions", "pour", "to", [{"state": "poured", "when": [{"fact": "a", "is": 1}]}]),
                ("no_default_branch", "actions.pour.to"),
            ),
            (("actions", "pour", "who", ["kook"]), ("unknown_permission", "actions.pour.who")),
            (("actions", "pour", "who", []), ("nobody", "actions.pour.who")),
            (("actions", "pour", "clocks", [{"meet": "col"}]), ("unknown_clock", "actions.pour.clocks")),
            (("actions", "pour", "clocks", [{"start": "*"}]), ("unknown_clock", "actions.pour.clocks")),
            (("actions", "longer", "clocks", [{"extend": "boil"}]), ("no_days", "actions.longer.clocks")),
            (
                ("actions", "pour", "opens", [{"process": "cup", "unit": "A"}]),
                ("unknown_process", "actions.pour.opens"),
            ),
            (("actions", "pour", "sets", {"a": "$inputs.x"}), ("bad_expression", "actions.pour")),
            (("actions", "pour", "assign", "$case.owner"), ("bad_expression", "actions.pour")),
            (("actions", "pour", "assign", "$facts"), ("bad_expression", "actions.pour")),
            (("actions", "pour", "sets", {"a": "$input.cups"}), ("unknown_input", "actions.pour")),
            (("actions", "pour", "guards", [{"fact": "$input.cups", "is": 1}]), ("unknown_input", "actions.pour")),
            (("actions", "longer", "fields", 0, "type", "int"), ("unknown_field_type", "actions.longer.fields.0")),
            (("actions", "longer", "fields", 0, "type", "choice"), ("no_choices", "actions.longer.fields.0")),
            (("actions", "longer", "fields", 0, "minimum", 9), ("impossible_limits", "actions.longer.fields.0")),
            (("actions", "longer", "fields", 0, "min_length", 9999), ("impossible_limits", "actions.longer.fields.0")),
            (("clocks", "boil", "stages", [0.9, 0.7, 1.0]), ("bad_stages", "clocks.boil.stages")),
            (("clocks", "boil", "stages", [0, 1.0]), ("bad_stages", "clocks.boil.stages")),
            (("clocks", "boil", "stages", [0.5]), ("no_overdue_stage", "clocks.boil.stages")),
            (("clocks", "boil", "then", "explode"), ("unknown_action", "clocks.boil.then")),
            (("clocks", "boil", "then", "pour"), ("unknown_action", "clocks.boil.then")),
            (("clocks", "cool", "limit", {"weeks": 1}), ("bad_limit", "clocks.cool.limit")),
            (("clocks", "cool", "limit", "facts.limit"), ("bad_limit", "clocks.cool.limit")),
            (("clocks", "cool", "limit", {"until": "facts.day"}), ("bad_limit", "clocks.cool.limit")),
            (("opening", [{"start": "bol"}]), ("unknown_clock", "opening.clocks")),
            (
                ("queues", [{"code": "q", "label": "q", "states": ["warm"], "permission": "cook"}]),
                ("unknown_state", "queues"),
            ),
            (
                ("queues", [{"code": "q", "label": "q", "states": ["hot"], "permission": "kook"}]),
                ("unknown_permission", "queues"),
            ),
        ],
    )
    def test_finds_each_fault_where_it_stands(self, change, fault):
        assert fault in faults(changed(*change))

    def test_finds_a_state_without_a_way_out(self):
        body = changed("actions", "whistle", "to", "poured")
        assert {("unreachable_state", "states.hot")} <= set(faults(body))
        body = changed("actions", "pour", "to", "same")
        body["actions"]["give_up"]["to"] = "same"
        assert ("dead_end", "states.hot") in faults(body)

    def test_finds_a_field_written_twice(self):
        field = {"code": "days", "label": "天数", "type": "integer"}
        assert ("duplicate_field", "actions.longer.fields.1") in faults(
            changed("actions", "longer", "fields", [field, field])
        )

    def test_says_what_to_do(self):
        for problem in check_process(parse_process(changed("initial", "warm"))):
            assert problem.message
            assert problem.hint

    def test_reaches_what_any_open_state_leads_to(self):
        body = changed("actions", "pour", "from", ["*"])
        assert reachable_states(parse_process(body)) == {"cold", "hot", "poured"}


class TestParseProcess:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (("actions", "pour", {"from": ["hot"], "who": ["cook"]}), "流程：动作 pour：缺少 label"),
            (("actions", "pour", "from", "hot"), "流程：动作 pour：结构不对（from 要写成列表）"),
            (("actions", "pour", "who", "cook"), "流程：动作 pour：结构不对（who 要写成列表）"),
            (("actions", "pour", "colour", "red"), "流程：动作 pour：有不认识的键：colour"),
            (("actions", "pour", "to", []), "流程：动作 pour：to 至少要有一个终点"),
            (("actions", "longer", "fields", [{"code": "x"}]), "流程：动作 longer：fields 第 1 项：缺少 label"),
            (("actions", "pour", "clocks", [{"meet": "cool"}, {"boil": "x"}]), "流程：动作 pour：clocks 第 2 项："),
            (("actions", "pour", "guards", [{"fact": "a", "is": 1, "in": []}]), "流程：动作 pour：条件 第 1 项："),
            (("actions", "pour", None), "流程：动作 pour：结构不对"),
            (("actions", []), "流程：结构不对"),
            (("clocks", "boil", {"label": "烧"}), "流程：时钟 boil：缺少 limit"),
            (("clocks", "boil", "stages", ["半"]), "流程：时钟 boil："),
            (("states", "hot", "热"), "流程：状态 hot：结构不对"),
            (
                ("queues", [{"code": "q", "label": "q", "states": "hot", "permission": "p"}]),
                "流程：queues 第 1 项：结构不对",
            ),
            (("opening", {"start": "boil"}), "流程：结构不对（opening 要写成列表）"),
        ],
    )
    def test_names_the_place_of_a_fault(self, change, said):
        with pytest.raises(ValueError, match="流程") as refused:
            parse_process(changed(*change))
        assert str(refused.value).startswith(said)

    @pytest.mark.parametrize("missing", ["code", "label", "initial", "states", "actions"])
    def test_needs_its_main_parts(self, missing):
        body = {key: value for key, value in KETTLE_BODY.items() if key != missing}
        with pytest.raises(ValueError, match=f"流程：缺少 {missing}"):
            parse_process(body)

    @pytest.mark.parametrize("body", [[], "", None, 7])
    def test_refuses_what_is_no_mapping(self, body):
        with pytest.raises(ValueError, match="流程：结构不对"):
            parse_process(body)
