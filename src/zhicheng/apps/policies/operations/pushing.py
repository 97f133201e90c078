"""Telling people about policies that fit them: only those who agreed, each version once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhicheng.apps.policies.queries.library import issuer_name
from zhicheng.apps.policies.queries.matching import match_policies
from zhicheng.apps.policies.queries.profiles import list_profiles
from zhicheng.apps.policies.values import Match
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.core.packs.public import current_pack, current_release
from zhicheng.core.parties.public import (
    consents_in_force,
    give_consent,
    list_consents,
    note_consent_use,
    withdraw_consent,
)
from zhicheng.core.parties.values import Actor, NewConsent, system_actor
from zhicheng.kit.clock import CHINA
from zhicheng.kit.ids import uuid7

CONSENT = "policy_push"
MESSAGE = "policy.match"
PURPOSE = "用我填写的情况和政府部门掌握的我的情况匹配政策，有适合的就发消息告诉我"
PUSHER = system_actor("policies.pushing")
_BATCH = 500


def agree_to_pushes(*, actor: Actor, now: datetime) -> int:
    """Agree to be told; returns how many messages that gave at once.

    Raises:
        NotPermitted: nobody is signed in.
    """
    give_consent(NewConsent(CONSENT, PURPOSE), actor=actor, now=now)
    return sum(push_to(actor.party_id, entity, now=now) for entity in ("person", "company")) if actor.party_id else 0


def stop_pushes(*, actor: Actor, now: datetime) -> None:
    """Take the consent back; nothing more is sent."""
    if actor.party_id is None:
        return
    for consent in list_consents(actor.party_id):
        if consent.source == CONSENT and consent.withdrawn_at is None:
            withdraw_consent(consent.id, actor=actor, now=now)


def gets_pushes(party: UUID) -> bool:
    """Whether somebody agreed to be told."""
    return CONSENT in consents_in_force(party, [CONSENT])


def push_to(party: UUID, entity: str, *, now: datetime) -> int:
    """Tell one party about the policies that fit; how many fit. Nothing without consent, nothing twice."""
    consent = consents_in_force(party, [CONSENT]).get(CONSENT)
    if consent is None:
        return 0
    matches = match_policies(party, entity, on=now.astimezone(CHINA).date())
    requests = [_request(party, match, now) for match in matches if match.outcome == "yes"]
    with transaction.atomic():
        notify(*requests, now=now)
        if requests:
            note_consent_use(consent, f"匹配政策，有 {len(requests)} 项适合，发过消息", now=now)
    return len(requests)


def push_all(now: datetime) -> int:
    """Tell everybody who agreed; one ledger entry for the run. How many pairs of profile and policy fit."""
    after: UUID | None = None
    profiles = told = 0
    while batch := list_profiles(after, _BATCH):
        for _, party, entity in batch:
            told += push_to(party, entity, now=now)
        profiles += len(batch)
        after = batch[-1][0]
    release = current_release()
    data = {"profiles": profiles, "matches": told, "pack": release.digest}
    with transaction.atomic():
        record(Entry(uuid7(now), now, PUSHER.ref, "policies.pushed", f"release:{release.version}", data=data))
    return told


def _request(party: UUID, match: Match, now: datetime) -> NoticeRequest:
    policy = match.policy
    version = policy.current(now.astimezone(CHINA).date())
    params = {
        "city": current_pack().name,
        "title": policy.label,
        "unit": issuer_name(policy.issuer, policy.region),
        "reason": policy.support,
        "number": version.number,
    }
    link = f"/services/items/{policy.item}/apply/" if policy.item else f"/policies/{policy.code}/"
    cause = f"policy:{policy.code}:{version.code}"
    return NoticeRequest(f"party:{party}", MESSAGE, cause, params, link, (Channel.IN_APP,))
