"""An object store that speaks S3: the few calls that a copy of the lake needs.

Its own client because put-if-absent decides who may write a version, and neither pyarrow nor deltalake hand it out
(docs/adr/0059). At most one part of a file is in memory.
"""

import hashlib
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote_plus

import httpx

from zhicheng.core.lake.errors import BucketUnknown, CopyFailed, CopyRefused, CopyUnreachable
from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.policy.buckets import Bucket
from zhicheng.core.lake.policy.signing import Access, Call, encode_path, encode_query, sign
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

PART_BYTES = 16 * 1024 * 1024
PAGE = 1000  # the most that may be listed or removed in one call
_TIMES = httpx.Timeout(60.0, connect=5.0)
_PAUSES_S = (0.3, 1.0)
_BUSY = {409, 429, 500, 502, 503, 504}
_DENIED = {"AuthorizationHeaderMalformed", "ExpiredToken", "InvalidToken"}  # said with 400
_CODE = re.compile(r"<Code>([A-Za-z0-9]+)</Code>")
_UPLOAD = re.compile(r"<UploadId>([^<]+)</UploadId>")
_NEXT = re.compile(r"<NextContinuationToken>([^<]+)</NextContinuationToken>")
_FOUND = re.compile(r"<Contents>(.*?)</Contents>", re.DOTALL)
_BEGUN = re.compile(r"<Upload>(.*?)</Upload>", re.DOTALL)
_KEY, _SIZE = re.compile(r"<Key>([^<]*)</Key>"), re.compile(r"<Size>(\d+)</Size>")


@dataclass(frozen=True)
class Held:
    """An object of the store. `key` is without the prefix."""

    key: str
    size_bytes: int


@dataclass
class ObjectStore:
    """Objects below a prefix. Any number of threads may ask."""

    bucket: Bucket
    access: Access
    clock: Callable[[], datetime] = now
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(timeout=_TIMES, follow_redirects=False)

    def __enter__(self) -> "ObjectStore":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(self, key: str) -> bytes | None:
        """A small object; None where there is none."""
        answer = self._send("GET", key, allowed={404})
        return None if answer.status_code == 404 else answer.content

    def size_of(self, key: str) -> int | None:
        """How large an object is; None where there is none."""
        answer = self._send("HEAD", key, allowed={404})
        return None if answer.status_code == 404 else int(answer.headers["content-length"])

    def put(self, key: str, body: bytes) -> None:
        """Write an object, over one that is there."""
        self._send("PUT", key, body=body)

    def put_new(self, key: str, body: bytes) -> bool:
        """Write an object unless there is one; False where there is."""
        answer = self._send("PUT", key, body=body, headers={"if-none-match": "*"}, allowed={412, 501})
        if answer.status_code != 501:
            return answer.status_code != 412
        if self.size_of(key) is not None:  # a store that knows no such condition; only the owner writes
            return False
        self.put(key, body)
        return True

    def put_file(self, key: str, path: Path) -> None:
        """Write a file, in parts where it is large; it appears whole or not at all.

        Raises:
            FileNotFoundError: it is gone.
        """
        with path.open("rb") as file:
            first = file.read(PART_BYTES)
            if len(first) < PART_BYTES:
                self.put(key, first)
                return
            begun = _UPLOAD.search(self._send("POST", key, {"uploads": ""}).text)
            if begun is None:
                raise CopyFailed(status=200, reason="UploadId", key=key)
            upload = {"uploadId": unescape(begun[1])}
            try:
                self._put_parts(key, upload, first, file.read)
            except BaseException:
                with suppress(ZhichengError):  # else it is given up when the copy is tidied
                    self._send("DELETE", key, upload, allowed={404})
                raise

    def _put_parts(self, key: str, upload: Mapping[str, str], part: bytes, read: Callable[[int], bytes]) -> None:
        tags: list[str] = []
        while part:
            place = {**upload, "partNumber": str(len(tags) + 1)}
            tags.append(self._send("PUT", key, place, body=part).headers["etag"])
            part = read(PART_BYTES)
        lines = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>" for number, tag in enumerate(tags, 1)
        )
        body = f"<CompleteMultipartUpload>{lines}</CompleteMultipartUpload>".encode()
        answer = self._send("POST", key, upload, body=body)
        if fault := _CODE.search(answer.text):  # it may fail after it has said 200
            raise CopyFailed(status=answer.status_code, reason=fault[1], key=key)

    def fetch(self, key: str, path: Path) -> None:
        """Bring an object into a file, which is on the disk afterwards.

        Raises:
            CopyFailed: there is none.
        """
        for pause_s in _PAUSES_S:
            try:
                return self._fetch(key, path)
            except (CopyUnreachable, CopyFailed):
                time.sleep(pause_s)
        return self._fetch(key, path)

    def _fetch(self, key: str, path: Path) -> None:
        url, headers = self._signed("GET", key, {}, b"", {})
        try:
            with self._client.stream("GET", url, headers=headers) as answer, path.open("wb") as file:
                if answer.status_code != 200:
                    answer.read()
                    self._refuse(answer, key)
                for piece in answer.iter_raw(1 << 20):
                    file.write(piece)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        sync(path)

    def list(self, folder: str = "") -> Iterator[Held]:
        """Every object of a folder and those below it."""
        query = {"list-type": "2", "max-keys": str(PAGE), **self._below(folder)}
        while True:
            text = self._send("GET", "", query).text
            for found in _FOUND.findall(text):
                key, size = _KEY.search(found), _SIZE.search(found)
                if key and size:
                    yield Held(self._own(unquote_plus(unescape(key[1]))), int(size[1]))
            more = _NEXT.search(text)
            if more is None:
                return
            query["continuation-token"] = unescape(more[1])

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects in their order; nothing where there is none."""
        for start in range(0, len(keys), PAGE):
            lines = "".join(
                f"<Object><Key>{escape(self._whole(key))}</Key></Object>" for key in keys[start : start + PAGE]
            )
            body = f"<Delete><Quiet>true</Quiet>{lines}</Delete>".encode()
            proof = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()  # the protocol wants it
            answer = self._send("POST", "", {"delete": ""}, body=body, headers={"content-md5": proof})
            if fault := _CODE.search(answer.text):
                raise CopyFailed(status=answer.status_code, reason=fault[1], key=keys[start])

    def abandon_uploads(self) -> None:
        """Give up what was begun in parts and never ended: a killed writer left it."""
        text = self._send("GET", "", {"uploads": "", **self._below("")}).text
        for found in _BEGUN.findall(text):
            key, upload = _KEY.search(found), _UPLOAD.search(found)
            if key and upload:
                whole = unquote_plus(unescape(key[1]))
                self._send("DELETE", self._own(whole), {"uploadId": unescape(upload[1])}, allowed={404})

    def _whole(self, key: str) -> str:
        return f"{self.bucket.prefix}/{key}" if self.bucket.prefix else key

    def _below(self, folder: str) -> dict[str, str]:
        whole = f"{self.bucket.prefix}/{folder}".strip("/")
        return {"encoding-type": "url", "prefix": f"{whole}/" if whole else ""}

    def _own(self, key: str) -> str:
        return key[len(self.bucket.prefix) + 1 :] if self.bucket.prefix else key

    def _send(
        self,
        method: str,
        key: str,
        query: Mapping[str, str] | None = None,
        *,
        allowed: set[int] | None = None,
        **more: Any,
    ) -> httpx.Response:
        for pause_s in _PAUSES_S:
            try:
                answer = self._ask(method, key, query or {}, more)
            except CopyUnreachable:
                time.sleep(pause_s)
                continue
            if answer.status_code not in _BUSY:
                break
            time.sleep(pause_s)
        else:
            answer = self._ask(method, key, query or {}, more)
        if not answer.is_success and answer.status_code not in (allowed or ()):
            self._refuse(answer, key)
        return self._known_bucket(answer)

    def _ask(self, method: str, key: str, query: Mapping[str, str], more: Mapping[str, Any]) -> httpx.Response:
        body = more.get("body", b"")
        url, headers = self._signed(method, key, query, body, more.get("headers", {}))
        try:
            return self._client.request(method, url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _signed(
        self, method: str, key: str, query: Mapping[str, str], body: bytes, headers: Mapping[str, str]
    ) -> tuple[str, dict[str, str]]:
        path, host = self.bucket.path_of(key), self.bucket.asked_host
        call = Call(method, host, path, query, headers, hashlib.sha256(body).hexdigest())
        url = f"{self.bucket.scheme}://{host}{encode_path(path)}"
        return f"{url}?{encode_query(query)}" if query else url, sign(call, self.access, now=self.clock())

    def _known_bucket(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 404 and "NoSuchBucket" in answer.text:
            raise BucketUnknown(bucket=self.bucket.name)
        return answer

    def _refuse(self, answer: httpx.Response, key: str) -> NoReturn:
        self._known_bucket(answer)
        found = _CODE.search(answer.text)
        reason = found[1] if found else answer.reason_phrase
        if answer.status_code in {301, 307, 401, 403} or reason in _DENIED:
            raise CopyRefused(reason=reason, bucket=self.bucket.name)
        raise CopyFailed(status=answer.status_code, reason=reason, key=key)

    def _unreachable(self, error: httpx.HTTPError) -> CopyUnreachable:
        why = "超时" if isinstance(error, httpx.TimeoutException) else str(error) or type(error).__name__
        return CopyUnreachable(host=self.bucket.asked_host, why=why)
