"""FROST's Python client works unchanged against the server."""

import warnings
from datetime import UTC, datetime

import pytest

from zhicheng.core.telemetry.tests.sensing import LI, City

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import frost_sta_client as fsc
    import geojson
    from frost_sta_client.model.ext.data_array_document import DataArrayDocument
    from frost_sta_client.model.ext.data_array_value import DataArrayValue
    from frost_sta_client.model.ext.unitofmeasurement import UnitOfMeasurement


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the client itself


@pytest.fixture
def service(transactional_db, live_server, monkeypatch):
    monkeypatch.setattr("zhicheng.web.edge.middleware.actor_for_api_key", lambda _key, now: LI)
    handler = fsc.service.auth_handler.AuthHandler("platform", "zk_a_key")
    return fsc.SensorThingsService(f"{live_server.url}/sta/v1.1", auth_handler=handler)


def _thing() -> fsc.Thing:
    location = fsc.Location("莲花山", "公园", "application/geo+json", location=geojson.Point((114.05, 22.55)))
    stream = fsc.Datastream(
        name="噪声",
        description="每分钟",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=UnitOfMeasurement("分贝", "dB", "ucum:dB"),
        sensor=fsc.Sensor("声级计", "一级", "application/pdf", metadata="https://city.example/m"),
        observed_property=fsc.ObservedProperty("噪声", "https://city.example/noise", "A 声级"),
    )
    return fsc.Thing("噪声监测点", "路边", properties={"roof": True}, locations=[location], datastreams=[stream])


class TestFrostClient:
    def test_makes_finds_changes_and_deletes(self, service):
        thing = _thing()
        service.create(thing)
        found = service.things().find(thing.id)
        assert (found.name, found.properties) == ("噪声监测点", {"roof": True})
        found.name = "换了名"
        service.update(found)
        service.patch(found, [{"op": "replace", "path": "/description", "value": "屋顶"}])
        assert service.things().find(thing.id).description == "屋顶"
        service.delete(found)
        assert service.things().query().count().list().count == 0

    def test_sends_and_reads_observations(self, service):
        thing = _thing()
        service.create(thing)
        stream = service.things().find(thing.id).get_datastreams().query().list().get(0)
        for minute in range(5):
            at = datetime(2026, 3, 2, 1, minute, tzinfo=UTC)
            service.create(fsc.Observation(phenomenon_time=at.isoformat(), result=50 + minute, datastream=stream))
        City().collect()
        query = stream.get_observations().query().filter("result gt 50").orderby("phenomenonTime", "asc").top(2)
        assert [each.result for each in query.list()] == [51, 52, 53, 54]
        observation = query.list().get(0)
        assert service.observations().find(observation.id).result == 51

    def test_expands_and_pages(self, service):
        for _ in range(3):
            service.create(_thing())
        listed = service.things().query().expand("Locations,Datastreams($expand=Sensor)").top(2).count().list()
        assert (listed.count, len(list(listed))) == (3, 3)
        first = listed.get(0)
        assert first.locations.get(0).location["coordinates"] == [114.05, 22.55]
        assert first.datastreams.get(0).sensor.name == "声级计"

    def test_sends_data_arrays(self, service):
        thing = _thing()
        service.create(thing)
        stream = service.things().find(thing.id).get_datastreams().query().list().get(0)
        values = DataArrayValue()
        values.datastream = stream
        values.components = {values.Property.PHENOMENON_TIME, values.Property.RESULT}
        for minute in (1, 2):
            at = datetime(2026, 3, 2, 1, minute, tzinfo=UTC)
            values.add_observation(fsc.Observation(phenomenon_time=at.isoformat(), result=minute, datastream=stream))
        document = DataArrayDocument()
        document.add_data_array_value(values)
        assert len(service.observations().create(document)) == 2
