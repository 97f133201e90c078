"""Faults that a person makes in a pack, one at a time in a copy of the tiny town.

`line_of` is a piece of the broken file that stands on one line only: the line that the check must name; or the
number of that line, 0 for the whole file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Seed = Callable[[Path], None]


@dataclass(frozen=True)
class SeededFault:
    """One fault: how it is made, and what the check must say."""

    name: str
    file: str
    seed: Seed
    code: str
    line_of: str | int = 0


def swap(old: str, new: str) -> Seed:
    """Replace a text that occurs once."""

    def seed(path: Path) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new))

    return seed


def append(lines: str) -> Seed:
    """Add lines at the end."""
    return lambda path: path.write_text(path.read_text() + lines)


def remove(path: Path) -> None:
    path.unlink()


def write(content: str) -> Seed:
    return lambda path: path.write_text(content)


def as_gbk(path: Path) -> None:
    path.write_bytes(path.read_text().encode("gb18030"))


def both(first: Seed, second: Seed) -> Seed:
    def seed(path: Path) -> None:
        first(path)
        second(path)

    return seed


def link_to(name: str) -> Seed:
    return lambda path: path.symlink_to(name)


FILES = [
    SeededFault("manifest is missing", "pack.yaml", remove, "file.missing"),
    SeededFault("manifest is empty", "pack.yaml", write("\n"), "yaml.empty"),
    SeededFault("manifest is in GBK", "pack.yaml", as_gbk, "file.encoding", "# 云溪镇是虚构的小镇"),
    SeededFault("manifest is a list", "pack.yaml", write("- code: tinytown\n"), "yaml.shape", "tinytown"),
    SeededFault("indentation is broken", "pack.yaml", swap("authority:", " authority:"), "yaml.syntax", "authority"),
    SeededFault("indented with a tab", "pack.yaml", swap("  slogan:", "\tslogan:"), "yaml.syntax", "\tslogan:"),
    SeededFault(
        "control character was pasted", "pack.yaml", swap("镇里的事", "镇里\x07的事"), "yaml.character", "slogan"
    ),
    SeededFault("key is given twice", "pack.yaml", append("version: 0.2.0\n"), "yaml.duplicate_key", "version: 0.2.0"),
    SeededFault(
        "value is borrowed", "pack.yaml", swap("authority: 云溪镇人民政府", "authority: *name"), "yaml.alias", "*name"
    ),
    SeededFault("value carries a type", "pack.yaml", swap("slogan: 镇", "slogan: !!set 镇"), "yaml.tag", "slogan"),
    SeededFault("units were saved by Excel", "units.csv", as_gbk, "file.encoding", "YX,云溪镇人民政府"),
    SeededFault("units file is missing", "units.csv", remove, "file.missing"),
    SeededFault("units file is empty", "units.csv", write("\n"), "csv.empty", 1),
    SeededFault("row lacks a comma", "units.csv", swap("water_supply,,,", "water_supply,,"), "csv.ragged", "YX-WATER"),
    SeededFault("quote is not closed", "units.csv", swap(",供水站,", ',"供水站,'), "csv.quote", "YX-WATER"),
    SeededFault("column is misspelt", "units.csv", swap("short_name", "short"), "csv.missing_column", "code,name"),
    SeededFault(
        "column is there twice",
        "divisions.csv",
        swap("level,parent,note", "level,parent,parent"),
        "csv.duplicate_column",
        "code,name",
    ),
    SeededFault("calendar ends in .yml", "calendars/2025.yml", write("year: 2025\n"), "file.extension"),
    SeededFault("file is a link", "calendars/2027.yaml", link_to("2026.yaml"), "file.link"),
]

MANIFEST = [
    SeededFault(
        "version is no version", "pack.yaml", swap("version: 0.1.0", "version: v2"), "field.pattern", "version: v2"
    ),
    SeededFault("city code lost its quotes", "pack.yaml", swap('"990100"', "990100"), "field.type", "city_division"),
    SeededFault("prefix is missing", "pack.yaml", swap("number_prefix: YX\n", ""), "field.missing", "code: tinytown"),
    SeededFault(
        "threshold is a percentage",
        "pack.yaml",
        swap("threshold: 0.8", "threshold: 80"),
        "field.range",
        "threshold: 80",
    ),
    SeededFault("key is misspelt", "pack.yaml", swap("full_name", "fullname"), "field.unknown", "fullname"),
    SeededFault(
        "latitude comes first", "pack.yaml", swap("[110.05, 25.05]", "[25.05, 110.05]"), "field.range", "center"
    ),
    SeededFault(
        "latitude comes first, in the west",
        "pack.yaml",
        swap("[110.05, 25.05]", "[44.2, 87.6]"),
        "manifest.center",
        "center",
    ),
    SeededFault(
        "pack needs newer software",
        "pack.yaml",
        swap("requires: 0.1.0", "requires: 99.0.0"),
        "manifest.requires",
        "requires: 99.0.0",
    ),
    SeededFault(
        "city is another one",
        "pack.yaml",
        swap('"990100"', '"990200"'),
        "divisions.city",
        "city_division",
    ),
    SeededFault("text is a number", "pack.yaml", swap('"12345"', "12345"), "field.type", "hotline"),
    SeededFault(
        "test is of an unknown kind",
        "tests/faults.yaml",
        write("tests:\n  - name: 看星座\n    kind: astrology\n"),
        "test.unknown_kind",
        "astrology",
    ),
    SeededFault(
        "test has no name",
        "tests/faults.yaml",
        write("tests:\n  - kind: classify\n    text: 停水\n"),
        "field.missing",
        "kind: classify",
    ),
    SeededFault("tests are not listed", "tests/faults.yaml", write("test: []\n"), "field.missing", "test: []"),
]

CALENDARS = [
    SeededFault("working hours are missing", "calendars/hours.yaml", remove, "file.missing"),
    SeededFault("hours overlap", "calendars/hours.yaml", swap('"14:00"', '"11:00"'), "calendar.hours", "hours:"),
    SeededFault(
        "day does not exist", "calendars/2026.yaml", swap("2026-10-02", "2026-10-32"), "field.date", "2026-10-32"
    ),
    SeededFault(
        "holiday is of another year",
        "calendars/2026.yaml",
        swap("2026-10-02", "2025-10-02"),
        "calendar.year",
        "2025-10-02",
    ),
    SeededFault(
        "make-up day is of another year",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2027-01-03"),
        "calendar.year",
        "2027-01-03",
    ),
    SeededFault(
        "holiday is given twice",
        "calendars/2026.yaml",
        swap("2026-01-02, name: 元旦", "2026-01-01, name: 元旦次日"),
        "calendar.repeated",
        "元旦次日",
    ),
    SeededFault(
        "day is holiday and working day",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2026-01-01"),
        "calendar.both",
        "- 2026-01-01",
    ),
    SeededFault(
        "make-up day is a Monday",
        "calendars/2026.yaml",
        swap("- 2026-01-04", "- 2026-01-05"),
        "calendar.workday",
        "2026-01-05",
    ),
    SeededFault(
        "status is no status", "calendars/2026.yaml", swap("published", "official"), "field.choice", "official"
    ),
]

PROCESSES = [
    SeededFault(
        "state cannot be reached",
        "processes/assist.yaml",
        swap("  done:", "  lost:     {label: 无处来}\n  done:"),
        "process.unreachable_state",
        "lost:",
    ),
    SeededFault(
        "state has no way out",
        "processes/assist.yaml",
        swap("{label: 已办完, final: true}", "{label: 已办完}"),
        "process.dead_end",
        "done: ",
    ),
    SeededFault(
        "action leads nowhere",
        "processes/assist.yaml",
        swap("to: declined", "to: decline"),
        "process.unknown_state",
        "to: decline",
    ),
    SeededFault(
        "nobody has this right",
        "processes/assist.yaml",
        swap("who: [parent_handler]", "who: [cases.everything]"),
        "process.unknown_permission",
        "cases.everything",
    ),
    SeededFault(
        "clock is not defined",
        "processes/assist.yaml",
        swap("- {start: resolve}", "- {start: resolved}"),
        "process.unknown_clock",
        "opening:",
    ),
    SeededFault(
        "child process is not there",
        "processes/appeal.yaml",
        swap("process: assist", "process: assistance"),
        "process.unknown_process",
        "opens:",
    ),
    SeededFault(
        "process is defined twice",
        "processes/assist.yaml",
        swap("code: assist\n", "code: appeal\n"),
        "process.duplicate",
        "code: appeal",
    ),
]

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
        48,
    ),
    SeededFault(
        "one role administers and audits",
        "roles.yaml",
        append("- code: chief\n  label: 总管\n  permissions: [accounts.manage, ledger.audit]\n"),
        "roles.mixed_duties",
        "[accounts.manage, ledger.audit]",
    ),
]

MESSAGES = [
    SeededFault(
        "message names what nobody fills",
        "messages.yaml",
        swap("已撤回诉求 {number}", "已撤回诉求 {nmber}"),
        "message.placeholder",
        "nmber",
    ),
    SeededFault(
        "brace is not closed",
        "messages.yaml",
        swap("已撤回诉求 {number}", "已撤回诉求 {number"),
        "message.brace",
        "{number。",
    ),
    SeededFault(
        "message has no text",
        "messages.yaml",
        append("appeal.extra:\n  title: 多余\n"),
        "field.missing",
        "appeal.extra",
    ),
    SeededFault("message is a word", "messages.yaml", append("appeal.extra: 多余\n"), "message.shape", "appeal.extra"),
    SeededFault(
        "process sends a message that is not there",
        "processes/appeal.yaml",
        swap("requester: appeal.withdrawn", "requester: appeal.gone"),
        "process.unknown_message",
        "appeal.gone",
    ),
]

ALL = [*FILES, *MANIFEST, *CALENDARS, *PROCESSES, *DIVISIONS, *AREAS, *UNITS, *MESSAGES]
