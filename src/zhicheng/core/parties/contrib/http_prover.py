"""The identity prover that asks a provider by HTTP, at `settings.IDENTITY_URL` with `settings.IDENTITY_KEY` as Bearer.

One POST of JSON: `{"name", "id_number", "token"}` → `{"outcome": "proven|not_matching|not_available", "level":
"basic|face"}`. A city whose provider speaks otherwise puts a small relay in front, or registers a prover of its own.
Anything but a well-formed answer within five seconds is `not_available`: nobody is proven by an error.
"""

import json
import urllib.request
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from zhicheng.core.parties.base import ProofAnswer, ProofOutcome
from zhicheng.core.parties.values.identities import PROOF_LEVELS, IdentityClaim

_TIMEOUT_S, _MOST_BYTES = 5.0, 20_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_AWAY = ProofAnswer(ProofOutcome.NOT_AVAILABLE)
_log = structlog.get_logger("zhicheng.parties")


class HttpProver:
    """Asks over HTTPS; plain HTTP to this machine only."""

    label = "身份核验服务"

    def prove(self, claim: IdentityClaim, *, now: datetime) -> ProofAnswer:
        """What the provider says."""
        del now
        url = str(settings.IDENTITY_URL)
        if not _may_be_asked(url):
            _log.error("identity provider is not configured, or not by HTTPS")
            return _AWAY
        try:
            return _read(_ask(url, claim))
        except (OSError, HTTPException, ValueError, TypeError, AttributeError) as error:
            _log.warning("identity provider did not answer", error=type(error).__name__)
            return _AWAY


def _may_be_asked(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _ask(url: str, claim: IdentityClaim) -> bytes:
    body = json.dumps({"name": claim.name, "id_number": claim.id_number, "token": claim.token}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.IDENTITY_KEY}"}
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310  # `_may_be_asked`
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
        content: bytes = answer.read(_MOST_BYTES)
    return content


def _read(content: bytes) -> ProofAnswer:
    said: Any = json.loads(content)
    outcome = ProofOutcome(said.get("outcome"))
    level = said.get("level", "basic")
    if outcome is ProofOutcome.PROVEN and level not in PROOF_LEVELS:
        raise ValueError("unknown level")
    return ProofAnswer(outcome, level if outcome is ProofOutcome.PROVEN else "")
