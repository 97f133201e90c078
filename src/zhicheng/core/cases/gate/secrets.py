"""The secret code of an anonymous case: only a keyed digest is stored."""

import hashlib
import hmac

from django.conf import settings


def secret_digest(code: str) -> bytes:
    """HMAC-SHA256 of a code under the installation's secret; upper and lower case, O and 0, I and 1 are one."""
    plain = code.strip().upper().replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    return hmac.new(settings.SECRET_KEY.encode(), b"case-secret:" + plain.encode(), hashlib.sha256).digest()
