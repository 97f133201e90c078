"""云溪镇 with a handful of people in its lake, and the officials of its benefits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.conf import settings
from django.test import override_settings

from zhicheng.apps.benefits.public import advance_runs, approve_run, get_run, plan_run
from zhicheng.apps.benefits.values import PlanRun, Run
from zhicheng.core.lake.public import Target, arrow_schema, get_entity, write_table
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import actor_for, create_official, forget_unit_tree
from zhicheng.core.parties.values import Actor, NewGrant, NewOfficial, system_actor

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China
TODAY = date(2026, 3, 2)
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
SYSTEM = system_actor("test")
PASSWORD = "Lychee-park-42"
Grant, Payment, Reclaim = (apps.get_model("benefits", name) for name in ("Entitlement", "Payment", "Reclaim"))
RunRow, Entry, Case = (
    apps.get_model("benefits", "BenefitRun"),
    apps.get_model("ledger", "Entry"),
    apps.get_model("cases", "Case"),
)
# Nobody has anything: what a story needs is said by it.
NOBODY: Mapping[str, Any] = {
    "birth_date": date(1990, 1, 1),
    "hukou_city": "990100",
    "deceased": False,
    "foreign": False,
    "hk_macau": False,
    "disability_level": 0,
    "disability_certified": False,
    "low_income_certified": False,
    "unemployment_registered": False,
    "children_under_3": 0,
    "employment_kind": "employee",
}
HUANG = {"birth_date": date(1943, 9, 16)}  # 黄桂英, 82


@contextmanager
def town_settings(folder: Path) -> Iterator[Path]:
    """Folders and keys of its own for a town about to be installed; the pack."""
    own = {
        "HOME": folder,
        "KEYS_ROOT": folder / "keys",
        "OUTBOUND_ROOT": folder / "outbound",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, 0),
    }
    forget_installed_pack()
    forget_unit_tree()
    with override_settings(**own):
        yield TINYTOWN
    forget_installed_pack()
    forget_unit_tree()


def settle(people: Mapping[str, Mapping[str, Any]], *, now: datetime = NOW) -> None:
    """Write the register of people: keys and what is said about them."""
    _write("person", [{**NOBODY, **facts, "person_key": key} for key, facts in people.items()], now)


def found(companies: Mapping[str, Mapping[str, Any]], *, now: datetime = NOW) -> None:
    """Write the register of companies."""
    _write("company", [{"status": "active", **facts, "company_key": key} for key, facts in companies.items()], now)


def _write(code: str, rows: list[dict[str, Any]], now: datetime) -> None:
    table = get_entity(code)
    batch = pa.RecordBatch.from_pylist(rows, schema=arrow_schema(table))
    write_table(Target(code, arrow_schema(table), table.key), [batch], actor="system:test", now=now)


def key(number: int) -> str:
    """A key like those of the lake."""
    return f"{number:032x}"


def hire(login: str, *roles: str) -> Actor:
    """An official of the town, as the edge would present them."""
    grants = tuple(NewGrant(role, "YX") for role in roles)
    official = NewOfficial(login, PASSWORD, "陈伟", grants, demo=True)
    account = create_official(official, actor=SYSTEM, now=NOW - timedelta(days=1))
    return actor_for(account, now=NOW)


def work(now: datetime = NOW, *, steps: int = 500) -> int:
    """Let the worker do all there is; how many steps it took."""
    done = 0
    while done < steps and advance_runs(now):
        done += 1
    return done


def compute(officer: Actor, *benefits: str, on: date = TODAY, now: datetime = NOW, audience: str = "person") -> Run:
    """Plan a run and have it computed."""
    run = plan_run(PlanRun(audience, on, benefits), actor=officer, now=now)
    work(now)
    return get_run(run.id)


def execute(
    officer: Actor, approver: Actor, *benefits: str, on: date = TODAY, now: datetime = NOW, audience: str = "person"
) -> Run:
    """Plan, compute, approve and execute a run."""
    run = compute(officer, *benefits, on=on, now=now, audience=audience)
    approve_run(run.id, actor=approver, now=now + timedelta(seconds=1))
    work(now + timedelta(seconds=2))
    return get_run(run.id)


def granted() -> dict[tuple[str, str, str], int]:
    """What stands: (person, benefit, period) → cents, less what is being reclaimed."""
    found: dict[tuple[str, str, str], int] = {}
    for row in Grant.objects.filter(stopped_at__isnull=True):
        spot = (row.person_key, row.benefit, row.period)
        reclaimed = sum(r.amount_cents for r in Reclaim.objects.filter(entitlement=row, waived_at__isnull=True))
        found[spot] = found.get(spot, 0) + row.amount_cents - reclaimed
    return found
