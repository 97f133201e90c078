"""What is no photo and no PDF is refused before it can do harm; huge photos are never held whole."""

import io
import subprocess
import sys
import zlib
from contextlib import suppress
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from zhicheng.kit.files import CheckedFile, FileRefused, FileTooLarge, read_file

_EXIF = Image.Exif()
_EXIF[0x0112] = 6
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def checked(name: str, content: bytes) -> CheckedFile:
    return read_file(name, content, longest_px=2560)


def photo(kind="JPEG", size=(64, 48), **options):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def bomb_png(side=60_000):
    """A picture of 3.6 thousand million pixels in a few bytes."""

    def chunk(kind, body):
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    header = pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
class TestReadFile:
    def test_turns_a_photo_upright_and_makes_it_as_small_as_asked(self):
        found = read_file("侧拍.jpg", photo(size=(640, 480), exif=_EXIF), longest_px=320)
        assert (found.media_type, found.size_px) == ("image/jpeg", (240, 320))
        assert not Image.open(io.BytesIO(found.content)).getexif()

    def test_takes_a_pdf_as_it_is(self):
        assert checked("证明.pdf", PDF) == CheckedFile("证明.pdf", "application/pdf", PDF)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            "这不是照片".encode(),
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"MZ\x90\x00" + b"\x00" * 500,
            photo(size=(400, 300))[:-300],
            photo("PNG")[:40],
            b"\xff\xd8\xff\xe0",
            b"%PDF-1.7 and then only words",
            PDF[:-6] + b" " * 4096,
            bomb_png(),
            bomb_png(9_200),
        ],
        ids=[
            "empty",
            "text",
            "svg",
            "program",
            "half a jpeg",
            "half a png",
            "jpeg mark",
            "pdf mark",
            "cut pdf",
            "bomb",
            "smaller bomb",
        ],
    )
    def test_refuses_what_is_no_photo_and_says_what_to_do(self, content):
        with pytest.raises(FileRefused, match="请"):
            checked("照片.jpg", content)

    def test_refuses_fifty_megabytes_before_it_looks_inside(self):
        with pytest.raises(FileTooLarge, match=r"」太大，不能超过 10 MB"):
            checked("大照片.jpg", b"\xff\xd8\xff" + b"0" * (50 * 1024 * 1024 - 3))

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\照片\\路灯.jpg", "路灯.jpg"),
            ("\u200b", "未命名"),
            ("", "未命名"),
            ("灯" * 500 + ".jpg", "灯" * 120),
            ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ],
    )
    def test_shows_only_the_plain_name(self, name, shown):
        assert checked(name, photo()).name == shown

    @pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of broken EXIF, and goes on
    @settings(deadline=None, max_examples=60)
    @given(st.data())
    def test_never_fails_in_another_way(self, data):
        content = bytearray(photo("JPEG", exif=_EXIF) if data.draw(st.booleans()) else photo("PNG"))
        for _ in range(data.draw(st.integers(1, 12))):
            content[data.draw(st.integers(0, min(len(content) - 1, 400)))] = data.draw(st.integers(0, 255))
        with suppress(FileRefused):
            assert checked("坏照片.jpg", bytes(content)).media_type == "image/jpeg"


def photo_of(side, kind, **options):
    out = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 40)).save(out, kind, **options)
    return out.getvalue()


class TestHugePhotos:
    def test_eighty_megapixels_are_never_held_whole(self, tmp_path):
        script = tmp_path / "store.py"
        script.write_text(_STORE)
        (tmp_path / "huge.jpg").write_bytes(photo_of(8_900, "JPEG"))
        run = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True)
        width, grown_mb = run.stdout.split()
        assert int(width) == 2560
        assert float(grown_mb) < 80  # 240 MB whole

    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    @pytest.mark.parametrize(
        ("side", "kind", "options"),
        [(5_100, "PNG", {}), (5_100, "JPEG", {"progressive": True}), (5_100, "WEBP", {"lossless": True})],
        ids=["png", "progressive jpeg", "webp"],
    )
    def test_what_cannot_be_made_small_while_it_is_read_is_refused_sooner(self, side, kind, options):
        with pytest.raises(FileRefused, match="尺寸太大，请缩小后再上传"):
            checked("大图", photo_of(side, kind, **options))


_STORE = """
import resource, sys, warnings
from pathlib import Path
from zhicheng.kit.files import read_file
warnings.simplefilter("ignore")
content = Path(sys.argv[1], "huge.jpg").read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = read_file("huge.jpg", content, longest_px=2560).size_px
print(size[0], (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
