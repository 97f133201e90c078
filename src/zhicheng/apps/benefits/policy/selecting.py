"""The query of a run: from verdicts and amounts to who gets what now, minus what excludes it and what was granted.

Two SELECTs for DuckDB over three tables: `verdicts` (key, one column a rule), the entity's table, and `prior` (what
earlier runs granted for the same periods). Each step is one common table expression:

1. `candidate`: everybody who is entitled, with the unit (person or household) that the benefit counts by. Where it is
   paid once an event, the period is the event; one that is too near to an event granted before is that event.
2. `chosen_payee`: one member a household, those who have it already first, then the larger amount, then the key.
3. `chosen`: of benefits that exclude each other one is left, by the law's order or the larger amount. What was
   granted on another day of the same period stays: it blocks the others of its group. Events share no period: there
   it blocks them for the days that the group says.
4. `decided`: against `prior`. On the same day (facts were corrected) the difference is granted or lost;
   on another day of the period somebody who has it already gets nothing and loses nothing.
5. `lost`: granted on the same day, and not entitled any more.

Ties are broken by keys: the same inputs give the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhicheng.apps.benefits.policy.periods import period_of
from zhicheng.apps.benefits.values import Benefit, Group

CHUNK_ROWS = 20_000
COLUMNS = (
    "person_key",
    "benefit",
    "period",
    "unit_key",
    "amount_cents",
    "granted_cents",
    "change_cents",
    "sequence",
    "outcome",
    "by_benefit",
    "chunk",
)
# What `totals_sql` gives after the benefit: fields of `BenefitTotal`.
COUNTED = (
    "entitled",
    "entitled_cents",
    "new",
    "new_cents",
    "already",
    "excluded",
    "household",
    "lost",
    "lost_cents",
)


@dataclass(frozen=True)
class Selection:
    """What a run chooses by. `verdicts`, `table`, `prior` are names of tables of the lake."""

    benefits: Sequence[Benefit]
    groups: Sequence[Group]
    on: date
    key: str
    verdicts: str
    table: str
    prior: str
    households: bool
    chunks: int


def candidates_sql(selection: Selection) -> str:
    """The SELECT of step 1: everybody who is entitled to something, with units. Streams, whatever the size."""
    return f"""
WITH found AS ({_found(selection)}), place AS ({_places(selection, _event_columns(selection))})
SELECT f.*{_event_period(selection)}, p.household,
  CASE WHEN f.shared THEN p.household ELSE f.person_key END AS unit_key,
  CASE WHEN f.group_shared THEN p.household ELSE f.person_key END AS group_unit
FROM found f JOIN place p USING (person_key)
"""


def selection_sql(selection: Selection, candidates: str) -> str:
    """The SELECT that gives every row of a run's result (`COLUMNS`), from the table of step 1."""
    return f"""
WITH place AS ({_places(selection)}),
before AS MATERIALIZED ({_before(selection)}),
candidate AS ({_candidates(selection, candidates)}),
mine AS ({_MINE}),
ranked AS MATERIALIZED ({_RANKED}),
chosen_payee AS (SELECT * FROM ranked WHERE payee_rank = 1),
blocked AS ({_blocked(selection)}),
compared AS ({_compared(selection)}),
decided AS MATERIALIZED ({_DECIDED}),
lost AS ({_LOST}),
rows_of_run AS (SELECT * FROM decided UNION ALL SELECT * FROM lost)
SELECT person_key, benefit, period, unit_key, amount_cents, granted_cents, change_cents,
       sequence, outcome, by_benefit,
       CAST(('0x' || substr(md5(unit_key), 1, 7))::BIGINT % {selection.chunks} AS INTEGER) AS chunk
FROM rows_of_run ORDER BY chunk, benefit, person_key, outcome
"""


def hash_sql(table: str) -> str:
    """A SELECT of digests by chunk: the same rows in any order give the same."""
    line = "concat_ws('|', person_key, benefit, period, unit_key, amount_cents, granted_cents, change_cents, outcome)"
    return (
        f"SELECT chunk, sha256(string_agg({line}, chr(10) ORDER BY {line})) FROM {_name(table)} "
        "GROUP BY chunk ORDER BY chunk"
    )


def totals_sql(table: str) -> str:
    """One row a benefit: counts and sums by outcome."""
    entitled = "outcome IN ('new', 'more', 'already', 'less')"
    return f"""
SELECT benefit,
  count(*) FILTER ({entitled}), coalesce(sum(amount_cents) FILTER ({entitled}), 0)::BIGINT,
  count(*) FILTER (change_cents > 0), coalesce(sum(change_cents) FILTER (change_cents > 0), 0)::BIGINT,
  count(*) FILTER (outcome = 'already'), count(*) FILTER (outcome = 'excluded'),
  count(*) FILTER (outcome = 'household'),
  count(*) FILTER (change_cents < 0), coalesce(-sum(change_cents) FILTER (change_cents < 0), 0)::BIGINT
FROM {_name(table)} GROUP BY benefit"""


def _found(selection: Selection) -> str:
    """One branch a benefit: a scan of two columns of the verdicts."""
    spots = {code: (group, place) for group in selection.groups for place, code in enumerate(group.benefits)}
    branches = []
    for number, benefit in enumerate(selection.benefits):
        group, place = spots.get(benefit.code, (None, 0))
        exclusive = f"'{group.code}'" if group else "NULL"
        rank = place if group and group.choose == "order" else 0
        by_household = "TRUE" if group and group.per == "household" else "FALSE"
        period = period_of(benefit.period, selection.on)
        branches.append(
            f"SELECT {_name(selection.key)} AS person_key, '{benefit.code}' AS benefit, '{period}' AS period, "
            f"{_name(benefit.amount)}::BIGINT AS amount_cents, {str(benefit.per == 'household').upper()} AS shared, "
            f"CAST({exclusive} AS VARCHAR) AS grp, {rank} AS place, {by_household} AS group_shared, "
            f"{number} AS number FROM {_name(selection.verdicts)} "
            f"WHERE {_name(benefit.rule)} AND {_name(benefit.amount)} > 0"
        )
    return " UNION ALL ".join(branches)


def _places(selection: Selection, columns: Sequence[str] = ()) -> str:
    key = _name(selection.key)
    household = f"coalesce(household_key, {key})" if selection.households else key
    more = "".join(f", {_name(column)}" for column in columns)
    return f"SELECT {key} AS person_key, {household} AS household{more} FROM {_name(selection.table)}"


def _event_columns(selection: Selection) -> list[str]:
    return sorted({benefit.event.column for benefit in selection.benefits if benefit.event})


def _event_period(selection: Selection) -> str:
    """The event as the period: a day as it is, a number with a mark; `once` where nobody knows which event."""
    cases = " ".join(
        f"WHEN '{each.code}' THEN coalesce(regexp_replace(CAST(p.{_name(each.event.column)} AS VARCHAR), "
        f"'^(-?[0-9]+)$', '#\\1'), 'once')"
        for each in selection.benefits
        if each.event
    )
    return f" REPLACE (CASE f.benefit {cases} ELSE f.period END AS period)" if cases else ""


def _candidates(selection: Selection, table: str) -> str:
    """Those of step 1; an event that was granted before keeps the period under which it was."""
    apart = {each.code: each.event.apart_days for each in selection.benefits if each.event}
    if not apart:
        return f"SELECT * FROM {_name(table)}"
    days = " ".join(f"WHEN '{code}' THEN {number}" for code, number in apart.items())
    codes = ", ".join(f"'{code}'" for code in apart)
    return _NEAREST.format(table=_name(table), days=days, codes=codes, on=selection.on)


def _before(selection: Selection) -> str:
    """What was granted, a row a benefit, period and unit, with its group."""
    cases = " ".join(f"WHEN '{code}' THEN '{group.code}'" for group in selection.groups for code in group.benefits)
    group = f"CASE benefit {cases} END" if cases else "CAST(NULL AS VARCHAR)"
    return f"""
  SELECT benefit, period, unit_key, min(person_key) AS person_key, sum(net_cents)::BIGINT AS granted_cents,
    sum(grants)::INTEGER AS grants, min(on_date) = DATE '{selection.on}' AND max(on_date) = DATE '{selection.on}'
    AS same_day, max(on_date) AS on_date, {group} AS grp
  FROM {_name(selection.prior)} GROUP BY benefit, period, unit_key"""


def _blocked(selection: Selection) -> str:
    """What stays and blocks others: by the period, or by the days that a group of events says."""
    days = "".join(
        f"WHEN '{group.code}' THEN date_diff('day', b.on_date, DATE '{selection.on}') < {group.apart_days} "
        for group in selection.groups
        if group.apart_days
    )
    recent = f"CASE b.grp {days}ELSE TRUE END" if days else "TRUE"
    return _BLOCKED.format(period=_group_period(selection, "b"), recent=recent)


def _compared(selection: Selection) -> str:
    return _COMPARED.format(period=_group_period(selection, "c"), mine=_ELSEWHERE)


def _group_period(selection: Selection, row: str) -> str:
    """What is compared within a group: the period, or any event."""
    codes = ", ".join(f"'{group.code}'" for group in selection.groups if group.apart_days)
    return f"CASE WHEN {row}.grp IN ({codes}) THEN '*' ELSE {row}.period END" if codes else f"{row}.period"


# Two days are one event where they lie too near; what is known by no day was every event until it was granted. A
# number is the event granted so few days before, whatever number that was: the register was corrected.
_NEAREST = """
  SELECT c.* REPLACE (coalesce(n.period, c.period) AS period)
  FROM {table} c LEFT JOIN (
    SELECT benefit, person_key, arg_min(period, (away, period)) AS period FROM (
      SELECT o.benefit, o.person_key, b.period,
        coalesce(abs(date_diff('day', b.day, o.day)), CASE WHEN o.period = b.period THEN 0 ELSE 99999 END) AS away,
        CASE WHEN o.period = b.period OR o.period = 'once' THEN TRUE
          WHEN o.day IS NULL THEN b.day IS NULL AND DATE '{on}' > b.on_date
            AND date_diff('day', b.on_date, DATE '{on}') < CASE o.benefit {days} END
          WHEN b.period = 'once' THEN o.day <= b.on_date
          ELSE abs(date_diff('day', b.day, o.day)) < CASE o.benefit {days} END END AS same
      FROM (SELECT *, TRY_CAST(period AS DATE) AS day, unnest([person_key, unit_key]) AS holder
        FROM {table} WHERE benefit IN ({codes})) o
      JOIN (SELECT *, TRY_CAST(period AS DATE) AS day, unnest([person_key, unit_key]) AS holder FROM before) b
        ON b.benefit = o.benefit AND b.holder = o.holder)
    WHERE same GROUP BY benefit, person_key
  ) n ON n.benefit = c.benefit AND n.person_key = c.person_key"""
# What a person was granted through another unit: who moved to another household has had it.
_MINE = """
  SELECT benefit, period, person_key, unit_key, same_day FROM before WHERE granted_cents > 0"""
_RANKED = """
  SELECT c.*, b.granted_cents, b.grants, b.same_day, 1 AS payee_rank
  FROM candidate c LEFT JOIN before b
    ON b.benefit = c.benefit AND b.period = c.period AND b.unit_key = c.unit_key
  WHERE NOT c.shared
  UNION ALL
  SELECT c.*, b.granted_cents, b.grants, b.same_day,
    row_number() OVER (PARTITION BY c.benefit, c.unit_key, c.period
      ORDER BY (b.person_key IS NOT DISTINCT FROM c.person_key AND coalesce(b.granted_cents, 0) > 0) DESC,
        c.amount_cents DESC, c.person_key) AS payee_rank
  FROM candidate c LEFT JOIN before b
    ON b.benefit = c.benefit AND b.period = c.period AND b.unit_key = c.unit_key
  WHERE c.shared"""
# Granted on another day of the period: it stays, and keeps the others of its group out.
_BLOCKED = """
  SELECT DISTINCT b.grp, {period} AS period, b.benefit, unnest([b.person_key, b.unit_key, p.household]) AS unit
  FROM before b LEFT JOIN place p ON p.person_key = b.person_key
  WHERE b.granted_cents > 0 AND NOT b.same_day AND b.grp IS NOT NULL AND {recent}"""
_COMPARED = """
  SELECT c.*, CAST(NULL AS VARCHAR) AS kept, m.person_key IS NOT NULL AS elsewhere, c.benefit AS winner, 1 AS group_rank
  FROM chosen_payee c {mine} WHERE c.grp IS NULL
  UNION ALL
  SELECT c.*, k.benefit AS kept, m.person_key IS NOT NULL AS elsewhere,
    first_value(c.benefit) OVER choice AS winner, row_number() OVER choice AS group_rank
  FROM chosen_payee c
  LEFT JOIN (SELECT grp, period, unit, min(benefit) AS benefit FROM blocked GROUP BY grp, period, unit) k
    ON k.grp = c.grp AND k.period = {period} AND k.unit = c.group_unit
  {mine} WHERE c.grp IS NOT NULL
  WINDOW choice AS (PARTITION BY c.grp, c.group_unit
    ORDER BY (k.benefit IS NOT DISTINCT FROM c.benefit) DESC, c.place, c.amount_cents DESC, c.number, c.person_key)
"""
_ELSEWHERE = """
  LEFT JOIN (SELECT DISTINCT benefit, period, person_key, unit_key FROM mine) m
  ON m.benefit = c.benefit AND m.period = c.period AND m.person_key = c.person_key AND m.unit_key <> c.unit_key"""
_DECIDED = """
  SELECT person_key, benefit, period, unit_key, amount_cents, coalesce(granted_cents, 0) AS granted_cents,
    CASE WHEN outcome IN ('excluded', 'already') THEN 0 ELSE amount_cents - coalesce(granted_cents, 0) END
      AS change_cents,
    coalesce(grants, 0) AS sequence, outcome,
    CASE WHEN outcome = 'excluded' THEN coalesce(kept, winner) END AS by_benefit
  FROM (SELECT *, CASE
      WHEN grp IS NOT NULL AND kept IS NOT NULL AND kept <> benefit THEN 'excluded'
      WHEN grp IS NOT NULL AND group_rank > 1 THEN 'excluded'
      WHEN elsewhere THEN 'already'
      WHEN coalesce(granted_cents, 0) = 0 THEN 'new'
      WHEN NOT same_day OR granted_cents = amount_cents THEN 'already'
      WHEN granted_cents < amount_cents THEN 'more' ELSE 'less' END AS outcome
    FROM compared)
  UNION ALL
  SELECT person_key, benefit, period, unit_key, amount_cents, 0, 0, 0, 'household', benefit
  FROM ranked WHERE payee_rank > 1"""
_LOST = """
  SELECT b.person_key, b.benefit, b.period, b.unit_key, 0, b.granted_cents, -b.granted_cents, b.grants, 'lost', NULL
  FROM before b LEFT JOIN (SELECT DISTINCT benefit, period, unit_key FROM decided
    WHERE outcome IN ('new', 'more', 'already', 'less')) d
    ON d.benefit = b.benefit AND d.period = b.period AND d.unit_key = b.unit_key
  LEFT JOIN (SELECT DISTINCT benefit, period, person_key FROM decided WHERE outcome = 'already') e
    ON e.benefit = b.benefit AND e.period = b.period AND e.person_key = b.person_key
  WHERE b.granted_cents > 0 AND b.same_day AND d.unit_key IS NULL AND e.person_key IS NULL"""


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
