"""How the platform itself does, once a minute, as rows of the lake: indicators count nothing but the lake."""

from datetime import datetime

from zhicheng.apps.governance.policy.periods import period_of
from zhicheng.core.cases.public import case_gauges
from zhicheng.core.lake.errors import EntityUndeclared
from zhicheng.core.lake.public import append_rows, count_waiting, get_entity
from zhicheng.core.ledger.public import ledger_gauges
from zhicheng.core.notices.public import notice_gauges
from zhicheng.core.packs.public import NoPackInstalled

HEALTH = "health"


def sample_health(*, now: datetime) -> int:
    """Write one row; a second worker in the same minute writes it again. 0 where the pack has no such table."""
    try:
        table = get_entity(HEALTH)
    except (EntityUndeclared, NoPackInstalled):
        return 0
    ledger, notices, cases = ledger_gauges(now=now), notice_gauges(now=now), case_gauges(now)
    row = {
        "sample_id": f"{period_of(now, 'hour')}:{now:%M}",
        "at": now,
        "outbox_rows": ledger.outbox_rows,
        "outbox_parked": ledger.outbox_parked,
        "outbox_oldest_s": ledger.outbox_oldest_s,
        "unsealed_rows": ledger.unsealed_rows,
        "unsealed_oldest_s": ledger.unsealed_oldest_s,
        "notices_waiting": notices.waiting_rows,
        "notices_failed": notices.failed_rows,
        "notices_oldest_s": notices.waiting_oldest_s,
        "clocks_waiting": cases.unfired_clocks,
        "changes_waiting": count_waiting(),
    }
    append_rows(table, [row], now=now)
    return 1
