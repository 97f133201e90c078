"""A million cases by SQL: spread over the units of the installed pack, most of them closed, with their clocks."""

import time

import psycopg
import structlog

_log = structlog.get_logger(__name__)
_SETTINGS = "SET maintenance_work_mem = '512MB'; SET synchronous_commit = off; SET session_replication_role = replica"
_SECONDARY = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
WHERE indrelid = %s::regclass AND NOT indisprimary AND NOT indisunique
"""
# Communities carry most of the work, the rest lies with street offices, departments and companies.
_PREPARE = """
CREATE TEMP TABLE bench_unit AS SELECT code, division, row_number() OVER (ORDER BY code) - 1 AS place
  FROM parties_unit WHERE ended_date IS NULL;
CREATE TEMP TABLE bench_area AS SELECT c.code, s.code AS street, d.code AS district, d.parent_id AS city,
  row_number() OVER (ORDER BY c.code) - 1 AS place
  FROM places_division c JOIN places_division s ON s.code = c.parent_id JOIN places_division d ON d.code = s.parent_id
  WHERE c.level = 'community';
CREATE TEMP TABLE bench_text AS
  SELECT row->>'text' AS text, row->>'item' AS item, ordinality - 1 AS place
  FROM packs_definition, jsonb_array_elements(body->'rows') WITH ORDINALITY AS rows(row, ordinality)
  WHERE kind = 'appeal_examples';
"""
_CASES = """
INSERT INTO cases_case (id, number, process, definition, state, final, version, unit_id, category, title, urgent,
  division, area, grid, longitude, latitude, facts, opened_at, closed_at, due_at)
SELECT gen_random_uuid(), 'B' || lpad(n::text, 9, '0'), 'appeal', %(definition)s,
  CASE WHEN n %% 16 > 0 THEN 'closed'
    ELSE (ARRAY['assigned', 'handling', 'handling', 'replied', 'received'])[1 + n / 16 %% 5] END,
  n %% 16 > 0, 4, u.code, t.item, left(t.text, 60) || n %% 1000, n %% 97 = 0,
  a.code, a.city || '/' || a.district || '/' || a.street || '/' || a.code, a.code || '001',
  113.8 + random() * 0.8, 22.45 + random() * 0.4, '{"limit": {"working_days": 5}}'::jsonb,
  now() - n * interval '6 seconds', CASE WHEN n %% 16 > 0 THEN now() - n * interval '5 seconds' END,
  CASE WHEN n %% 16 = 0 THEN now() + (n %% 20000 - 4000) * interval '20 seconds' END
FROM generate_series(1, %(cases)s) n
JOIN bench_unit u ON u.place = (n::bigint * 7919) %% (SELECT count(*) FROM bench_unit)
JOIN bench_area a ON a.place = (n::bigint * 104729) %% (SELECT count(*) FROM bench_area)
JOIN bench_text t ON t.place = (n::bigint * 15485863) %% (SELECT count(*) FROM bench_text)
"""
_CLOCKS = """
INSERT INTO cases_clock (case_id, code, round, calendar, allowance, state, stage, started_at, run_from, remaining_s,
  total_s, due_at, next_fire_at, ended_at, pause_reason)
SELECT id, 'resolve', 1, 'working', '{"working_days": 5}'::jsonb, CASE WHEN final THEN 'met' ELSE 'running' END, 0,
  opened_at, opened_at, 100000, 100000, coalesce(due_at, opened_at + interval '5 days'),
  CASE WHEN NOT final THEN due_at END, closed_at, '' FROM cases_case
"""


def fill(database_url: str, cases: int) -> float:
    """Write the cases and their clocks; seconds. Secondary indexes are built afterwards, as a bulk load does."""
    started_s = time.perf_counter()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_SETTINGS)
        indexes = [
            row
            for table in ("cases_case", "cases_clock")
            for row in connection.execute(_SECONDARY, (table,)).fetchall()
        ]
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(_PREPARE)
        row = connection.execute(
            "SELECT hash FROM packs_definition WHERE kind = 'process' AND code = 'appeal'"
        ).fetchone()
        connection.execute(_CASES, {"definition": row[0] if row else "", "cases": cases})
        _log.info("cases written", seconds=round(time.perf_counter() - started_s, 1))
        connection.execute(_CLOCKS)
        _log.info("clocks written", seconds=round(time.perf_counter() - started_s, 1))
        for _, definition in indexes:
            connection.execute(definition)
        _log.info("indexes built", seconds=round(time.perf_counter() - started_s, 1))
        connection.execute("VACUUM ANALYZE cases_case; ")
        connection.execute("VACUUM ANALYZE cases_clock")
    return time.perf_counter() - started_s
