"""The bytes of uploaded materials: checked by content, stripped of camera data, sealed in a file of their own.

Beside, not among, the files of cases, whose sweeper deletes what none of its rows names.
"""

import io
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from zhicheng.core.forms.errors import MaterialNotFound, MaterialRefused, MaterialTooLarge
from zhicheng.core.forms.gate.sealing import FILE
from zhicheng.core.parties.public import keyring
from zhicheng.kit.texts import clean_text

LIMIT_BYTES = 10 * 1024 * 1024
FOLDER = "materials"
_LONGEST_PX = 3200  # small print on a certificate must stay readable
# What may be decoded: a plain JPEG is made small while it is read; everything else is held whole first.
_MOST_PIXELS, _MOST_PIXELS_WHOLE = 80_000_000, 25_000_000
_UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError)


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def check_file(name: str, content: bytes) -> CheckedFile:
    """Check a file by its content; photos are re-encoded without place and camera data.

    Raises:
        MaterialTooLarge: more than 10 MB.
        MaterialRefused: neither a photo that can be read nor a PDF.
    """
    shown = clean_text(Path(name.replace("\\", "/")).name)[:120] or "未命名"
    if len(content) > LIMIT_BYTES:
        size = round(len(content) / 1024 / 1024, 1)
        raise MaterialTooLarge(name=shown, size_mb=size, limit_mb=LIMIT_BYTES // 1024 // 1024)
    if not content:
        raise MaterialRefused(why=f"文件「{shown}」是空的，请重新选择。")
    if content.startswith(b"%PDF-"):
        return CheckedFile(shown, "application/pdf", content)
    return CheckedFile(shown, "image/jpeg", _photo(shown, content))


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


def _photo(name: str, content: bytes) -> bytes:
    refused = MaterialRefused(why=f"文件「{name}」不是能识别的照片。请上传 JPG、PNG、WebP 照片或 PDF 文件。")
    too_large = MaterialRefused(why=f"照片「{name}」的尺寸太大，请缩小后再上传。")
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "GIF", "BMP"))
        if image.width * image.height > _most_pixels(image):
            raise too_large
        upright = ImageOps.exif_transpose(_small(image)).convert("RGB")
    except Image.DecompressionBombError:
        raise too_large from None
    except _UNREADABLE:
        raise refused from None
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=88, optimize=False)
    return out.getvalue()


def _most_pixels(image: Image.Image) -> int:
    plain = image.format == "JPEG" and not image.info.get("progressive")
    return _MOST_PIXELS if plain else _MOST_PIXELS_WHOLE


def _small(image: Image.Image) -> Image.Image:
    image.draft("RGB", (_LONGEST_PX, _LONGEST_PX))
    whole = image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")
    whole.thumbnail((_LONGEST_PX, _LONGEST_PX))
    return whole
