"""Where the copy of a lake lies: read from an address such as `s3://bucket/prefix` and the address of the store."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from zhicheng.core.lake.errors import CopyMisplaced

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True)
class Bucket:
    """A prefix in a bucket. `is_virtual`: the bucket stands in the host's name, as some stores insist."""

    scheme: str
    host: str
    name: str
    prefix: str
    is_virtual: bool

    @property
    def address(self) -> str:
        """As the operator writes it."""
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    @property
    def asked_host(self) -> str:
        """The host that is asked."""
        return f"{self.name}.{self.host}" if self.is_virtual else self.host

    def path_of(self, key: str) -> str:
        """The path of an object, or of the bucket for an empty key."""
        whole = f"{self.prefix}/{key}".strip("/") if key else ""
        return f"/{whole}" if self.is_virtual else f"/{self.name}/{whole}".rstrip("/")


def read_bucket(address: str, *, endpoint: str = "", region: str = "us-east-1", is_virtual: bool = False) -> Bucket:
    """An address and where its store answers; Amazon's own where no endpoint is named.

    Raises:
        CopyMisplaced: one of them cannot be read.

    >>> read_bucket("s3://city/lake/", endpoint="http://127.0.0.1:9000").path_of("case/_newest")
    '/city/lake/case/_newest'
    >>> read_bucket("s3://city", region="cn-north-1", is_virtual=True).asked_host
    'city.s3.cn-north-1.amazonaws.com.cn'
    """
    parts = urlsplit(address)
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise CopyMisplaced(why=f"ZHICHENG_LAKE_S3 应写成 s3://桶/前缀，现在是“{address}”。")
    china = ".cn" if region.startswith("cn-") else ""
    store = urlsplit(endpoint or f"https://s3.{region}.amazonaws.com{china}")
    if store.scheme not in {"http", "https"} or not store.netloc or store.path.strip("/") or store.username:
        raise CopyMisplaced(why=f"AWS_ENDPOINT_URL 应写成 https://主机:端口，现在是“{endpoint}”。")
    return Bucket(store.scheme, store.netloc, parts.netloc, parts.path.strip("/"), is_virtual)
