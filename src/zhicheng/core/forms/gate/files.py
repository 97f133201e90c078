"""The bytes of uploaded materials: checked by content, stripped of camera data, sealed in a file of their own.

Beside, not among, the files of cases, whose sweeper deletes what none of its rows names.
"""

import os
import secrets
from pathlib import Path
from uuid import UUID

from django.conf import settings

from zhicheng.core.forms.errors import MaterialNotFound
from zhicheng.core.forms.gate.sealing import FILE
from zhicheng.core.parties.public import keyring
from zhicheng.kit.files import CheckedFile, read_file

FOLDER = "materials"
_LONGEST_PX = 3200  # small print on a certificate must stay readable


def check_file(name: str, content: bytes) -> CheckedFile:
    """Check a file by its content; photos are re-encoded without place and camera data.

    Raises:
        FileTooLarge: more than 10 MB.
        FileRefused: neither a photo that can be read nor a PDF.
    """
    return read_file(name, content, longest_px=_LONGEST_PX, quality=88)


def material_path(document: UUID) -> Path:
    """Where a document's sealed bytes lie."""
    return Path(settings.FILES_ROOT) / FOLDER / document.hex[-2:] / document.hex


def write_sealed(document: UUID, content: bytes) -> int:
    """Seal bytes and put them on disk (fsync), whole or not at all; the id of the key."""
    ring = keyring()
    path = material_path(document)
    for folder in (path.parents[2], path.parents[1], path.parent):
        folder.mkdir(exist_ok=True, mode=0o700)
    envelope = ring.seal_bytes(content, row=document, field=FILE)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(envelope)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _settle(path.parent)
    return int.from_bytes(envelope[1:5], "big")


def read_sealed(document: UUID) -> bytes:
    """A document's bytes.

    Raises:
        MaterialNotFound: its file is gone.
        PersonalDataUnreadable: the key is missing, or the file is another document's.
    """
    try:
        envelope = material_path(document).read_bytes()
    except FileNotFoundError:
        raise MaterialNotFound() from None
    return keyring().open_bytes(envelope, row=document, field=FILE)


def _settle(folder: Path) -> None:
    """Make the new name of a file outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
