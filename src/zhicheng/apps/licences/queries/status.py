"""What verifiers get: the issuer with its keys and types, and the status lists, as the W3C describes them."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q

from zhicheng.apps.licences.crypto import issuer_keys
from zhicheng.apps.licences.errors import LicenceNotFound
from zhicheng.apps.licences.models import Licence
from zhicheng.apps.licences.policy.claims import REFRESH, REVOCATION, SUSPENSION, context_url, list_url
from zhicheng.apps.licences.queries.types import list_licence_types
from zhicheng.core.packs.public import current_pack
from zhicheng.engines.credentials.integrity import add_proof, instant_text
from zhicheng.engines.credentials.statuslist import ENTRIES, StatusList, encode, unsigned_list

FRESH_FOR = timedelta(days=1)  # how long a verifier may go by a list without asking again
PURPOSES = (REVOCATION, SUSPENSION, REFRESH)
_VOCABULARY = "#"


def named_issuer_keys() -> set[str]:
    """The ids of all keys by which licences were signed: each must be held, or what it signed cannot be checked."""
    return set(Licence.objects.order_by().values_list("issuer_key", flat=True).distinct()) - {""}


def status_list(purpose: str, number: int, *, now: datetime) -> dict[str, Any]:
    """A status list as a signed credential.

    Raises:
        LicenceNotFound: there is no such list.
    """
    if purpose not in PURPOSES or not 0 <= number < count_lists():
        raise LicenceNotFound()
    keys = issuer_keys()
    issuer, key = keys.issuer(), keys.current()
    about = StatusList(list_url(issuer, purpose, number), purpose, issuer, now + FRESH_FOR)
    document = unsigned_list(about, encode(_marked(purpose, number)), at=now)
    if key.signing is None:
        raise LicenceNotFound()
    return add_proof(document, key.signing, method=keys.method(key), created=now)


def count_lists() -> int:
    """How many lists of each purpose there are; one at least."""
    highest = Licence.objects.aggregate(highest=Max("status_index"))["highest"]
    return 1 if highest is None else highest // ENTRIES + 1


def trust_document(*, now: datetime) -> dict[str, Any]:
    """What a verifier keeps to check licences without a connection: issuer, keys, lists, and words for people."""
    keys = issuer_keys()
    issuer = keys.issuer()
    keys.current()  # the first key is made now rather than with the first licence
    return {
        "issuer": issuer,
        "name": current_pack().name,
        "context": context_url(issuer),
        "listBase": issuer.removesuffix("/issuer") + "/status/",
        "lists": count_lists(),
        "entries": ENTRIES,
        "keys": [{"id": key.id, "multikey": key.multikey, "suite": key.suite} for key in keys.published()],
        "types": {
            each.code: {
                "label": each.label,
                "illustrative": each.illustrative,
                "fields": {line.code: line.label for line in each.fields},
            }
            for each in list_licence_types()
        },
        "at": instant_text(now),
    }


def issuer_document() -> dict[str, Any]:
    """The issuer as a controlled identifier document (W3C Controlled Identifiers 1.0)."""
    keys = issuer_keys()
    issuer = keys.issuer()
    keys.current()
    methods = [
        {"id": f"{issuer}#{key.id}", "type": "Multikey", "controller": issuer, "publicKeyMultibase": key.multikey}
        for key in keys.published()
    ]
    return {
        "@context": ["https://www.w3.org/ns/cid/v1"],
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def context_document() -> dict[str, Any]:
    """The JSON-LD context of our terms: all under one vocabulary."""
    return {"@context": {"@vocab": context_url(issuer_keys().issuer()) + _VOCABULARY}}


def _marked(purpose: str, number: int) -> list[int]:
    first = number * ENTRIES
    rows = Licence.objects.filter(status_index__gte=first, status_index__lt=first + ENTRIES)
    marks = {
        SUSPENSION: Q(suspended_at__isnull=False),
        REFRESH: Q(replaced_at__isnull=False, revoked_at__isnull=True),
        REVOCATION: Q(revoked_at__isnull=False) | Q(replaced_at__isnull=False),
    }
    rows = rows.filter(marks[purpose])
    return [index - first for index in rows.values_list("status_index", flat=True)]
