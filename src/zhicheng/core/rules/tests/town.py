"""A pack with a few rules about residents, and a lake with four of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from zhicheng.core.lake.public import Target, write_table
from zhicheng.core.packs.tests.city import MANIFEST
from zhicheng.core.rules.values import Fact

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)

PERSON = """code: person
label: 自然人
key: person_key
source: 人口库
columns:
  - {code: person_key, label: 人员键, type: text, nullable: false}
  - {code: birth_date, label: 出生日期, type: date}
  - {code: hukou_city, label: 户籍城市, type: text, codes: {"440300": 深圳, "440100": 广州}}
  - {code: monthly_income_cents, label: 月收入, type: integer, unit: 分}
  - {code: children_count, label: 子女数, type: integer, unit: 人}
"""
PARAMETERS = """- code: aged.from
  label: 起发年龄
  type: integer
  unit: 岁
  source: {title: 河湾镇高龄津贴办法, clause: 第三条}
  values:
    - {from: 2020-01-01, value: 80}
    - {from: 2027-01-01, value: 75, source: {title: 河湾镇高龄津贴办法（2027年修订）}}
"""
RULES = """- id: person.age
  label: 年龄
  type: integer
  unit: 岁
  from: 1950-01-01
  source: {title: 民法典, clause: 第二百零二条}
  expression: years_between(birth_date, as_of)
- id: aged.eligible
  label: 高龄津贴资格
  from: 2020-01-01
  source: {title: 河湾镇高龄津贴办法, clause: 第三条}
  expression: person.age >= param.aged.from AND hukou_city = '440300'
- id: aged.amount
  label: 高龄津贴金额
  type: integer
  unit: 分
  from: 2020-01-01
  source: {title: 河湾镇高龄津贴办法, clause: 第五条}
  table: aged_amount.csv
  policy: unique
  otherwise: 0
- id: aged.per_child
  label: 每个子女分摊
  type: integer
  unit: 分
  from: 2020-01-01
  source: {title: 河湾镇分摊办法}
  expression: ROUND(monthly_income_cents / children_count)
"""
TABLE = "aged.eligible,person.age,result,note\n是,<90,20000,每月二百元\n是,>=90,50000,每月五百元\n"
SELFTESTS = """tests:
  - kind: rule
    name: 八十二岁的本地老人每月二百元
    given: {on: 2026-03-02, facts: {birth_date: 1944-01-01, hukou_city: "440300"}}
    expect: {aged.eligible: yes, aged.amount: 20000}
  - kind: rule
    name: 不知道生日就不能判断
    given: {on: 2026-03-02, facts: {hukou_city: "440300"}}
    expect: {aged.eligible: unknown}
"""
CHEN = {
    "birth_date": Fact(date(1944, 1, 1), "人口库［person.birth_date］"),
    "hukou_city": Fact("440300", "申请人填写"),
    "monthly_income_cents": Fact(123456, "申请人填写"),
    "children_count": Fact(0, "申请人填写"),
}
RESIDENTS = [
    {"person_key": "chen", "birth_date": date(1944, 1, 1), "hukou_city": "440300", "children_count": 2},
    {"person_key": "li", "birth_date": date(1930, 5, 1), "hukou_city": "440300", "children_count": 0},
    {"person_key": "wu", "birth_date": date(1990, 5, 1), "hukou_city": "440300", "children_count": 1},
    {"person_key": "he", "birth_date": None, "hukou_city": "440300", "children_count": 1},
]
SCHEMA = pa.schema(
    [
        ("person_key", pa.string()),
        ("birth_date", pa.date32()),
        ("hukou_city", pa.string()),
        ("monthly_income_cents", pa.int64()),
        ("children_count", pa.int64()),
    ]
)


def write_pack(root: Path, *, rules: str = RULES, parameters: str = PARAMETERS, table: str = TABLE) -> Path:
    files = {
        "pack.yaml": MANIFEST,
        "lake/person.yaml": PERSON,
        "rules/aged.yaml": rules,
        "rules/parameters/aged.yaml": parameters,
        "rules/tables/aged_amount.csv": table,
        "tests/rules.yaml": SELFTESTS,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def fill_lake(residents: Sequence[Mapping[str, Any]] = RESIDENTS, now: datetime = NOW) -> None:
    rows = [{"monthly_income_cents": 300000, **resident} for resident in residents]
    people = pa.Table.from_pylist(rows, SCHEMA)
    write_table(Target("person", SCHEMA, "person_key"), people.to_batches(), actor="system:test", now=now)
