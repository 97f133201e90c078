"""Faults in what people appeal about: items, responsibilities, examples, service levels."""

from tests.packs.faults.seeding import Seed, SeededFault, append, swap

NOISE = "environment.noise.construction,environment.noise,夜间施工噪音,3,施工;工地;打桩;半夜,no,5,"
NOISE_FIELDS = NOISE.split(",")


def noise(column: int, value: str) -> Seed:
    """The item of night-time construction noise with another value in one column."""
    fields = [*NOISE_FIELDS]
    fields[column] = value
    return swap(NOISE, ",".join(fields))


TAXONOMY = [
    SeededFault(
        "item is given twice",
        "taxonomy.csv",
        append("utilities,,公用服务,1,,no,,,,,\n"),
        "taxonomy.duplicate",
        "公用服务",
    ),
    SeededFault(
        "parent item is unknown", "taxonomy.csv", noise(1, "environment.noises"), "taxonomy.unknown_parent", "夜间施工"
    ),
    SeededFault(
        "first level has a parent",
        "taxonomy.csv",
        swap("utilities,,公用事业", "utilities,environment,公用事业"),
        "taxonomy.parent",
        "公用事业",
    ),
    SeededFault(
        "level is skipped",
        "taxonomy.csv",
        swap("utilities,供水,2", "utilities,供水,3"),
        "taxonomy.level",
        "utilities,供水,3",
    ),
    SeededFault(
        "code does not follow its parent",
        "taxonomy.csv",
        swap("utilities.water.outage,", "utilities.outage,"),
        "taxonomy.code",
        "utilities.outage",
    ),
    SeededFault("item has no limit", "taxonomy.csv", noise(6, ""), "taxonomy.no_limit", "夜间施工"),
    SeededFault("limit carries its unit", "taxonomy.csv", noise(6, "5天"), "field.type", "夜间施工"),
    SeededFault("limit is zero", "taxonomy.csv", noise(6, "0"), "field.range", "夜间施工"),
    SeededFault("item has no keywords", "taxonomy.csv", noise(4, ""), "taxonomy.no_keywords", "夜间施工"),
    SeededFault("urgent is neither yes nor no", "taxonomy.csv", noise(5, "maybe"), "field.choice", "夜间施工"),
    SeededFault(
        "nobody is responsible",
        "taxonomy.csv",
        swap("第四条,urban_management@city", "第四条,"),
        "taxonomy.no_unit",
        "垃圾桶满溢",
    ),
    SeededFault(
        "function does not exist",
        "taxonomy.csv",
        swap("第四条,urban_management@city", "第四条,urban_managment@city"),
        "taxonomy.bad_unit",
        "垃圾桶满溢",
    ),
    SeededFault(
        "level of the unit does not exist",
        "taxonomy.csv",
        swap("第四条,urban_management@city", "第四条,urban_management@town"),
        "taxonomy.bad_unit",
        "垃圾桶满溢",
    ),
]

RESPONSIBILITIES = [
    SeededFault(
        "item of the list is unknown",
        "responsibilities.csv",
        swap("environment.noise.*", "environment.noises.*"),
        "responsibility.unknown_item",
        2,
    ),
    SeededFault(
        "area of the list is unknown",
        "responsibilities.csv",
        swap("990101001002", "990101001009"),
        "responsibility.unknown_area",
        2,
    ),
    SeededFault(
        "unit of the list is unknown", "responsibilities.csv", swap("unit:YX", "unit:YZ"), "responsibility.bad_unit", 2
    ),
    SeededFault(
        "two lines for one item and area",
        "responsibilities.csv",
        append("environment.noise.*,990101001002,unit:YX-WORKS,\n"),
        "responsibility.duplicate",
        3,
    ),
]

EXAMPLES = [
    SeededFault(
        "example of an unknown item",
        "examples/appeals.csv",
        append("路灯坏了没人修,utilities.light.broken\n"),
        "examples.unknown_item",
        "路灯",
    ),
    SeededFault(
        "example of a class, not of an item",
        "examples/appeals.csv",
        append("噪音太大了受不了,environment.noise\n"),
        "examples.unknown_item",
        "受不了",
    ),
    SeededFault(
        "example is given twice",
        "examples/appeals.csv",
        append("同样的话说了两遍,utilities.water.burst\n同样的话说了两遍,utilities.water.burst\n"),
        "examples.duplicate",
        13,
    ),
    SeededFault(
        "comma in an example without quotes",
        "examples/appeals.csv",
        append("水管爆了,快来人,utilities.water.burst\n"),
        "csv.ragged",
        "快来人",
    ),
    SeededFault(
        "example says nothing", "examples/appeals.csv", append("停水,utilities.water.outage\n"), "field.length", 12
    ),
]

LEVELS = [
    SeededFault(
        "target is a percentage", "levels.yaml", swap("target: 0.98", "target: 98"), "field.range", "target: 98"
    ),
    SeededFault(
        "level is not counted", "levels.yaml", swap("code: on_time", "code: in_time"), "levels.unknown", "in_time"
    ),
    SeededFault("level is given twice", "levels.yaml", swap("code: on_time", "code: positive"), "levels.duplicate", 14),
]
