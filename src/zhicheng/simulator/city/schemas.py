"""The columns of the city's layers, as they stand in the Parquet files."""

import pyarrow as pa

_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "real": pa.float64(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us", "UTC"),
    "geometry": pa.binary(),
}
_AREAS = "district street community grid"


def _schema(columns: str) -> pa.Schema:
    """From words like `name` (a text), `floors:int`."""
    fields = []
    for word in columns.split():
        name, _, kind = word.partition(":")
        fields.append(pa.field(name, _TYPES[kind or "text"]))
    return pa.schema(fields)


SCHEMAS = {
    "parcel": _schema(f"parcel_key name land_use area_m2:real {_AREAS} geometry:geometry"),
    "building": _schema(
        "building_key name parcel_key use height_m:real floors:int basements:int built_year:int floor_area_m2:real"
        " structure elevator:bool unit_count:int residents:int elders_65:int children_6:int companies:int"
        f" road_key road number:int estate building_no address {_AREAS} longitude:real latitude:real geometry:geometry"
    ),
    "unit": _schema("unit_key building_key unit_no floor:int room use area_m2:real residents:int"),
    "address": _schema(
        "address_key building_key unit_key text district street community road number:int estate building_no"
        " unit_no room"
    ),
    "road": _schema("road_key name class lanes:int length_m:real width_m:real district community geometry:geometry"),
    "facility": _schema("facility_key name kind capacity:int district street community grid geometry:geometry"),
    "charging_station": _schema(
        "station_key name chargers:int fast:int slow:int free:int zone district street community geometry:geometry"
    ),
    "traffic_zone": _schema("zone_key name area_km2:real road_km:real geometry:geometry"),
    "district": _schema("division_key name area_km2:real residents:int synthetic:bool geometry:geometry"),
    "street": _schema("division_key name district area_km2:real residents:int synthetic:bool geometry:geometry"),
    "community": _schema(
        "division_key name district street area_km2:real residents:int synthetic:bool geometry:geometry"
    ),
    "grid": _schema(
        "division_key name district street community area_km2:real residents:int synthetic:bool geometry:geometry"
    ),
}
# columns of few different values, kept once a page; the others are written in full or as differences
REPEATED = {
    "land_use",
    "district",
    "street",
    "community",
    "grid",
    "use",
    "structure",
    "road_key",
    "road",
    "estate",
    "building_no",
    "unit_no",
    "room",
    "class",
    "kind",
    "floor",
    "floors",
    "basements",
    "built_year",
    "residents",
    "elders_65",
    "children_6",
    "companies",
    "unit_count",
    "number",
    "lanes",
}
ALIKE_BEFORE = {"parcel_key", "building_key", "unit_key", "address_key", "text", "address", "facility_key"}
