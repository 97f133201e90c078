"""Reading the bytes of one file of a pack: where it is, that it is there, that it is UTF-8."""

from pathlib import Path

from zhicheng.core.packs.base.section import Fault

_MAX_BYTES = 64 * 1024 * 1024


def read_text(root: Path, relative: str) -> tuple[str, list[Fault]]:
    """The text of a file without its byte order mark; empty with a fault where it cannot be read."""
    path = root / relative
    if not path.is_file():
        hint = f"请在城市包目录下新建 {relative}，格式见《城市包编写指南》。"
        return "", [Fault(relative, 0, "file.missing", "缺少这个文件。", hint)]
    if path.stat().st_size > _MAX_BYTES:
        return "", [Fault(relative, 0, "file.too_large", "文件超过 64 MB。", "请拆分文件，或简化其中的图形。")]
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return "", [Fault(relative, line, "file.encoding", "文件不是 UTF-8 编码。", _encoding_hint(raw))]


def _encoding_hint(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "请用文本编辑器打开，另存为 UTF-8 编码。"
    return "文件可能是 GBK/GB18030 编码（Excel 另存的 CSV 常见），请另存为“CSV UTF-8（逗号分隔）”。"
