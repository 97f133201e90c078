"""Uploads: cut off while they arrive, so that a huge file does not fill memory or disk, and read to their end."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CHUNK = 256 * 1024
MOST_BYTES = 11 * 1024 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Passes on the first 11 MB of a file: enough for the check that follows to see that it is too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand data on until the limit; None ends it for the handlers that follow."""
        return raw_data if start < MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        del file_size


def reading_all(inner: "WSGIApplication") -> "WSGIApplication":
    """The same application, with a body that it did not want read to its end before the answer goes out.

    A server that answers early closes the connection, and the door, still sending, would lose the answer. The door
    lets no body of more than 80 MB through.
    """

    def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = inner(environ, start_response)
        if environ.get("CONTENT_LENGTH") not in {None, "", "0"}:
            while environ["wsgi.input"].read(_CHUNK):
                pass
        return answer

    return application
