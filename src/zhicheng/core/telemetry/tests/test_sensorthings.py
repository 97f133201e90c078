"""SensorThings: what is made can be found, filtered, expanded, changed and deleted."""

import pytest

from zhicheng.core.parties.values import Actor, ActorKind, Grant
from zhicheng.core.telemetry.errors import (
    DevicesForbidden,
    DocumentRefused,
    EntityUnknown,
    FilterUnreadable,
    OptionRefused,
    PathUnknown,
    SensingForbidden,
    SensingUnauthenticated,
)
from zhicheng.core.telemetry.models import Thing
from zhicheng.core.telemetry.tests.devices import install_town, registered
from zhicheng.core.telemetry.tests.sensing import BASE, NOBODY, NOW, PLATFORM, POINT, ZHOU, City, place, stream, thing
from zhicheng.kit.ids import uuid7


def _noisy(city: City, *values: float) -> tuple[int, int]:
    """A thing with one stream and some readings a minute apart."""
    made = city.post("Things", thing(Locations=[place()], Datastreams=[stream()]))
    datastream = city.get(f"Things({made})/Datastreams")["value"][0]["@iot.id"]
    for minute, value in enumerate(values):
        body = {"phenomenonTime": f"2026-03-02T01:{minute:02}:00Z", "result": value}
        city.post(f"Datastreams({datastream})/Observations", body)
    city.collect()
    return made, datastream


class TestMaking:
    def test_a_thing_with_everything_inside(self, city):
        made = city.post("Things", thing(Locations=[place()], Datastreams=[stream(), stream("风速")]))
        found = city.get(f"Things({made})?$expand=Locations,Datastreams($expand=Sensor,ObservedProperty)")
        assert found["Locations"][0]["location"] == POINT
        assert [each["name"] for each in found["Datastreams"]] == ["噪声", "风速"]
        assert found["Datastreams"][0]["Sensor"]["name"] == "声级计"
        assert found["@iot.selfLink"] == f"{BASE}/Things({made})"

    def test_under_another_entity_links_to_it(self, city):
        made = city.post("Things", thing())
        datastream = city.post(f"Things({made})/Datastreams", stream())
        assert city.get(f"Datastreams({datastream})/Thing")["@iot.id"] == made

    def test_with_references_to_what_exists(self, city):
        made = city.post("Things", thing())
        body = stream(Thing={"@iot.id": made}, Sensor={"@iot.id": city.post("Sensors", stream()["Sensor"])})
        assert city.get(f"Datastreams({city.post('Datastreams', body)})/Sensor")["name"] == "声级计"

    def test_a_place_is_remembered_when_the_thing_moves(self, city):
        made = city.post("Things", thing(Locations=[place()]))
        city.post(f"Things({made})/Locations", place("福田口岸", {"type": "Point", "coordinates": [114.07, 22.52]}))
        assert city.names(f"Things({made})/Locations") == ["福田口岸"]
        assert len(city.get(f"Things({made})/HistoricalLocations")["value"]) == 2

    @pytest.mark.parametrize(
        "body",
        [
            {"description": "没有名称"},
            thing(colour="红"),
            thing(Datastreams=[{"name": "不完整"}]),
            thing(properties="不是对象"),
            [],
            thing(Locations=[place(point={"type": "Point", "coordinates": [22.55, 114.05]})]),
        ],
    )
    def test_is_refused_where_the_document_is_wrong(self, city, body):
        with pytest.raises(DocumentRefused):
            city.post("Things", body)
        assert city.get("Things?$count=true")["@iot.count"] == 0

    def test_needs_the_permission(self, db):
        with pytest.raises(SensingUnauthenticated):
            City(NOBODY).post("Things", thing())
        with pytest.raises(SensingForbidden):
            City(ZHOU).post("Things", thing())

    def test_is_not_for_who_only_sends_observations(self, city):
        _, datastream = _noisy(city, 51)
        platform = City(PLATFORM)
        platform.post(f"Datastreams({datastream})/Observations", {"result": 50})
        hidden = {"result": 50, "Datastream": stream(Thing=thing())}
        with pytest.raises(DevicesForbidden):
            platform.post("Observations", hidden)
        kept = city.get(f"Datastreams({datastream})/Observations")["value"][0]["@iot.id"]
        with pytest.raises(SensingForbidden):
            platform.ask("DELETE", f"Observations('{kept}')")
        assert city.get("Things?$count=true")["@iot.count"] == 1

    def test_is_seen_by_whom_its_model_says(self, db):
        install_town()
        everywhere = Grant("devices", "YX", frozenset({"devices.manage", "devices.view"}), subtree=True)
        city = City(Actor(ActorKind.OFFICIAL, account_id=uuid7(NOW), grants=(everywhere,)))
        anybody = City(Actor(ActorKind.RESIDENT, account_id=uuid7(NOW)))
        for model, seen in (("smoke_detector", []), ("noise_monitor", ["噪声"])):
            made = thing(model, properties={"model": model}, Locations=[place(model)], Datastreams=[stream()])
            key = city.post("Things", made)
            assert city.names(f"Things({key})/Datastreams") == ["噪声"]
            assert anybody.names(f"Datastreams?$filter=Thing/id eq {key}") == seen
            assert anybody.names(f"Locations?$filter=name eq '{model}'") == ([model] if seen else [])
        assert anybody.names("Things") == ["noise_monitor"]

    def test_stays_within_the_units_whose_devices_one_manages(self, city):
        install_town()
        registered("N1")
        made = Thing.objects.get(key="N1").pk
        grant = Grant("devices", "YX-WATER", frozenset({"devices.manage"}))
        water = City(Actor(ActorKind.OFFICIAL, account_id=uuid7(NOW), grants=(grant,)))
        place_of_it = city.get(f"Things({made})/Locations")["value"][0]["@iot.id"]
        for method, url, body in (
            ("PATCH", f"Things({made})", {"name": "改名"}),
            ("DELETE", f"Things({made})", None),
            ("PATCH", f"Locations({place_of_it})", {"name": "改名"}),
            ("POST", f"Things({made})/Datastreams", stream()),
            ("POST", "Datastreams", stream(Thing={"@iot.id": made})),
        ):
            with pytest.raises(DevicesForbidden):
                water.ask(method, url, body)
        works = Grant("devices", "YX-WORKS", frozenset({"devices.manage"}))
        own = City(Actor(ActorKind.OFFICIAL, account_id=uuid7(NOW), grants=(works,)))
        assert own.ask("PATCH", f"Things({made})", {"name": "改名"}).body["name"] == "改名"


class TestObservations:
    def test_come_back_in_the_order_of_time(self, city):
        _, datastream = _noisy(city, 51, 52.5, 49)
        found = city.get(f"Datastreams({datastream})/Observations")["value"]
        assert [each["result"] for each in found] == [51, 52.5, 49]
        assert found[0]["phenomenonTime"] == "2026-03-02T01:00:00.000Z"

    def test_newest_first_with_one_expanded(self, city):
        made, _ = _noisy(city, 51, 52.5, 49)
        latest = "Datastreams($expand=Observations($orderby=phenomenonTime desc;$top=1))"
        found = city.get(f"Things({made})?$expand={latest}")
        assert [each["result"] for each in found["Datastreams"][0]["Observations"]] == [49]
        assert "Observations@iot.nextLink" in found["Datastreams"][0]

    @pytest.mark.parametrize(
        ("text", "results"),
        [
            ("result gt 51", [52.5, 60]),
            ("result gt 51 and phenomenonTime lt 2026-03-02T01:02:00Z", [52.5]),
            ("not (result lt 52)", [52.5, 60]),
            ("result mul 2 eq 98", [49]),
            ("round(result) eq 53 or result ge 60", [52.5, 60]),
            ("minute(phenomenonTime) eq 3", [60]),
            ("Datastream/name eq '噪声' and result eq 51", [51]),
            ("Datastream/Thing/name eq '没有这个'", []),
            ("FeatureOfInterest/name eq '莲花山' and result lt 50", [49]),
        ],
    )
    def test_are_filtered(self, city, text, results):
        _noisy(city, 51, 52.5, 49, 60)
        assert [each["result"] for each in city.get(f"Observations?$filter={text}")["value"]] == results

    def test_page_on_in_both_directions(self, city):
        _, datastream = _noisy(city, 1, 2, 3, 4, 5)
        for order, expected in (("", [1, 2, 3, 4, 5]), ("&$orderby=phenomenonTime desc", [5, 4, 3, 2, 1])):
            url, seen = f"Datastreams({datastream})/Observations?$top=2{order}", []
            while url:
                page = city.get(url)
                seen += [each["result"] for each in page["value"]]
                url = page.get("@iot.nextLink", "")
            assert seen == expected

    def test_are_ordered_by_result_and_counted(self, city):
        _noisy(city, 3, 1, 2)
        found = city.get("Observations?$orderby=result desc&$count=true&$top=2")
        assert ([each["result"] for each in found["value"]], found["@iot.count"]) == ([3, 2], 3)

    def test_keep_what_is_neither_number_nor_text(self, city):
        _, datastream = _noisy(city)
        body = {
            "phenomenonTime": "2026-03-02T01:00:00Z/2026-03-02T01:05:00Z",
            "result": {"左": 1},
            "resultTime": "2026-03-02T01:06:00Z",
            "parameters": {"天气": "晴"},
        }
        made = city.post(f"Datastreams({datastream})/Observations", body)
        city.collect()
        found = city.get(f"Observations('{made}')")
        assert found["result"] == {"左": 1}
        assert found["phenomenonTime"] == "2026-03-02T01:00:00.000Z/2026-03-02T01:05:00.000Z"
        assert found["parameters"] == {"天气": "晴"}

    def test_are_of_the_place_of_the_thing(self, city):
        _, datastream = _noisy(city, 51)
        [only] = city.get(f"Datastreams({datastream})/Observations?$expand=FeatureOfInterest,Datastream")["value"]
        assert (only["FeatureOfInterest"]["feature"], only["Datastream"]["name"]) == (POINT, "噪声")
        feature = only["FeatureOfInterest"]["@iot.id"]
        assert len(city.get(f"FeaturesOfInterest({feature})/Observations")["value"]) == 1

    def test_change_and_go_without_touching_the_reading(self, city):
        _, datastream = _noisy(city, 51, 52)
        [first, second] = [each["@iot.id"] for each in city.get(f"Datastreams({datastream})/Observations")["value"]]
        city.ask("PATCH", f"Observations('{first}')", {"result": 99})
        assert city.get(f"Observations('{first}')")["result"] == 99
        city.ask("DELETE", f"Observations('{second}')")
        with pytest.raises(EntityUnknown):
            city.get(f"Observations('{second}')")

    def test_from_the_far_future_are_refused(self, city):
        _, datastream = _noisy(city)
        with pytest.raises(DocumentRefused):
            city.post(f"Datastreams({datastream})/Observations", {"phenomenonTime": "2036-01-01", "result": 1})


class TestFilters:
    @pytest.fixture(autouse=True)
    def _things(self, city):
        for name, level, point in (
            ("一号井盖", 1, [114.05, 22.55]),
            ("二号井盖", 2, [114.1, 22.6]),
            ("水位计", 3, None),
        ):
            where = [place(f"{name}处", {"type": "Point", "coordinates": point})] if point else []
            city.post("Things", thing(name, properties={"level": level, "tag": {"a": name}}, Locations=where))

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("name eq '水位计'", ["水位计"]),
            ("name eq 'x'' or 1 eq 1 --'", []),
            ("substringof('井盖', name)", ["一号井盖", "二号井盖"]),
            ("contains(name, '号') and not startswith(name, '一')", ["二号井盖"]),
            ("endswith(name, '计') or length(name) eq 4", ["一号井盖", "二号井盖", "水位计"]),
            ("properties/level ge 2", ["二号井盖", "水位计"]),
            ("properties/tag/a eq '水位计'", ["水位计"]),
            ("properties/level add 1 eq 2", ["一号井盖"]),
            ("properties/none eq null and id gt 0", ["一号井盖", "二号井盖", "水位计"]),
            ("Locations/name eq '一号井盖处'", ["一号井盖"]),
            (
                "st_within(Locations/location, geography'POLYGON((114 22, 114.09 22, 114.06 23, 114 22))')",
                ["一号井盖"],
            ),
            ("geo.distance(Locations/location, geography'POINT(114.1 22.6)') lt 0.01", ["二号井盖"]),
            ("indexof(name, '井') eq 2 and concat(substring(name, 0, 1), '号') eq '二号'", ["二号井盖"]),
            ("HistoricalLocations/time lt now() or name eq '水位计'", ["水位计"]),
            ("year(HistoricalLocations/time) eq 2026", ["一号井盖", "二号井盖"]),
        ],
    )
    def test_find(self, city, text, names):
        assert city.names(f"Things?$filter={text}") == names

    @pytest.mark.parametrize(
        "text",
        [
            "name",
            "name eq",
            "name eq 5",
            "nmae eq 'a'",
            "foo(name)",
            "(name eq 'a'",
            "name ge null",
            "';--",
            "name eq 'a' drop",
        ],
    )
    def test_that_make_no_sense_are_refused(self, city, text):
        with pytest.raises((FilterUnreadable, PathUnknown)):
            city.get(f"Things?$filter={text}")

    def test_order_page_and_count(self, city):
        url, seen = "Things?$orderby=properties/level desc&$top=1&$count=true&$select=name", []
        while url:
            page = city.get(url)
            assert page["@iot.count"] == 3
            seen += [each["name"] for each in page["value"]]
            url = page.get("@iot.nextLink", "")
        assert seen == ["水位计", "二号井盖", "一号井盖"]

    def test_options_that_are_not_known_are_refused(self, city):
        for options in ("$filtre=x", "$top=-1", "$count=maybe", "$expand=Nothing", "$skiptoken=abc"):
            with pytest.raises((OptionRefused, PathUnknown)):
                city.get(f"Things?{options}")

    def test_of_everybody_shows_what_may_be_seen(self, city, db):
        assert City(NOBODY).names("Things") == []
        assert len(City(ZHOU).names("Things")) == 3


class TestAddresses:
    def test_reach_properties_values_and_references(self, city):
        made = city.post("Things", thing("井盖", properties={"a": {"b": 5}}))
        assert city.get(f"Things({made})/name") == {"name": "井盖"}
        assert city.ask("GET", f"Things({made})/name/$value").body == "井盖"
        assert city.get(f"Things({made})/properties/a/b") == {"b": 5}
        assert city.get("Things/$ref")["value"] == [{"@iot.selfLink": f"{BASE}/Things({made})"}]

    @pytest.mark.parametrize(
        "url", ["Thingies", "Things(1)/Nothing", "Things(99)", "Things('a')", "Things(1)/name/x/y"]
    )
    def test_that_lead_nowhere_are_told(self, city, url):
        with pytest.raises((PathUnknown, EntityUnknown)):
            city.get(url)

    def test_conformance_is_told_on_the_first_page(self, city):
        found = city.get("")
        assert len(found["value"]) == 8
        assert any(each.endswith("/datamodel") for each in found["serverSettings"]["conformance"])


class TestChanging:
    def test_a_part_by_patch_and_by_json_patch(self, city):
        made = city.post("Things", thing(properties={"a": 1}))
        city.ask("PATCH", f"Things({made})", {"name": "新名"})
        city.ask("PATCH", f"Things({made})", [{"op": "replace", "path": "/properties/a", "value": 2}], patches=True)
        found = city.get(f"Things({made})")
        assert (found["name"], found["properties"]) == ("新名", {"a": 2})

    def test_the_whole_by_put(self, city):
        made = city.post("Things", thing(properties={"a": 1}))
        city.ask("PUT", f"Things({made})", thing("全新"))
        assert "properties" not in city.get(f"Things({made})")

    def test_a_deleted_thing_takes_its_streams_along(self, city):
        made, datastream = _noisy(city, 51)
        city.ask("DELETE", f"Things({made})")
        with pytest.raises(EntityUnknown):
            city.get(f"Datastreams({datastream})")

    def test_links_are_set_and_ended(self, city):
        made, where = city.post("Things", thing()), city.post("Locations", place())
        city.ask("POST", f"Things({made})/Locations/$ref", {"@iot.id": where})
        assert city.names(f"Things({made})/Locations") == ["莲花山"]
        city.ask("DELETE", f"Things({made})/Locations({where})/$ref")
        assert city.names(f"Things({made})/Locations") == []


class TestMany:
    def test_calls_in_a_batch_refer_to_each_other(self, city):
        made, linked, wrong = city.batch(
            {"id": "1", "method": "post", "url": "Things", "body": thing()},
            {"id": "2", "method": "post", "url": "Datastreams", "body": stream(Thing={"@iot.id": "$1"})},
            {"id": "3", "method": "get", "url": "Things(999999)"},
        )
        assert (made["status"], linked["status"], wrong["status"]) == (201, 201, 404)
        assert city.get(f"{linked['location']}/Thing")["@iot.id"] == made["body"]["@iot.id"]

    def test_an_atomic_group_holds_or_nothing_does(self, city):
        answers = city.batch(
            {"id": "1", "atomicityGroup": "g", "method": "post", "url": "Things", "body": thing()},
            {"id": "2", "atomicityGroup": "g", "method": "post", "url": "Things", "body": {}},
        )
        assert [each["status"] for each in answers] == [424, 400]
        assert city.names("Things") == []

    def test_observations_come_as_rows_of_values(self, city):
        _, datastream = _noisy(city)
        rows = [["2026-03-02T01:00:00Z", 51], ["2026-03-02T01:01:00Z", 52], ["nonsense", 53], ["2026-03-02T01:02:00Z"]]
        body = [{"Datastream": {"@iot.id": datastream}, "components": ["phenomenonTime", "result"], "dataArray": rows}]
        outcomes = city.ask("POST", "CreateObservations", body).body
        assert [each.startswith("error") for each in outcomes] == [False, False, True, True]
        city.collect()
        [array] = city.get(f"Datastreams({datastream})/Observations?$resultFormat=dataArray")["value"]
        assert [row[2] for row in array["dataArray"]] == [51, 52]
