"""Bodies on their way up: streamed where their length is known, else gathered first, because web asks for a length."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from starlette.types import Message, Receive, Scope

from zhicheng.config.door.refusals import MOST_MB, BodyTooLarge

MOST_BYTES = MOST_MB * 1024 * 1024
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024
_WITHOUT_BODY = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Body:
    """A body with its length; `parts` is None where there is none."""

    length: int | None
    parts: AsyncIterator[bytes] | None


@asynccontextmanager
async def taken_body(scope: Scope, receive: Receive) -> AsyncIterator[Body]:
    """The body of a request, ready to be handed on; what was gathered for it is gone afterwards.

    Raises:
        BodyTooLarge: it says that it is, or it has come to be.
        ClientConnectionError: the client went away before the whole of it was there.
    """
    said = next((value for name, value in scope["headers"] if name == b"content-length"), None)
    is_chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
    may_be_framed = scope.get("http_version", "1.1") >= "2" and scope["method"] not in _WITHOUT_BODY
    if said is not None:
        length = int(said) if said.isdigit() else 0
        if length > MOST_BYTES:
            raise BodyTooLarge()
        yield Body(length, _parts(receive) if length else None)
    elif is_chunked or may_be_framed:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            yield Body(await _gather(receive, file), _read(file))
    else:
        yield Body(None, None)


async def _gather(receive: Receive, file: "tempfile.SpooledTemporaryFile[bytes]") -> int:
    size = 0
    async for part in _parts(receive):
        size += len(part)
        if size > MOST_BYTES:
            raise BodyTooLarge()
        file.write(part)
    file.seek(0)
    return size


async def _read(file: "tempfile.SpooledTemporaryFile[bytes]") -> AsyncIterator[bytes]:
    while part := file.read(_CHUNK):
        yield part


async def _parts(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise aiohttp.ClientConnectionError("the client went away")
        if part := message.get("body", b""):
            yield part
        if not message.get("more_body", False):
            return
