"""Faults of the files themselves and of the manifest."""

from tests.packs.faults.seeding import SeededFault, append, as_gbk, link_to, remove, swap, write

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
    SeededFault("divisions have a header alone", "divisions.csv", write("code,name,level,parent\n"), "csv.no_rows", 1),
    SeededFault("roles are an empty list", "roles.yaml", write("[]\n"), "yaml.no_rows", 1),
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
    SeededFault(
        "fallback unit is unknown",
        "pack.yaml",
        swap("fallback_unit: YX", "fallback_unit: YZ"),
        "units.manifest_unit",
        "fallback_unit",
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
