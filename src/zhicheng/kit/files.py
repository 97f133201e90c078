"""Photos and PDFs as people send them: told by their content, photos re-encoded without place and camera data."""

import io
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, ImageOps, UnidentifiedImageError

from zhicheng.kit.errors import ErrorKind, ZhichengError
from zhicheng.kit.texts import clean_text

LIMIT_BYTES = 10 * 1024 * 1024
_LONGEST_NAME = 120
_PDF_TAIL = 2048  # bytes at the end where a whole PDF says that it ends; some programs write a little after that
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# What may be decoded: a plain JPEG is made small while it is read; everything else is held whole first.
_MOST_PIXELS, _MOST_PIXELS_WHOLE = 80_000_000, 25_000_000
_UNREADABLE = (UnidentifiedImageError, OSError, ValueError, SyntaxError)


class FileRefused(ZhichengError):
    """The file cannot be taken; `why` says what to do."""

    code = "file.refused"
    kind = ErrorKind.UNPROCESSABLE
    message = "{why}"


class FileTooLarge(ZhichengError):
    """The file is over the limit."""

    code = "file.too_large"
    kind = ErrorKind.TOO_LARGE
    message = "文件「{name}」太大，不能超过 {limit_mb} MB。请压缩后再上传。"


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept; a PDF has no size in pixels."""

    name: str
    media_type: str
    content: bytes
    size_px: tuple[int, int] = (0, 0)


def read_file(name: str, content: bytes, *, longest_px: int, quality: int = 85) -> CheckedFile:
    """Check a file by its content; a photo comes back as a JPEG with no side longer than `longest_px`.

    Raises:
        FileTooLarge: more than 10 MB.
        FileRefused: neither a photo that can be read nor a PDF.
    """
    shown = clean_text(PurePosixPath(name.replace("\\", "/")).name)[:_LONGEST_NAME] or "未命名"
    if len(content) > LIMIT_BYTES:
        raise FileTooLarge(name=shown, limit_mb=LIMIT_BYTES // 1024 // 1024)  # of a cut upload nobody knows the size
    if not content:
        raise FileRefused(why=f"文件「{shown}」是空的，请重新选择。")
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-_PDF_TAIL:]:
            raise FileRefused(why=f"文件「{shown}」不是完整的 PDF，打不开。请重新导出或重新选择。")
        return CheckedFile(shown, "application/pdf", content)
    upright = _photo(shown, content, longest_px)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=quality, optimize=False)
    return CheckedFile(shown, "image/jpeg", out.getvalue(), upright.size)


def _photo(name: str, content: bytes, longest_px: int) -> Image.Image:
    refused = FileRefused(why=f"文件「{name}」不是能识别的照片。请上传 JPG、PNG、WebP 照片或 PDF 文件。")
    too_large = FileRefused(why=f"照片「{name}」的尺寸太大，请缩小后再上传。")
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMATS)
        if image.width * image.height > _most_pixels(image):
            raise too_large
        return ImageOps.exif_transpose(_small(image, longest_px)).convert("RGB")
    except Image.DecompressionBombError:
        raise too_large from None
    except _UNREADABLE:
        raise refused from None


def _most_pixels(image: Image.Image) -> int:
    plain = image.format == "JPEG" and not image.info.get("progressive")
    return _MOST_PIXELS if plain else _MOST_PIXELS_WHOLE


def _small(image: Image.Image, longest_px: int) -> Image.Image:
    """At most the longest side that is kept, before anything else is done with it; a JPEG is decoded at a fraction."""
    image.draft("RGB", (longest_px, longest_px))
    whole = image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")
    whole.thumbnail((longest_px, longest_px))
    return whole
