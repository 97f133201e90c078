"""Counting the service levels from the city's own records."""

from datetime import datetime

from django.db import connection

from zhicheng.apps.appeals.policy.levels import compute_levels
from zhicheng.apps.appeals.queries.directory import list_level_specs
from zhicheng.apps.appeals.values import ServiceLevel, TodayNumbers

# A clock counts when it has ended, or when it is overdue and still runs; those still in time are not yet known.
_CLOCKS = """
SELECT k.code, count(*) FILTER (WHERE k.state = 'met' AND k.ended_at <= k.due_at), count(*)
FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
WHERE c.process = 'appeal' AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
  AND (%(units)s::text[] IS NULL OR c.unit_id = ANY(%(units)s))
  AND (k.state = 'met' OR (k.state = 'running' AND k.due_at < %(now)s))
  AND k.code IN ('response', 'feedback', 'resolve')
GROUP BY k.code
"""
_URGENT = """
SELECT count(*) FILTER (WHERE k.state = 'met' AND k.ended_at <= k.due_at), count(*)
FROM cases_clock k JOIN cases_case c ON c.id = k.case_id
WHERE c.process = 'appeal' AND c.urgent AND k.code = 'resolve' AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
  AND (%(units)s::text[] IS NULL OR c.unit_id = ANY(%(units)s))
  AND (k.state = 'met' OR (k.state = 'running' AND k.due_at < %(now)s))
"""
_OUTCOMES = """
SELECT count(*) FILTER (WHERE h.first_reply <= c.opened_at + interval '3 days'), count(h.first_reply),
       count(*) FILTER (WHERE (c.facts->>'score')::int >= 4), count(*) FILTER (WHERE c.facts ? 'score'),
       count(*) FILTER (WHERE c.facts->>'refused' = 'true' OR c.facts->>'redirected' = 'true'),
       count(*) FILTER (WHERE c.state <> 'received')
FROM cases_case c
LEFT JOIN LATERAL (
  SELECT min(at) AS first_reply FROM cases_history WHERE case_id = c.id AND action = 'reply'
) h ON true
WHERE c.process = 'appeal' AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
  AND (%(units)s::text[] IS NULL OR c.unit_id = ANY(%(units)s))
"""


def service_levels(
    since: datetime, until: datetime, now: datetime, *, units: frozenset[str] | None = None
) -> list[ServiceLevel]:
    """Each level of the pack for appeals opened in a period, as known at `now`; of some units, or of the city."""
    params = {"since": since, "until": until, "now": now, "units": None if units is None else sorted(units)}
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS, params)
        clocks = {code: (good, total) for code, good, total in cursor.fetchall()}
        cursor.execute(_URGENT, params)
        urgent = cursor.fetchone() or (0, 0)
        cursor.execute(_OUTCOMES, params)
        quick, replied, positive, rated, wrong, dispatched = cursor.fetchone() or (0,) * 6
    counts = {
        "response_10min": clocks.get("response", (0, 0)),
        "feedback_30min": clocks.get("feedback", (0, 0)),
        "urgent_24h": (urgent[0], urgent[1]),
        "on_time": clocks.get("resolve", (0, 0)),
        "within_3_days": (quick, replied),
        "positive": (positive, rated),
        "wrong_first_dispatch": (wrong, dispatched),
    }
    return compute_levels(list_level_specs(), counts)


_TODAY = """
SELECT count(*) FILTER (WHERE c.opened_at >= %(since)s),
       (SELECT count(*) FROM cases_history h JOIN cases_case x ON x.id = h.case_id
        WHERE h.action = 'reply' AND x.process = 'appeal' AND h.at >= %(since)s AND h.at < %(until)s)
FROM cases_case c WHERE c.process = 'appeal' AND c.opened_at >= %(since)s AND c.opened_at < %(until)s
  AND (%(units)s::text[] IS NULL OR c.unit_id = ANY(%(units)s))
"""


def today_numbers(
    since: datetime, until: datetime, now: datetime, *, units: frozenset[str] | None = None
) -> TodayNumbers:
    """What a page says of a day: opened, replied, and two shares that are None while nothing is counted."""
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, {"since": since, "until": until, "units": None if units is None else sorted(units)})
        opened, replied = cursor.fetchone() or (0, 0)
    levels = {level.code: level.value for level in service_levels(since, until, now, units=units)}
    return TodayNumbers(opened, replied, levels.get("response_10min"), levels.get("positive"))
