"""Layers that are served: what is here, what is near, and the objects themselves."""

import json
import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from zhicheng.core.lake.public import list_rejections
from zhicheng.core.lake.values import Mode, Reason
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.places.errors import ColumnUnknown, LayerEmpty, LayerHasNoShapes, LayerUnknown
from zhicheng.core.places.gate import building, opening
from zhicheng.core.places.public import keep_layers, open_layer
from zhicheng.core.places.queries.opening import index_root
from zhicheng.core.places.tests.hamlet import FLATS, HOUSES, LANES, NOW, SOUTH, STEP, WELLS, WEST, fill, house

pytestmark = pytest.mark.usefixtures("hamlet")


def keys(code: str, rows: np.ndarray) -> list[str]:
    reader = open_layer(code)
    return sorted(reader.key_of(row) for row in rows.tolist())


def declare_again(hamlet: Path, old: str, new: str) -> None:
    """Install the pack once more, with a word of the layer of houses changed."""
    file = hamlet / "layers" / "house.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    install_pack(hamlet, actor_ref="system:test", now=NOW + timedelta(days=1))
    forget_installed_pack()


class TestFinding:
    def test_gives_what_touches_a_box_page_by_page(self) -> None:
        fill("house", HOUSES)
        reader = open_layer("house")
        box = (WEST, SOUTH, WEST + 2.2 * STEP, SOUTH + 1.2 * STEP)
        whole = reader.in_box(*box, limit=100)
        assert keys("house", whole) == ["H000", "H001", "H002", "H010", "H011", "H012"]
        pages = [reader.in_box(*box, limit=4), reader.in_box(*box, limit=4, after=int(whole[3]))]
        assert np.concatenate(pages).tolist() == whole.tolist() == sorted(whole.tolist())
        assert len(reader.in_box(0, 0, 1, 1, limit=5)) == 0

    def test_gives_the_house_at_a_point(self) -> None:
        fill("house", HOUSES)
        reader = open_layer("house")
        assert keys("house", reader.at_point(WEST + 3.3 * STEP, SOUTH + 2.1 * STEP)) == ["H023"]
        assert len(reader.at_point(WEST + 3.8 * STEP, SOUTH + 2.1 * STEP)) == 0

    @pytest.mark.parametrize(("code", "nearest"), [("well", "W2"), ("lane", "L0")])
    def test_gives_what_is_near_with_metres(self, code: str, nearest: str) -> None:
        fill(code, WELLS if code == "well" else LANES)
        rows, metres = open_layer(code).near(WEST + 2.1 * STEP, SOUTH, 200, 10)
        assert open_layer(code).key_of(int(rows[0])) == nearest
        assert metres.tolist() == sorted(metres.tolist())
        assert metres[-1] <= 200

    def test_gives_what_lies_in_a_shape(self) -> None:
        fill("house", HOUSES)
        triangle = shapely.Polygon([(WEST, SOUTH), (WEST + 2.9 * STEP, SOUTH), (WEST, SOUTH + 2.9 * STEP)])
        reader = open_layer("house")
        touching = keys("house", reader.within(triangle, limit=100))
        inside = keys("house", reader.within(triangle, limit=100, whole=True))
        assert touching == ["H000", "H001", "H002", "H010", "H011", "H020"]
        assert inside == ["H000", "H001", "H010"]
        assert len(reader.within(shapely.Polygon(), limit=9)) == 0

    def test_refuses_a_place_where_there_are_no_shapes(self) -> None:
        fill("flat", FLATS)
        with pytest.raises(LayerHasNoShapes):
            open_layer("flat").in_box(0, 0, 1, 1)


class TestObjects:
    def test_are_ready_features_without_what_is_personal(self) -> None:
        fill("house", HOUSES)
        reader = open_layer("house")
        row = reader.row_of("H042")
        assert row is not None
        feature = json.loads(reader.features([row])[0])
        assert (feature["type"], feature["id"]) == ("Feature", "H042")
        assert feature["properties"]["height_m"] == 45.0
        assert feature["properties"]["seen_at"] == "2026-03-04T02:00:00Z"
        assert "owner" not in feature["properties"]
        assert shapely.from_geojson(json.dumps(feature["geometry"])).equals(shapely.from_wkb(HOUSES[42]["geometry"]))

    def test_leave_out_what_became_personal_before_the_index_is_built_again(self, hamlet: Path) -> None:
        fill("house", HOUSES)
        declare_again(hamlet, "label: 用途", "personal: true, label: 用途")
        row = open_layer("house").row_of("H042")
        feature = json.loads(open_layer("house").features([row])[0])
        assert "use" not in feature["properties"]
        assert shapely.from_geojson(json.dumps(feature["geometry"])).equals(shapely.from_wkb(HOUSES[42]["geometry"]))
        assert (keep_layers(NOW), keep_layers(NOW)) == (1, 0)
        assert b'"use"' not in open_layer("house").features([row])[0]

    def test_are_gone_where_the_table_has_not_the_key_that_is_declared_now(self, hamlet: Path) -> None:
        fill("house", HOUSES)
        fill("well", WELLS)
        declare_again(hamlet, "house_key", "number_key")
        assert keep_layers(NOW) == 0
        with pytest.raises(LayerEmpty):
            open_layer("house")
        assert open_layer("well").count == len(WELLS)

    @pytest.mark.parametrize(("code", "rows", "key"), [("house", HOUSES, "H042"), ("flat", FLATS, "H042-1")])
    def test_are_found_by_their_key(self, code: str, rows: list, key: str) -> None:
        fill(code, rows)
        reader = open_layer(code)
        row = reader.row_of(key)
        assert row is not None
        assert reader.key_of(row) == key
        assert reader.row_of("nobody") is None
        assert reader.count == len(rows)

    def test_without_shapes_are_features_too(self) -> None:
        fill("flat", FLATS)
        reader = open_layer("flat")
        feature = json.loads(reader.features(np.array([reader.row_of("H001-2")]))[0])
        assert feature == {
            "type": "Feature",
            "id": "H001-2",
            "geometry": None,
            "properties": {"flat_key": "H001-2", "house_key": "H001", "area_m2": 52.0},
        }

    def test_are_read_in_the_order_asked_for(self) -> None:
        fill("house", HOUSES)
        reader = open_layer("house")
        rows = [reader.row_of(key) or 0 for key in ("H099", "H003", "H050")]
        assert reader.table(rows, ["height_m"]).column(0).to_pylist() == [102.0, 6.0, 53.0]
        assert sorted(reader.column("house_key").to_pylist()) == [row["house_key"] for row in HOUSES]
        with pytest.raises(ColumnUnknown):
            reader.table(rows, ["colour"])

    @pytest.mark.parametrize("code", ["house", "well", "lane"])
    def test_keep_their_shape(self, code: str) -> None:
        fill(code, {"house": HOUSES, "well": WELLS, "lane": LANES}[code])
        reader = open_layer(code)
        rows = np.arange(reader.count)
        features = [json.loads(text)["geometry"] for text in reader.features(rows)]
        assert shapely.equals(reader.shapes(rows), shapely.from_geojson([json.dumps(f) for f in features])).all()

    def test_of_several_parts_stay_whole(self) -> None:
        ring = shapely.box(WEST, SOUTH, WEST + 4 * STEP, SOUTH + 4 * STEP)
        court = ring.difference(shapely.box(WEST + STEP, SOUTH + STEP, WEST + 2 * STEP, SOUTH + 2 * STEP))
        island = shapely.box(WEST + 6 * STEP, SOUTH, WEST + 7 * STEP, SOUTH + STEP)
        both = shapely.MultiPolygon([court, island])
        fill("house", [house(1, geometry=shapely.to_wkb(both)), house(55)])
        reader = open_layer("house")
        row = reader.row_of("H001") or 0
        assert reader.shapes(np.array([row]))[0].equals(both)
        assert keys("house", reader.at_point(WEST + 6.5 * STEP, SOUTH + 0.5 * STEP)) == ["H001"]
        assert len(reader.at_point(WEST + 1.5 * STEP, SOUTH + 1.5 * STEP)) == 0


class TestLinks:
    def test_lead_to_what_belongs_to_an_object_page_by_page(self) -> None:
        fill("flat", FLATS)
        reader = open_layer("flat")
        first = reader.rows_linked("house_key", "H007", limit=2)
        rest = reader.rows_linked("house_key", "H007", after=int(first[-1]))
        assert keys("flat", first) + keys("flat", rest) == ["H007-0", "H007-1", "H007-2"]
        with pytest.raises(ColumnUnknown):
            reader.rows_linked("area_m2", "50")


class TestNames:
    def test_are_found_by_beginning_initials_and_parts(self) -> None:
        fill("house", [*HOUSES[:3], house(50, name="深圳湾小学"), house(51, name="深圳湾小学")])
        names = open_layer("house").names
        assert names is not None
        assert len(names) == 4
        for found in (names.starting("深圳", 5), names.with_initials("szwx", 5), names.containing("湾小", 5)):
            assert [names.name(number) for number in found] == ["深圳湾小学"]
        assert names.count(found[0]) == len(names.rows(found[0], 10)) == 2
        assert names.exact("深圳湾") is None
        assert names.name(names.exact("柳林1号") or 0) == "柳林1号"


class TestVersions:
    def test_appear_when_they_are_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fill("house", HOUSES[:10])
        old = open_layer("house")
        fill("house", [house(70)], mode=Mode.APPEND, now=NOW + timedelta(hours=1))
        assert (open_layer("house").count, open_layer("house").version.version) == (11, 1)
        assert open_layer("house", 0).count == old.count == 10
        assert old.row_of("H070") is None
        with pytest.raises(LayerEmpty):
            open_layer("house", 7)

    def test_are_noticed_by_other_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fill("house", HOUSES[:10])
        held = open_layer("house")
        monkeypatch.setattr("zhicheng.core.places.operations.layers.forget_readers", lambda: None)
        fill("house", HOUSES[:20], now=NOW + timedelta(hours=1))
        assert open_layer("house") is held
        monkeypatch.setattr(opening, "RECHECK_S", 0.0)
        assert open_layer("house").count == 20

    def test_that_are_gone_are_a_clean_error(self, monkeypatch: pytest.MonkeyPatch, settings) -> None:
        fill("house", HOUSES[:10])
        held = open_layer("house")
        table = settings.HOME / "lake" / "layer_house"
        table.rename(settings.HOME / "away")
        keep_layers(NOW)
        monkeypatch.setattr(opening, "RECHECK_S", 0.0)
        with pytest.raises(LayerEmpty, match="house"):
            open_layer("house")
        assert len(held.in_box(WEST, SOUTH, WEST + 1, SOUTH + 1)) == 10

    def test_are_built_by_the_worker_where_nobody_did(self, settings) -> None:
        fill("house", HOUSES[:10])
        (index_root("house") / "current").unlink()
        opening.forget_readers()
        assert keep_layers(NOW) == 1
        assert open_layer("house").count == 10
        assert keep_layers(NOW) == 0

    def test_are_built_in_several_buckets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(building, "BUCKET_ROWS", 7)
        fill("house", HOUSES)
        reader = open_layer("house")
        for number in (0, 33, 99):
            x, y = WEST + (number % 10 + 0.3) * STEP, SOUTH + (number // 10 + 0.3) * STEP
            assert keys("house", reader.at_point(x, y)) == [f"H{number:03d}"]
            assert json.loads(reader.features(reader.at_point(x, y))[0])["properties"]["height_m"] == 3.0 + number

    def test_may_be_empty(self) -> None:
        fill("house", [house(1, geometry="broken")])
        reader = open_layer("house")
        assert (reader.count, reader.bounds()) == (0, None)
        assert len(reader.in_box(0, 0, 180, 90)) == len(reader.at_point(WEST, SOUTH)) == 0

    def test_need_a_declaration(self) -> None:
        with pytest.raises(LayerUnknown):
            open_layer("castle")
        with pytest.raises(LayerEmpty):
            open_layer("house")


class TestInstalling:
    def test_lists_rows_that_do_not_fit(self) -> None:
        report = fill("house", [house(1), house(1), house(2, use="palace"), house(3, geometry=None)])
        assert (report.read, report.accepted) == (4, 1)
        reasons = {found.row: found.reason for found in list_rejections(report.id)}
        assert reasons == {2: Reason.DUPLICATE_KEY, 3: Reason.UNKNOWN_CODE, 4: Reason.MISSING}

    def test_takes_batches(self) -> None:
        table = pa.Table.from_pylist(WELLS)
        assert fill("well", table.to_pylist()).accepted == 5


class TestSweeping:
    def test_takes_replaced_indexes_after_a_while(self, settings) -> None:
        fill("house", HOUSES[:10])
        fill("house", HOUSES[:20], now=NOW + timedelta(hours=1))
        root = index_root("house")
        keep_layers(NOW)
        assert open_layer("house", 0).count == 10
        replaced = next(root.glob("0-*"))
        os.utime(replaced, (0, 0))
        keep_layers(NOW)
        opening.forget_readers()
        with pytest.raises(LayerEmpty):
            open_layer("house", 0)
        assert open_layer("house").count == 20

    def test_leaves_layers_alone_that_were_never_filled(self) -> None:
        assert keep_layers(NOW) == 0
        assert not index_root("house").exists()
