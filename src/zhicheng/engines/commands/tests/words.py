"""A small town's vocabulary, as the contract declares its layers."""

from datetime import datetime, timedelta, timezone

from zhicheng.engines.commands.assembling import Area, Source, assemble, name_places, name_unit
from zhicheng.engines.commands.declaring import DeclaredColumn, DeclaredTable
from zhicheng.engines.commands.tokens import make_lexicon

NOW = datetime(2026, 3, 11, 10, tzinfo=timezone(timedelta(hours=8)))

BUILDING = DeclaredTable(
    "building",
    "建筑物",
    (
        DeclaredColumn("building_key", "编号"),
        DeclaredColumn("use", "用途", codes={"office": "办公", "residential": "住宅"}, synonyms={"office": ["写字楼"]}),
        DeclaredColumn("height_m", "高度", "real", "米", words=["楼高"]),
        DeclaredColumn("floors", "层数", "integer"),
        DeclaredColumn("built_year", "建成年份", "integer"),
        DeclaredColumn("elevator", "电梯", "boolean"),
        DeclaredColumn("elders_65", "65岁以上老人", "integer", "人"),
        DeclaredColumn("district", "区"),
        DeclaredColumn("street", "街道"),
        DeclaredColumn("community", "社区"),
    ),
    key="building_key",
    words=("楼", "建筑"),
    located=True,
)
WORDS = {
    "tables": {
        "building": {
            "counters": ["栋"],
            "length": "height_m",
            "priority": 10,
            "located": True,
            "columns": {
                "use": {"nouns": {"office": ["办公楼"], "residential": ["住宅楼"]}},
                "height_m": {"highest": ["最高"], "lowest": ["最矮"]},
                "floors": {"counters": ["层"]},
                "built_year": {"year": True, "words": ["建"], "age": ["楼龄"]},
                "elders_65": {"amount": True, "words": ["老人", "满65岁老人"], "counters": ["人"]},
            },
        },
        "case": {
            "label": "工单",
            "counters": ["件"],
            "priority": 9,
            "located": True,
            "levels": ["district", "street", "community"],
            "forward": ["due_at"],
            "usual_time": "opened_at",
            "times": {"opened_at": ["受理"], "closed_at": ["办结"], "due_at": ["到期"]},
            "columns": {
                "process": {"label": "流程", "nouns": {"appeal": ["投诉"]}},
                "category": {"label": "事项", "tree": True, "codes": {"environment.noise": "噪音"}},
                "unit": {"label": "单位"},
            },
            "phrases": [{"words": ["超期"], "where": ["due_at < now", "closed_at is null"]}],
            "figures": [
                {"words": ["按时办结率"], "measure": "share: on_time = true", "where": ["closed_at is not null"]}
            ],
        },
        "facility": {
            "label": "设施",
            "counters": ["个"],
            "priority": 6,
            "located": True,
            "levels": ["district", "street", "community"],
            "columns": {"kind": {"label": "类别", "nouns": {"school": ["学校"], "toilet": ["公厕"]}}},
        },
    },
    "vague": {"老旧": "2000年以前建的"},
}
PLACES = name_places(
    [
        Area("city", "深圳市", "440300"),
        Area("district", "福田区", "440304", ("440300",)),
        Area("district", "南山区", "440305", ("440300",)),
        Area("street", "福田街道", "440304003", ("440304", "440300")),
        Area("street", "粤海街道", "440305007", ("440305", "440300")),
        Area("community", "新围社区", "440305007001", ("440305007", "440305", "440300")),
        Area("community", "新围社区", "440304003001", ("440304003", "440304", "440300")),
        Area("landmark", "福田口岸站", "landmark:1"),
    ]
)
UNITS = [name_unit("FT-URBAN", "深圳市福田区城市管理和综合执法局", "福田城管局", "福田区")]
LEXICON = make_lexicon(assemble(Source([WORDS], {"building": BUILDING}, {}, PLACES, UNITS)))
