"""Who may connect to the broker: NATS asks us for each connection (auth callout), we answer with what it may do.

A device shows its key and the password derived from it; it may publish under its own topic, and nothing else. No
table is asked: a storm of reconnecting devices costs two signatures each. Source: NATS ADR-26, nkeys, JWT v2.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SUBJECT = "$SYS.REQ.USER.AUTH"
_ACCOUNT_PREFIX = 0
_HEADER = b'{"typ":"JWT","alg":"ed25519-nkey"}'
_ACCOUNT = "$G"
LIFE_S = 3600  # of a connection


class Signer:
    """Our key as the issuer of rights, derived from a secret: the server and whoever answers it need not meet."""

    def __init__(self, secret: str) -> None:
        seed = hmac.digest(secret.encode(), b"issuer of rights at the broker", "sha256")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.name = encode_key(_ACCOUNT_PREFIX, raw)

    def sign(self, claims: dict[str, Any]) -> str:
        """Claims as a signed token."""
        claims = {**claims, "iat": int(time.time()), "iss": self.name}
        claims["jti"] = hashlib.sha256(json.dumps(claims, sort_keys=True).encode()).hexdigest()[:32]
        parts = [_HEADER, json.dumps(claims, separators=(",", ":")).encode()]
        text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        signature = base64.urlsafe_b64encode(self._key.sign(text)).rstrip(b"=")
        return (text + b"." + signature).decode()


def encode_key(kind: int, raw: bytes) -> str:
    """A public key as nkeys write it: kind, key, CRC-16 in base 32."""
    body = bytes([kind << 3]) + raw
    checked = body + binascii.crc_hqx(body, 0).to_bytes(2, "little")
    return base64.b32encode(checked).rstrip(b"=").decode()


def read_claims(token: bytes) -> dict[str, Any]:
    """What a token says. Its signature is not looked at: it came over the connection that only the server answers."""
    body = token.split(b".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    return found


def answer(
    request: bytes, signer: Signer, subjects_for: Callable[[str, str], list[str] | None], *, life_s: int
) -> bytes:
    """The answer to one question of the server; `subjects_for` takes user and password, None lets nobody in.

    The server ends the connection after `life_s`; whoever is still allowed connects again, and a key that was changed
    or retired meanwhile is not.
    """
    asked = read_claims(request)["nats"]
    options = asked.get("connect_opts") or {}
    user, password = str(options.get("user", "")), str(options.get("pass", ""))
    nats: dict[str, Any] = {"type": "authorization_response", "version": 2}
    subjects = subjects_for(user, password)
    if subjects is None:
        nats["error"] = "not allowed"
    else:
        nats["jwt"] = signer.sign(_rights(asked["user_nkey"], user, subjects, life_s))
    claims = {"sub": asked["user_nkey"], "aud": asked["server_id"]["id"], "nats": nats}
    return signer.sign(claims).encode()


def _rights(key: str, device: str, subjects: list[str], life_s: int) -> dict[str, Any]:
    nats = {
        "type": "user",
        "version": 2,
        "pub": {"allow": subjects},
        "sub": {"allow": subjects},
        "subs": 10,
        "data": -1,
        "payload": 65_536,
    }
    ends = int(time.time()) + life_s + zlib.crc32(device.encode()) % (life_s // 4 + 1)  # not all at once
    return {"sub": key, "aud": _ACCOUNT, "name": device, "exp": ends, "nats": nats}
