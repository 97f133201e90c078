"""Faults in who and where: divisions, outlines, landmarks, units, roles."""

from tests.packs.faults.seeding import SeededFault, append, both, remove, swap

DIVISIONS = [
    SeededFault(
        "division has no parent",
        "divisions.csv",
        swap("community,990101001,虚构\n990101001002", "community,,虚构\n990101001002"),
        "divisions.parent",
        "东桥社区",
    ),
    SeededFault(
        "parent is unknown",
        "divisions.csv",
        swap("西岭社区,community,990101001", "西岭社区,community,990101009"),
        "divisions.unknown_parent",
        "西岭社区",
    ),
    SeededFault(
        "community hangs on the city",
        "divisions.csv",
        swap("西岭社区,community,990101001", "西岭社区,community,990100"),
        "divisions.level",
        "西岭社区",
    ),
    SeededFault(
        "division is given twice",
        "divisions.csv",
        append("990101001002,西岭新村,community,990101001,\n"),
        "divisions.duplicate",
        "西岭新村",
    ),
    SeededFault("two cities", "divisions.csv", append("990200,河湾镇,city,,\n"), "divisions.city", "河湾镇"),
    SeededFault(
        "level is no level", "divisions.csv", swap("西岭社区,community", "西岭社区,village"), "field.choice", "西岭社区"
    ),
]

AREAS = [
    SeededFault(
        "outline crosses itself",
        "areas/communities.geojson",
        swap(
            "[110.05,25.0],[110.1,25.0],[110.1,25.1],[110.05,25.1]",
            "[110.05,25.0],[110.1,25.1],[110.1,25.0],[110.05,25.1]",
        ),
        "areas.invalid",
        "东桥社区",
    ),
    SeededFault(
        "outline is a line",
        "areas/districts.geojson",
        swap(
            '"Polygon","coordinates":[[[110.0,25.0],[110.1,25.0],[110.1,25.1],[110.0,25.1],[110.0,25.0]]]',
            '"LineString","coordinates":[[110.0,25.0],[110.1,25.0]]',
        ),
        "areas.geometry",
        "云溪镇区",
    ),
    SeededFault(
        "outline is swapped",
        "areas/streets.geojson",
        swap(
            "[[[110.0,25.0],[110.1,25.0],[110.1,25.1],[110.0,25.1],[110.0,25.0]]]",
            "[[[25.0,110.0],[25.0,110.1],[25.1,110.1],[25.1,110.0],[25.0,110.0]]]",
        ),
        "areas.swapped",
        "溪畔片区",
    ),
    SeededFault(
        "outline has no geometry",
        "areas/streets.geojson",
        swap(
            '{"type":"Polygon","coordinates":[[[110.0,25.0],[110.1,25.0],[110.1,25.1],[110.0,25.1],[110.0,25.0]]]}',
            "null",
        ),
        "geojson.geometry",
        "溪畔片区",
    ),
    SeededFault(
        "outline is of an unknown division",
        "areas/communities.geojson",
        swap('"990101001002"', '"990101001009"'),
        "areas.unknown",
        "990101001009",
    ),
    SeededFault(
        "community lies outside its street",
        "areas/communities.geojson",
        swap(
            "[[[110.0,25.0],[110.05,25.0],[110.05,25.1],[110.0,25.1],[110.0,25.0]]]",
            "[[[109.0,25.0],[110.05,25.0],[110.05,25.1],[109.0,25.1],[109.0,25.0]]]",
        ),
        "areas.outside_parent",
        "西岭社区",
    ),
    SeededFault(
        "two communities overlap",
        "areas/communities.geojson",
        swap(
            "[[[110.0,25.0],[110.05,25.0],[110.05,25.1],[110.0,25.1],[110.0,25.0]]]",
            "[[[110.0,25.0],[110.08,25.0],[110.08,25.1],[110.0,25.1],[110.0,25.0]]]",
        ),
        "areas.overlap",
        "西岭社区",
    ),
    SeededFault(
        "brackets do not match",
        "areas/grids.geojson",
        swap("[110.05,25.0]]]}},", "[110.05,25.0]]}},"),
        "geojson.syntax",
        "东桥社区第1网格",
    ),
    SeededFault("communities have no file", "areas/communities.geojson", remove, "areas.missing"),
    SeededFault(
        "landmark is in another town",
        "landmarks.csv",
        swap("110.03,25.06", "111.03,25.06"),
        "landmarks.outside_city",
        "西岭小学",
    ),
    SeededFault(
        "landmark is swapped", "landmarks.csv", swap("110.03,25.06", "25.06,110.03"), "landmarks.swapped", "西岭小学"
    ),
    SeededFault(
        "name means two places", "landmarks.csv", swap("西岭学校", "东桥头"), "landmarks.duplicate", "西岭小学"
    ),
]

WATER = "YX-WATER,云溪镇供水站,供水站,company,YX,990100,water_supply,,,"

UNITS = [
    SeededFault(
        "parent unit is unknown", "units.csv", swap("company,YX,", "company,YZ,"), "units.unknown_parent", "YX-WATER"
    ),
    SeededFault(
        "units hang on each other",
        "units.csv",
        both(swap("center,YX,", "center,YX-WATER,"), swap("company,YX,", "company,YX-WORKS,")),
        "units.cycle",
        "供水站",
    ),
    SeededFault("second unit at the top", "units.csv", swap("company,YX,", "company,,"), "units.root", "YX-WATER"),
    SeededFault(
        "unit is given twice",
        "units.csv",
        append("YX,云溪镇服务站,,center,YX,990100,,,,\n"),
        "units.duplicate",
        "服务站",
    ),
    SeededFault("unit is in lower case", "units.csv", swap("YX-WATER", "yx-water"), "field.pattern", "yx-water"),
    SeededFault("kind of unit is unknown", "units.csv", swap("company,YX,", "firm,YX,"), "field.choice", "YX-WATER"),
    SeededFault(
        "two units do the same",
        "units.csv",
        swap("water_supply", "urban_management"),
        "units.same_function",
        "YX-WATER",
    ),
    SeededFault(
        "unit serves an unknown division",
        "units.csv",
        swap(WATER, WATER.replace("990100", "990109")),
        "units.unknown_division",
        "YX-WATER",
    ),
    SeededFault(
        "unit ended without successor",
        "units.csv",
        swap(WATER, WATER[:-1] + "2026-01-01,"),
        "units.no_successor",
        "YX-WATER",
    ),
    SeededFault(
        "successor is unknown",
        "units.csv",
        swap(WATER, WATER[:-1] + "2026-01-01,YX-GONE"),
        "units.unknown_successor",
        "YX-WATER",
    ),
    SeededFault(
        "role may do the unheard of",
        "roles.yaml",
        swap("[appeals.take_call]", "[appeals.take_calls]"),
        "roles.unknown_permission",
        "appeals.take_calls",
    ),
    SeededFault(
        "role is given twice",
        "roles.yaml",
        append("- code: leader\n  label: 首长\n  permissions: [cockpit.view]\n"),
        "roles.duplicate",
        88,
    ),
    SeededFault(
        "one role administers and audits",
        "roles.yaml",
        append("- code: chief\n  label: 总管\n  permissions: [accounts.manage, ledger.audit]\n"),
        "roles.mixed_duties",
        "[accounts.manage, ledger.audit]",
    ),
]
