"""Uploads: cut off while they arrive, so that a huge file does not fill memory or disk."""

from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 11 * 1024 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Passes on the first 11 MB of a file: enough for the check that follows to see that it is too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Hand data on until the limit; None ends it for the handlers that follow."""
        return raw_data if start < MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        del file_size
