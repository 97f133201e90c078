"""Why, or why not me: decided again with its reasons, from the facts of the version that the run read."""

from datetime import datetime

from zhicheng.apps.benefits.models import BenefitRun
from zhicheng.apps.benefits.queries.catalogue import benefit_of, get_benefit, label_of, list_benefits
from zhicheng.apps.benefits.queries.entitlements import my_key, own_row
from zhicheng.apps.benefits.values import Benefit, Told
from zhicheng.core.lake.public import connect, facts_of, has_table
from zhicheng.core.parties.values import Actor
from zhicheng.core.rules.public import Fact, evaluate, explain, facts_needed
from zhicheng.core.rules.values import Verdict
from zhicheng.kit.clock import CHINA


def why_granted(actor: Actor, entitlement: int) -> Told:
    """The reasons of one's own entitlement, by the rulebook and the table version of its run.

    Raises:
        IdentityNeeded, EntitlementNotFound: it is not the actor's.
    """
    row = own_row(actor, entitlement)
    return _told(_benefit_in(row.run, row.benefit), my_key(actor), row.run)


def why_me(actor: Actor, benefit: str, *, now: datetime) -> Told:
    """Why one gets a benefit or not: by the newest computed run that had it, else by today's facts.

    Raises:
        BenefitUnknown: the pack has no such benefit.
        IdentityNeeded: nobody knows who the actor is.
    """
    known = get_benefit(benefit)
    key = my_key(actor)
    runs = BenefitRun.objects.filter(audience=known.audience, approved_at__isnull=False, benefits__contains=[benefit])
    run = runs.order_by("-planned_at").first()
    if run is None:
        run = BenefitRun(audience=known.audience, on_date=now.astimezone(CHINA).date())
        return _told(known, key, run)
    return _told(_benefit_in(run, benefit), key, run)


def list_about_me(actor: Actor, *, now: datetime) -> list[Told]:
    """Every benefit for people, for the actor, those entitled first.

    Raises:
        IdentityNeeded: nobody knows who the actor is.
    """
    key = my_key(actor)
    run = BenefitRun(audience="person", on_date=now.astimezone(CHINA).date())
    told = [_told(each, key, run) for each in list_benefits(audience="person")]
    return sorted(told, key=lambda each: (_ORDER.get(each.outcome, 9), each.benefit.label))


_ORDER = {"yes": 0, "unknown": 1, "no": 2}


def _benefit_in(run: BenefitRun, code: str) -> Benefit:
    for definition in run.definitions["benefits"]:
        if benefit_of(definition).code == code:
            return benefit_of(definition)
    return get_benefit(code)


def _told(benefit: Benefit, key: str, run: BenefitRun) -> Told:
    rules = (benefit.rule, benefit.amount)
    version = int(run.table_version.rpartition("@")[2]) if run.table_version else None
    needed = facts_needed(rules, rulebook=run.rulebook)
    columns = needed or None
    found = facts_of(benefit.audience, key, as_of=version, columns=columns) if has_table(benefit.audience) else None
    held = found.facts if found else {}
    facts = {code: Fact(fact.value, fact.source) for code, fact in held.items()}
    right, amount = evaluate(rules, facts, on=run.on_date, rulebook=run.rulebook)
    told = [right, amount] if right.outcome == "yes" else [right]
    return Told(
        benefit=benefit,
        outcome=right.outcome,
        amount_cents=_cents(right, amount),
        lines=tuple(line for verdict in told for line in explain(verdict).splitlines()),
        rules=tuple(f"{verdict.rule}（版本 {verdict.version[:12]}）" for verdict in told),
        on=run.on_date,
        table_version=found.version.label if found else "",
        excluded_by=_excluded_by(run, benefit.code, key),
    )


def _cents(right: Verdict, amount: Verdict) -> int | None:
    return int(str(amount.value)) if right.outcome == "yes" and amount.value is not None else None


def _excluded_by(run: BenefitRun, benefit: str, key: str) -> str:
    """What kept somebody who is entitled from getting it: another benefit, or a member of the household."""
    if not run.result_table or not has_table(run.result_table):
        return ""
    sql = f'SELECT outcome, by_benefit FROM "{run.result_table}" WHERE person_key = ? AND benefit = ?'
    with connect([run.result_table]) as lake:
        rows = lake.execute(sql, [key, benefit]).fetchall()
    for outcome, by in rows:
        if outcome == "excluded":
            return f"已按规定领取“{label_of(by)}”，两项不能同时领取"
        if outcome == "household":
            return "这项补贴按户发放，已发给家里的另一位成员"
    return ""
