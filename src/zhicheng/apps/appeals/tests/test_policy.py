"""Pure decisions on an invented city: no database, no clock."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.appeals.errors import ItemUnknown
from zhicheng.apps.appeals.policy import (
    Directory,
    Question,
    ResponsibilityList,
    Taxonomy,
    arbiter_unit,
    decide,
    resolve,
    triage_unit,
)
from zhicheng.apps.appeals.policy.dispatch import URGENT_LIMIT, limit_of
from zhicheng.apps.appeals.policy.levels import compute_levels
from zhicheng.apps.appeals.policy.wording import is_garbled, text_faults
from zhicheng.apps.appeals.values import Candidate, Item, LevelSpec, Responsibility
from zhicheng.core.parties.values import Unit, UnitTree

CITY, DISTRICT, STREET, COMMUNITY = "440300", "440304", "440304003", "440304003007"
HERE = [(COMMUNITY, "community"), (STREET, "street"), (DISTRICT, "district"), (CITY, "city")]


def row(code: str, label: str, **more):
    parent = code.rpartition(".")[0]
    plain = {"keywords": [], "urgent": False, "limit_days": 5, "limit_source": "示意", "responsible": "", "assist": ""}
    return {**plain, "code": code, "label": label, "parent": parent, "leaf": code.count(".") == 2, **more}


TAXONOMY = Taxonomy(
    [
        row("environment", "市容环境"),
        row("environment.noise", "噪音扰民"),
        row("environment.noise.site", "施工噪音", keywords=["工地", "打桩"], responsible="housing@district"),
        row("environment.noise.dance", "广场舞噪音", keywords=["音响"], responsible="community@community"),
        row("utilities", "公用事业"),
        row("utilities.gas", "燃气"),
        row("utilities.gas.leak", "燃气泄漏", urgent=True, responsible="gas_supply@district"),
        row("utilities.gas.bill", "燃气收费", responsible="unit:CO-OLD"),
        row("utilities.gas.meter", "燃气表", responsible="unit:CO-LOST"),
        row("utilities.gas.stove", "灶具", responsible="stoves@city"),
    ]
)
TREE = UnitTree(
    [
        Unit("SZ", "市政府", "government", None, CITY, "government"),
        Unit("SZ-HOTLINE", "市热线", "center", "SZ", CITY, "hotline"),
        Unit("CO-GAS", "燃气集团", "company", "SZ", CITY, "gas_supply"),
        Unit("CO-OLD", "老燃气公司", "company", "SZ", CITY, "", date(2025, 1, 1), "CO-GAS"),
        Unit("CO-LOST", "撤销的公司", "company", "SZ", CITY, "", date(2025, 1, 1)),
        Unit("FT", "福田区政府", "government", "SZ", DISTRICT, "government"),
        Unit("FT-HOTLINE", "福田热线", "center", "FT", DISTRICT, "hotline"),
        Unit("FT-HOUSING", "福田区住建局", "department", "FT", DISTRICT, "housing"),
        Unit("C7", "福新社区", "community", "FT", COMMUNITY, "community"),
        Unit("NS", "南山区政府", "government", "SZ", "440305", "government"),
        Unit("NS-DATA", "南山数据局", "department", "NS", "440305", "data"),
        Unit("NS-HOTLINE", "南山热线", "center", "NS-DATA", "440305", "hotline"),
        Unit("NS-HOUSING", "南山住建局", "department", "NS", "440305", "housing"),
        Unit("NS-STREET", "粤海街道", "street_office", "NS", "440305007", "street_office"),
    ]
)


def directory(*lines: Responsibility, threshold: float = 0.8) -> Directory:
    return Directory(TAXONOMY, ResponsibilityList(lines), TREE, "SZ-HOTLINE", "SZ", threshold)


def asked(code: str, probability: float = 0.9, divisions=HERE, confirmed: str = "") -> Question:
    return Question([Candidate(code, TAXONOMY.label(code), probability)], divisions, confirmed_item=confirmed)


class TestTaxonomy:
    def test_holds_leaves_with_their_path(self):
        assert len(TAXONOMY) == 6
        assert TAXONOMY.get("environment.noise.site").path == ("市容环境", "噪音扰民", "施工噪音")
        assert "environment.noise" not in TAXONOMY

    def test_says_which_item_it_does_not_know(self):
        with pytest.raises(ItemUnknown, match=r"environment\.moon"):
            TAXONOMY.get("environment.moon")

    def test_lists_what_is_directly_below(self):
        assert TAXONOMY.children("") == ["environment", "utilities"]
        assert TAXONOMY.children("environment.noise") == ["environment.noise.site", "environment.noise.dance"]

    def test_shows_the_code_of_what_it_does_not_know_any_more(self):
        assert TAXONOMY.label("environment.gone") == "environment.gone"

    def test_finds_labels_before_keywords_before_classes(self):
        assert [item.code for item in TAXONOMY.search("施工")] == ["environment.noise.site"]
        assert [item.code for item in TAXONOMY.search("我家楼下工地很吵")] == ["environment.noise.site"]
        assert {item.code for item in TAXONOMY.search("噪音")} == {"environment.noise.site", "environment.noise.dance"}
        assert TAXONOMY.search("  ") == []


class TestResponsibilityList:
    item = TAXONOMY.get("environment.noise.site")
    areas = tuple(code for code, _ in HERE)

    def lead(self, *lines: tuple[str, str, str]) -> str:
        return ResponsibilityList([Responsibility(*line) for line in lines]).find(self.item, self.areas).lead

    def test_prefers_a_nearer_area_even_with_a_wider_pattern(self):
        assert self.lead((self.item.code, CITY, "far"), ("environment.*", STREET, "near")) == "near"

    def test_prefers_the_exact_item_then_the_longer_prefix(self):
        lines = [
            ("environment.*", STREET, "short"),
            ("environment.noise.*", STREET, "long"),
            (self.item.code, STREET, "exact"),
        ]
        assert self.lead(*lines) == "exact"
        assert self.lead(*lines[:2]) == "long"
        assert self.lead(lines[0]) == "short"

    def test_takes_a_line_for_everywhere_last_and_then_the_items_own_rule(self):
        assert self.lead((self.item.code, "", "everywhere"), ("environment.*", CITY, "city")) == "city"
        assert self.lead((self.item.code, "", "everywhere")) == "everywhere"
        assert self.lead(("utilities.*", CITY, "other")) == "housing@district"

    @given(
        st.lists(
            st.tuples(
                st.sampled_from([item.code, "environment.noise.*", "environment.*", "utilities.*"]),
                st.sampled_from([*areas, "", "440305"]),
            ),
            unique=True,
        )
    )
    def test_always_finds_the_line_of_lowest_rank(self, places):
        patterns = [self.item.code, "environment.noise.*", "environment.*"]
        order = [*self.areas, ""]
        known = [place for place in places if place[0] in patterns and place[1] in order]
        best = min(known, key=lambda place: (order.index(place[1]), patterns.index(place[0])), default=None)
        lines = [(pattern, area, f"{pattern}@{area}") for pattern, area in places]
        assert self.lead(*lines) == (f"{best[0]}@{best[1]}" if best else "housing@district")


class TestDecide:
    def test_sends_a_sure_item_to_the_unit_in_charge_with_every_reason(self):
        routing = decide(asked("environment.noise.site"), directory())
        assert (routing.unit, routing.state, routing.item) == ("FT-HOUSING", "assigned", "environment.noise.site")
        assert routing.limit == {"working_days": 5, "source": "示意"}
        assert ["把握 90%" in routing.reasons[0], "职责清单" in routing.reasons[1], "住建局" in routing.reasons[2]] == [
            True
        ] * 3

    def test_asks_a_person_below_the_threshold_and_keeps_the_guess(self):
        routing = decide(asked("environment.noise.site", 0.79), directory())
        assert (routing.unit, routing.state, routing.item) == ("FT-HOTLINE", "", "environment.noise.site")
        assert "低于自动分拨门槛 80%" in routing.reasons[0]

    def test_takes_exactly_the_threshold_as_sure(self):
        assert decide(asked("environment.noise.site", 0.8), directory()).state == "assigned"

    def test_asks_a_person_where_the_place_is_too_vague(self):
        routing = decide(asked("environment.noise.dance", divisions=HERE[2:]), directory())
        assert (routing.unit, routing.state, routing.item) == ("FT-HOTLINE", "", "environment.noise.dance")
        assert "没有精确到社区" in routing.reasons[-1]

    def test_asks_the_citys_people_where_nothing_is_known(self):
        routing = decide(Question([], []), directory())
        assert (routing.unit, routing.state, routing.item) == ("SZ-HOTLINE", "", "")
        assert routing.limit["working_days"] == 5

    def test_ignores_a_candidate_that_is_in_the_taxonomy_no_more(self):
        question = Question([Candidate("gone.gone.gone", "旧", 0.99)], HERE)
        assert decide(question, directory()).item == ""

    def test_believes_a_person_who_confirmed_the_item(self):
        routing = decide(asked("environment.noise.dance", 0.1, confirmed="environment.noise.site"), directory())
        assert (routing.unit, routing.item) == ("FT-HOUSING", "environment.noise.site")
        with pytest.raises(ItemUnknown):
            decide(asked("environment.noise.dance", confirmed="no.such.item"), directory())

    def test_hurries_with_what_is_urgent_even_while_a_person_decides(self):
        sure = decide(asked("utilities.gas.leak"), directory())
        guessed = decide(asked("utilities.gas.leak", 0.3), directory())
        assert (sure.urgent, sure.limit) == (guessed.urgent, guessed.limit) == (True, URGENT_LIMIT)

    def test_names_the_assisting_unit_of_the_line_that_won(self):
        line = Responsibility("environment.*", STREET, "unit:FT", "community@community")
        assert decide(asked("environment.noise.site"), directory(line)).assist == "community@community"


class TestResolve:
    def unit(self, code: str, *lines: Responsibility) -> tuple[str | None, str]:
        unit, reasons = resolve(TAXONOMY.get(code), HERE, directory(*lines))
        return unit, reasons[-1]

    def test_goes_up_the_tree_to_the_first_unit_with_the_function(self):
        assert self.unit("utilities.gas.leak") == ("CO-GAS", "承办单位：燃气集团")

    def test_gives_an_ended_units_work_to_its_successor(self):
        assert self.unit("utilities.gas.bill")[0] == "CO-GAS"

    def test_gives_the_work_of_a_unit_that_nobody_followed_to_the_fallback_unit(self):
        unit, why = self.unit("utilities.gas.meter")
        assert unit == "SZ"
        assert "兜底单位" in why

    def test_gives_what_nobody_does_to_the_fallback_unit(self):
        unit, why = self.unit("utilities.gas.stove")
        assert unit == "SZ"
        assert "兜底单位" in why

    def test_says_in_which_area_an_exception_holds(self):
        line = Responsibility("utilities.gas.leak", STREET, "unit:C7")
        _, reasons = resolve(TAXONOMY.get("utilities.gas.leak"), HERE, directory(line))
        assert reasons == [f"职责清单：「燃气泄漏」由{directory(line).tree.get('C7').name}承办（适用区域 {STREET}）"]


class TestLimitOf:
    def test_is_in_working_days_or_round_the_clock_when_urgent(self):
        assert limit_of(Item("a", "甲", ("甲",), limit_days=3, limit_source="丙")) == {
            "working_days": 3,
            "source": "丙",
        }
        assert limit_of(TAXONOMY.get("utilities.gas.leak")) == URGENT_LIMIT


class TestWhoDecides:
    def test_triage_is_at_the_districts_hotline_where_the_place_is_known(self):
        assert triage_unit(HERE, directory()) == "FT-HOTLINE"
        assert triage_unit([(CITY, "city")], directory()) == "SZ-HOTLINE"
        assert triage_unit([("440306", "district")], directory()) == "SZ-HOTLINE"

    def test_a_district_settles_between_its_own_units_and_the_city_between_others(self):
        assert arbiter_unit("FT-HOUSING", HERE, directory()) == "FT-HOTLINE"
        assert arbiter_unit("FT", HERE, directory()) == "FT-HOTLINE"
        assert arbiter_unit("CO-GAS", HERE, directory()) == "SZ-HOTLINE"
        assert arbiter_unit("FT-HOUSING", [], directory()) == "SZ-HOTLINE"
        assert arbiter_unit("unknown", HERE, directory()) == "SZ-HOTLINE"

    def test_a_district_settles_also_where_its_hotline_belongs_to_one_of_its_departments(self):
        nanshan = [("440305", "district"), (CITY, "city")]
        assert arbiter_unit("NS-HOUSING", nanshan, directory()) == "NS-HOTLINE"
        assert arbiter_unit("NS-STREET", nanshan, directory()) == "NS-HOTLINE"
        assert arbiter_unit("FT-HOUSING", nanshan, directory()) == "SZ-HOTLINE"
        assert arbiter_unit("CO-GAS", nanshan, directory()) == "SZ-HOTLINE"


class TestComputeLevels:
    specs = (LevelSpec("on_time", "按时", 0.9), LevelSpec("wrong", "错分", 0.05, "at_most"))

    def test_gives_shares_and_judges_them_in_their_direction(self):
        on_time, wrong = compute_levels(self.specs, {"on_time": (9, 10), "wrong": (1, 10)})
        assert (on_time.value, on_time.counted, on_time.is_met) == (0.9, 10, True)
        assert (wrong.value, wrong.is_met) == (0.1, False)

    def test_says_nothing_where_nothing_was_counted(self):
        for level in compute_levels(self.specs, {"on_time": (0, 0)}):
            assert (level.value, level.counted, level.is_met) == (None, 0, None)


SAID = "福田区莲花街道景田路的路灯坏了三天，晚上很黑"


class TestWording:
    @pytest.mark.parametrize("mark", ["\u3164", "\u2800", "\uffa0", "\u200d", "\U000e0041", "\ufe0f", "\u0301"])
    def test_of_what_nobody_can_see_is_empty(self, mark):
        assert list(text_faults(mark * 9, mark * 9)) == ["请写下您要反映的事情"]
        assert "多写几个字" in next(text_faults("灯" + mark * 9, "灯" + mark * 9))

    @pytest.mark.parametrize("text", ["？？？？？？？？", "。。。。！！！！", "----------"])
    def test_of_marks_alone_says_nothing(self, text):
        assert "只有标点" in next(text_faults(text, text))

    @pytest.mark.parametrize(
        "text",
        [
            SAID,
            "😡😡😡🔊🌙",
            "👨\u200d👩\u200d👧\u200d👦一家四口被困电梯",
            "𠮷祥里𨋢坏了三天",
            "Straßenlaterne kaputt, größte Mühe für Fußgänger, Ärger",
            "Le réseau à l’égout «é» déborde «à» côté de l’école",
            "مصباح الشارع مكسور منذ ثلاثة أيام",
            "路燈壞了三天，無人處理，請儘快派人維修",
        ],
    )
    def test_of_any_script_is_taken(self, text):
        assert list(text_faults(text, text)) == []

    @pytest.mark.parametrize(
        "garbled",
        [
            SAID.encode().decode("latin-1"),
            SAID.encode().decode("cp1252", "ignore"),
            SAID.encode().decode("gb18030", "replace").replace("\ufffd", ""),
            SAID.encode("gbk").decode("latin-1"),
            SAID.encode("gbk").decode("utf-8", "replace"),
            "路灯锟斤拷锟斤拷三天",
        ],
    )
    def test_read_in_a_wrong_encoding_is_noticed(self, garbled):
        assert is_garbled(garbled)
        assert any("UTF-8" in sentence for sentence in text_faults(garbled, garbled))
