"""Finding places by what people call them."""

import pytest

from zhicheng.core.places.policy.asking import Wording
from zhicheng.core.places.public import Point, get_layer, search_places, suggest_places
from zhicheng.core.places.queries import searching
from zhicheng.core.places.tests.hamlet import HOUSES, LANES, SOUTH, STEP, WELLS, WEST, fill, house
from zhicheng.core.places.values import Comparison, Condition

pytestmark = pytest.mark.usefixtures("hamlet")
AREAS = [("上街", "street", "990200001"), ("下街", "street", "990200002")]


@pytest.fixture
def village(hamlet: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Houses, wells and lanes; two streets that have names."""
    fill("house", [*HOUSES[:90], house(91, name="柳林小学"), house(92, name="东柳林小学"), house(93, name="柳林小学")])
    fill("well", WELLS)
    fill("lane", LANES)
    wording = Wording([get_layer(code) for code in ("house", "well", "lane")], AREAS)
    monkeypatch.setattr(searching, "_wording", lambda _layers: wording)


class TestWording:
    @pytest.mark.parametrize(
        ("text", "areas", "conditions", "name"),
        [
            ("上街的房子", ["990200001"], {"house": ()}, ""),
            ("下街铺子", ["990200002"], {"house": (Condition("use", Comparison.EQUALS, "shop"),)}, ""),
            ("20米以上的房子", [], {"house": (Condition("height_m", Comparison.AT_LEAST, 20.0),)}, ""),
            ("高于20米 房子", [], {"house": (Condition("height_m", Comparison.ABOVE, 20.0),)}, ""),
            ("柳林小学", [], {}, "柳林小学"),
            ("上街的井", ["990200001"], {"well": ()}, ""),
            ("老井", [], {}, "老井"),
            ("上街 柳林", ["990200001"], {}, "柳林"),
            ("柳林20米", [], {}, "柳林20米"),
            ("", [], {}, ""),
        ],
    )
    def test_takes_a_text_apart(self, village: None, text: str, areas: list, conditions: dict, name: str) -> None:
        asked = searching._wording(()).read(text)
        assert ([code for _, code in asked.areas], dict(asked.layers), asked.name) == (areas, conditions, name)


class TestSearch:
    def test_finds_a_name_first_exactly_then_in_part(self, village: None) -> None:
        hits = search_places("柳林小学")
        assert [(hit.title, hit.score) for hit in hits] == [("柳林小学", 1.0), ("柳林小学", 1.0), ("东柳林小学", 0.7)]
        assert hits[0].point is not None

    def test_finds_a_kind_of_thing_in_an_area(self, village: None) -> None:
        assert {hit.key for hit in search_places("上街的铺子")} == {"H000", "H010", "H020", "H030", "H040"}
        assert [hit.layer for hit in search_places("下街 小学")] == ["house"] * 3

    def test_puts_the_nearer_first(self, village: None) -> None:
        hits = search_places("铺子", near=Point(WEST, SOUTH + 3.2 * STEP), limit=3)
        assert [hit.key for hit in hits] == ["H030", "H020", "H040"]
        assert hits[0].metres is not None
        assert hits[0].metres < hits[1].metres < hits[2].metres

    def test_combines_a_number_with_a_kind(self, village: None) -> None:
        assert {hit.key for hit in search_places("60米以上的铺子")} == {"H060", "H070", "H080"}

    def test_keeps_to_the_layers_that_one_may_see(self, village: None) -> None:
        assert search_places("柳林小学", layers=["well"]) == []
        assert search_places("  ") == search_places("没有这样的地方") == []


class TestSuggest:
    @pytest.mark.parametrize("typed", ["杨柳3", "yl3", "柳3巷"])
    def test_goes_on_by_beginning_initials_and_part(self, village: None, typed: str) -> None:
        assert "杨柳3巷" in [hit.title for hit in suggest_places(typed)]

    def test_says_a_name_once_that_several_bear(self, village: None) -> None:
        hit = next(hit for hit in suggest_places("柳林小") if hit.title == "柳林小学")
        assert (hit.key, hit.detail, hit.point) == ("", "房屋，2 处", None)

    def test_gives_no_more_than_asked_for(self, village: None) -> None:
        assert len(suggest_places("柳", limit=4)) == 4
        assert suggest_places("") == []
