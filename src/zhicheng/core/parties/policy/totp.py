"""Time-based one-time passwords. Source: RFC 6238 (TOTP) over RFC 4226 (HOTP), SHA-1, 30 s, six digits."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

PERIOD_S = 30
_TOLERANCE_STEPS = 1  # the clock of a telephone may be one step off, either way


def step_at(now: datetime) -> int:
    """The number of the time step that holds an instant."""
    return int(now.timestamp()) // PERIOD_S


def hotp(secret: bytes, counter: int, *, digits: int = 6) -> str:
    """The code for one counter.

    >>> hotp(b"12345678901234567890", 1)
    '287082'
    """
    mac = hmac.digest(secret, counter.to_bytes(8, "big"), hashlib.sha1)
    offset = mac[-1] & 0x0F
    value = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**digits:0{digits}}"


def matching_step(secret: bytes, code: str, now: datetime, *, last_step: int) -> int | None:
    """The step whose code was given, if it is near `now` and later than the last one used; else None.

    A code counts once: after step n was used, n and everything before it are refused.
    """
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return None
    present, found = step_at(now), None
    for step in range(present - _TOLERANCE_STEPS, present + _TOLERANCE_STEPS + 1):
        if hmac.compare_digest(hotp(secret, step), code) and step > last_step:
            found = step
    return found


def base32(secret: bytes) -> str:
    """The secret as an authenticator app takes it by hand."""
    return base64.b32encode(secret).decode().rstrip("=")


def enrolment_uri(secret: bytes, *, login: str, issuer: str) -> str:
    """The `otpauth:` address that a QR code carries."""
    label = quote(f"{issuer}:{login}")
    return f"otpauth://totp/{label}?secret={base32(secret)}&issuer={quote(issuer)}&digits=6&period={PERIOD_S}"
