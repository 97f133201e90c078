"""Cities without all four levels: a county-level city of streets, and one that has no communities either."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.packs.test_install import TINYTOWN, edit, install
from zhicheng.apps.appeals.public import get_taxonomy, submit_appeal, train_from_pack
from zhicheng.apps.appeals.queries.understanding import levels_of
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.cases.models import Case
from zhicheng.core.cases.public import area_loads, get_row
from zhicheng.core.packs.public import check_pack, forget_installed_pack, run_pack_tests
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind, Grant, system_actor
from zhicheng.core.places.public import forget_known, locate_address, locate_point

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EAST = (110.07, 25.05)
LEADER = Actor(ActorKind.OFFICIAL, grants=(Grant("leader", "YX", frozenset({"cases.read_subtree"}), subtree=True),))


def write_city(root: Path, *, communities: bool) -> Path:
    """云溪 without districts: its street lies directly below the city, and is responsible for noise."""
    town = Path(shutil.copytree(TINYTOWN, root / "town"))
    lines = ["code,name,level,parent,note", "990100,云溪市,city,,虚构", "990101001,溪畔街道,street,990100,虚构"]
    if communities:
        lines += [f"99010100100{n},{name}社区,community,990101001,虚构" for n, name in ((1, "东桥"), (2, "西岭"))]
    else:
        (town / "areas" / "communities.geojson").unlink()
        edit(town / "responsibilities.csv", "990101001002", "990101001")
        edit(town / "tests" / "dispatch.yaml", '["990101001001", "990101001"', '["990101001"')
        edit(town / "tests" / "dispatch.yaml", '["990101001002", "990101001"', '["990101001"')
        edit(town / "tests" / "dispatch.yaml", "expect: YX-WORKS", "expect: YX")
    edit(town / "tests" / "dispatch.yaml", ', "990101", ', ", ")
    edit(town / "lake" / "population" / "figures.yaml", '{"990101": 1}', '{"990100": 1}')
    (town / "divisions.csv").write_text("\n".join(lines) + "\n")
    (town / "areas" / "districts.geojson").unlink()
    shutil.rmtree(town / "layers" / "city")  # a simulated city is made of districts and communities
    (town / "taxonomy.csv").write_text(
        (town / "taxonomy.csv").read_text().replace("urban_management@city", "urban_management@district")
    )
    return town


@pytest.fixture(params=[True, False], ids=["with communities", "without communities"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    forget_installed_pack()
    yield write_city(tmp_path, communities=request.param)
    forget_installed_pack()
    forget_unit_tree()
    forget_known()


class TestFlatCity:
    def test_is_a_good_pack(self, city: Path):
        assert check_pack(city) == []
        assert run_pack_tests(city)[1] == []

    def test_locates_by_point_and_by_words(self, city: Path):
        install(city)
        place = locate_point(*EAST)
        assert place.divisions[-2:] == ("990101001", "990100")
        assert place.grid.startswith(place.divisions[0])
        assert levels_of(place)[-2:] == [("990100", "district"), ("990100", "city")]
        named = locate_address("溪畔街道云溪东桥边上")
        assert named is not None
        assert "990101001" in named.divisions

    def test_dispatches_to_the_next_wider_unit_there_is(self, city: Path):
        install(city)
        train_from_pack(NOW)
        item = "environment.waste.overflow"
        assert get_taxonomy().get(item).responsible == "urban_management@district"
        draft = AppealDraft("垃圾桶满了没人收", longitude=EAST[0], latitude=EAST[1], confirmed_item=item)
        done = submit_appeal(draft, actor=system_actor("test"), now=NOW)
        assert (done.unit, get_row(done.case_id).state) == ("YX-WORKS", "assigned")
        assert Case.objects.get(pk=done.case_id).area.startswith("990100/990101001")
        assert area_loads(LEADER, "street", NOW) == [{"division": "990101001", "open": 1, "late": 0}]
        assert area_loads(LEADER, "district", NOW) == []

    def test_may_not_have_streets_beside_districts(self, city: Path):
        with (city / "divisions.csv").open("a") as file:
            file.write("990102,东区,district,990100,虚构\n")
        faults = [fault for fault in check_pack(city) if fault.code == "divisions.level"]
        assert [(fault.file, fault.line) for fault in faults] == [("divisions.csv", 3)]
        assert "parent" in faults[0].hint
