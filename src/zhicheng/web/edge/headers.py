"""Headers that web and the door write alike."""

import re
from uuid import uuid4

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id_of(given: str) -> str:
    """The number that a request brings, where it can be one; else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex
