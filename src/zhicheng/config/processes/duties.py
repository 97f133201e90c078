"""What the worker does, by lane and in order of urgency: name, function, seconds of rest after nothing was done."""

from datetime import datetime, timedelta

from django.conf import settings

from zhicheng.apps.appeals.public import CLASSIFIER
from zhicheng.apps.assistant.public import sweep_conversations
from zhicheng.apps.benefits.public import advance_runs, sweep_results
from zhicheng.apps.governance.public import compute_next, sample_health, sweep_runs
from zhicheng.apps.licences.public import purge_presentations, remind_expiring
from zhicheng.apps.policies.public import push_daily
from zhicheng.apps.services.public import decide_waiting
from zhicheng.apps.twin.public import check_watched, prepare_tiles
from zhicheng.config.processes.indexing import Indexer
from zhicheng.core.cases.public import fire_due_clocks, recompute_clocks, sweep_drafts
from zhicheng.core.forms.public import read_waiting, sweep_forms
from zhicheng.core.knowledge.public import gather_documents, retrain_if_grown
from zhicheng.core.lake.public import (
    compact_tables,
    project_changes,
    rebuild_missing,
    sweep_changes,
    sweep_versions,
)
from zhicheng.core.ledger.public import purge_idempotency, relay_outbox, seal
from zhicheng.core.notices.public import send_due
from zhicheng.core.parties.public import purge_sessions, purge_sms_codes, purge_throttle, rotate_personal_keys
from zhicheng.core.places.public import keep_addresses, keep_layers, list_layers
from zhicheng.core.rules.public import sweep_verdicts
from zhicheng.core.telemetry.public import feed_layer, notice_silence, raise_alarms, tend_observations

_ENOUGH_NEW = 200


def _relay(at: datetime) -> int:
    return relay_outbox(now=at, limit=500)


def _project(at: datetime) -> int:
    """Events are in the lake within seconds; nothing is asked of the duty when nothing has changed."""
    project_changes(now=at)
    return 0


def _compute(at: datetime) -> int:
    """One base of indicators at a time: events and clocks do not wait for the others."""
    return compute_next(now=at)


def _sample(at: datetime) -> int:
    sample_health(now=at)
    return 0


def _compact(at: datetime) -> int:
    compact_tables(now=at)
    return 0


def _found(at: datetime) -> int:
    """Tables that a new pack declares."""
    rebuild_missing(now=at)
    return 0


def _fire(at: datetime) -> int:
    return fire_due_clocks(at, 500)


def _watch(at: datetime) -> int:
    """Saved questions, a few at a time: each is a query over the city."""
    return check_watched(now=at, limit=5)


def _send(at: datetime) -> int:
    """A few at a time: each waits for the provider, and events and clocks must not wait for it."""
    return send_due(now=at, limit=20)


def _seal(at: datetime) -> int:
    return seal(now=at, limit=2000)


def _sweep(at: datetime) -> int:
    """Housekeeping that nobody waits for; the next round is an hour away whatever it did."""
    purge_idempotency(now=at)
    purge_sms_codes(before=at - timedelta(days=1))
    purge_throttle(now=at)
    purge_sessions(now=at)
    sweep_drafts(at)
    sweep_forms(at)
    sweep_conversations(at)
    sweep_runs(now=at)
    return 0


def _sweep_lake(at: datetime) -> int:
    """Tables of old runs and long replaced versions of registers, by the operator's retention."""
    results = at - timedelta(days=settings.LAKE_RESULTS_DAYS)
    sweep_verdicts(before=results, now=at)
    sweep_results(before=results, now=at)
    sweep_changes(before=at - timedelta(hours=settings.LAKE_CHANGES_HOURS))
    layers = [layer.table.code for layer in list_layers()]
    sweep_versions(before=at - timedelta(days=settings.LAKE_VERSIONS_DAYS), now=at, more=layers)
    return 0


def _forget_shown(at: datetime) -> int:
    """Codes of licences that could no longer be shown."""
    return purge_presentations(now=at)


def _reseal(at: datetime) -> int:
    """After a key rotation was started: re-seal what is still under an older key, batch by batch."""
    return rotate_personal_keys(now=at).remaining


def _learn(at: datetime) -> int:
    """Train again when enough new confirmed cases have come in."""
    retrain_if_grown(CLASSIFIER, at, _ENOUGH_NEW)
    return 0


# What events, clocks and alarms wait for: each takes milliseconds.
PROMPT = (
    ("relay", _relay, 0.1),
    ("clocks", _fire, 1.0),
    ("project", _project, 1.0),
    ("alarms", raise_alarms, 0.5),
    ("services", decide_waiting, 0.5),
    ("seal", _seal, 0.5),
    ("silence", notice_silence, 10.0),
)
# What somebody waits for, and what may itself wait seconds for a provider, a photo, a query.
ATTENDED = (
    ("calendars", recompute_clocks, 5.0),
    ("notices", _send, 0.5),
    ("materials", read_waiting, 2.0),
    ("documents", gather_documents, 10.0),
    ("devices", feed_layer, 10.0),
    ("health", _sample, 60.0),
    ("questions", _watch, 20.0),
    ("reminders", remind_expiring, 600.0),
    ("presentations", _forget_shown, 60.0),
)
# What may take minutes.
PATIENT = (
    ("compact", _compact, 15.0),
    ("benefits", advance_runs, 2.0),
    ("tables", _found, 60.0),
    ("indicators", _compute, 1.0),
    ("index", Indexer().attempt, 1.0),
    ("layers", keep_layers, 60.0),
    ("addresses", keep_addresses, 60.0),
    ("sweep", _sweep, 3600.0),
    ("policies", push_daily, 600.0),
    ("lake", _sweep_lake, 3600.0),
    ("tiles", prepare_tiles, 10.0),
    ("observations", tend_observations, 60.0),
    ("learn", _learn, 1800.0),
    ("reseal", _reseal, 600.0),
)
