"""Signature version 4 of Amazon Web Services, which every object store that speaks S3 understands.

Source: AWS, Signature Version 4 signing process, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

_SAFE = "-_.~"


@dataclass(frozen=True)
class Access:
    """Who asks. `secret` and `token` are never shown."""

    key_id: str
    secret: str = field(repr=False)
    region: str = "us-east-1"
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Call:
    """What is asked. `path` is not yet encoded and begins with a slash."""

    method: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body_digest: str = hashlib.sha256(b"").hexdigest()


def encode_path(path: str) -> str:
    """A path as it is signed and sent: every character but letters, digits, `-_.~` and slashes encoded.

    >>> encode_path("/lake/day=2026-11-23/湖")
    '/lake/day%3D2026-11-23/%E6%B9%96'
    """
    return quote(path, safe=f"/{_SAFE}")


def encode_query(query: Mapping[str, str]) -> str:
    """A query as it is signed and sent: by name.

    >>> encode_query({"prefix": "a/b", "list-type": "2"})
    'list-type=2&prefix=a%2Fb'
    """
    return "&".join(f"{quote(name, safe=_SAFE)}={quote(value, safe=_SAFE)}" for name, value in sorted(query.items()))


def sign(call: Call, access: Access, *, now: datetime) -> dict[str, str]:
    """All headers of a call, with the one that proves who asks."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {**call.headers, "host": call.host, "x-amz-content-sha256": call.body_digest, "x-amz-date": stamp}
    if access.token:
        headers["x-amz-security-token"] = access.token
    names = ";".join(sorted(name.lower() for name in headers))
    lines = "".join(f"{name}:{value}\n" for name, value in sorted((n.lower(), v.strip()) for n, v in headers.items()))
    path, query = encode_path(call.path), encode_query(call.query)
    canonical = f"{call.method}\n{path}\n{query}\n{lines}\n{names}\n{call.body_digest}"
    scope = f"{stamp[:8]}/{access.region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    proof = hmac.new(_key(access, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
    told = f"Credential={access.key_id}/{scope}, SignedHeaders={names}, Signature={proof}"
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 {told}"}


def _key(access: Access, day: str) -> bytes:
    key = f"AWS4{access.secret}".encode()
    for part in (day, access.region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
