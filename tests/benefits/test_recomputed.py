"""A run over a simulated city pays the right ones: recomputed in pandas by `restated`, no difference.

100,000 people unless ZHICHENG_BENEFIT_PEOPLE says how many (the project's measure is 1,000,000).
"""

import io
import os
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from django.conf import settings
from django.db import connection

from tests.benefits import restated, restated_companies
from zhicheng.apps.benefits.public import advance_runs, approve_run, get_run, list_benefits, plan_run
from zhicheng.apps.benefits.values import PlanRun, Run
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind, Grant
from zhicheng.simulator.public import seed_population

PEOPLE = int(os.environ.get("ZHICHENG_BENEFIT_PEOPLE", "100000"))
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
SHENZHEN = Path(__file__).resolve().parents[2] / "packs" / "shenzhen"
LEAST = 40
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def city(db, tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    pack = Path(shutil.copytree(SHENZHEN, tmp_path / "pack", ignore=shutil.ignore_patterns("tests")))
    settings.HOME, settings.KEYS_ROOT, settings.PACK_ROOT = tmp_path, tmp_path / "keys", pack
    forget_installed_pack()
    forget_unit_tree()
    install_pack(pack, actor_ref="system:test", now=NOW)
    seed_population(NOW, people=PEOPLE, companies=PEOPLE // 10, overrides=())
    yield tmp_path / "lake" / "person"
    forget_installed_pack()
    forget_unit_tree()


def official(permission: str) -> Actor:
    return Actor(ActorKind.OFFICIAL, grants=(Grant(permission, "SZ", frozenset({permission}), subtree=False),))


def execute(at: datetime, *, on: date = DAY, audience: str = "person") -> Run:
    """Plan, compute, approve and execute a run as the worker would."""
    run = plan_run(PlanRun(audience, on), actor=official("benefits.run"), now=at)
    finish(at)
    assert get_run(run.id).failure == ""
    approve_run(
        run.id, actor=Actor(ActorKind.SYSTEM, name="approver", grants=official("benefits.approve").grants), now=at
    )
    finish(at + timedelta(seconds=1))
    return get_run(run.id)


def finish(at: datetime) -> None:
    while advance_runs(at):
        pass


def granted() -> pd.DataFrame:
    """What stands in PostgreSQL, read by COPY."""
    sql = "SELECT person_key, benefit, period, amount_cents FROM benefits_entitlement WHERE stopped_at IS NULL"
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH CSV HEADER") as copy:
        content = b"".join(bytes(block) for block in copy)
    read = pd.read_csv(io.BytesIO(content), dtype={"person_key": object, "benefit": object, "period": object})
    return read.sort_values(["person_key", "benefit", "period"]).reset_index(drop=True)


def test_run_pays_the_right_ones(city: Path) -> None:
    started = time.monotonic()
    run = execute(NOW)
    took_s = time.monotonic() - started
    wanted = restated.expected(restated.read_people(city), pd.Timestamp(DAY))
    found = granted()
    both = wanted.merge(found, how="outer", indicator=True, on=["person_key", "benefit", "period", "amount_cents"])
    assert both[both._merge != "both"].head(20).to_dict("records") == []
    assert len(found) == run.granted
    assert wanted.benefit.nunique() >= min(LEAST, PEOPLE // 1000)
    print(f"{PEOPLE} people, {len(list_benefits(audience='person'))} benefits, {run.granted} granted in {took_s:.1f} s")
    again = execute(NOW + timedelta(hours=1), on=date(2026, 3, 20))
    assert again.granted < run.granted / 20, "only those who became entitled since"


def test_company_run_pays_the_right_ones(city: Path) -> None:
    run = execute(NOW, audience="company")
    wanted = restated_companies.expected(restated_companies.read_companies(city.parent / "company"), f"{DAY:%Y}")
    both = wanted.merge(granted(), how="outer", indicator=True, on=list(wanted.columns))
    assert both[both._merge != "both"].head(20).to_dict("records") == []
    assert set(wanted.benefit) <= {benefit.code for benefit in list_benefits(audience="company")}
    assert wanted.benefit.nunique() == len(list_benefits(audience="company"))
    assert len(wanted) == run.granted
    assert execute(NOW + timedelta(hours=1), on=date(2026, 3, 20), audience="company").granted == 0


def test_restates_every_benefit_for_people(city: Path) -> None:
    people = restated.read_people(city).head(100)
    city_of_100 = restated.City(people, pd.Timestamp(DAY))
    restated_codes = {code for part in restated.PARTS for code in part(city_of_100)}
    assert restated_codes == {benefit.code for benefit in list_benefits(audience="person")}
    assert len(restated_codes) >= LEAST


def test_home_is_not_the_users_own(city: Path) -> None:
    assert Path(settings.HOME) in city.parents
