"""What lets a person without an account follow a case: a code derived from its number, and a signed link."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.core import signing

from zhicheng.core.cases.errors import CaseNotFound

# Crockford's base 32: no letters that are mistaken for digits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LINK_SALT = "zhicheng.cases.requester-link"


def follow_code(number: str) -> str:
    """Eight characters (40 bits) that belong to a case number, under the installation's own key."""
    digest = hmac.new(settings.FOLLOW_CODE_KEY.encode(), number.encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:5])
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(35, -1, -5))


def is_follow_code(number: str, code: str) -> bool:
    """Whether a typed code belongs to a number; case, blanks, O for 0 and I or L for 1 do not matter."""
    plain = code.strip().upper().replace(" ", "").replace("-", "")
    plain = plain.replace("O", "0").replace("I", "1").replace("L", "1")
    return hmac.compare_digest(plain.encode(), follow_code(number).encode())


def requester_link(case_id: UUID) -> str:
    """The path that lets the requester see, supplement and rate a case without an account; it cannot be made up."""
    token = signing.dumps(case_id.hex, salt=_LINK_SALT)
    return f"/t/{token}/"


def case_of_link(token: str) -> UUID:
    """The case that a link's token names.

    Raises:
        CaseNotFound: the token was not made by this city.
    """
    try:
        return UUID(hex=signing.loads(token, salt=_LINK_SALT))
    except (signing.BadSignature, ValueError):
        raise CaseNotFound() from None
