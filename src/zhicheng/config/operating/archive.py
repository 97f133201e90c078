"""One tar file with a manifest: every part named with its size and digests, checked before anything is used."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives import hashes

from zhicheng.kit.errors import ErrorKind, ZhichengError

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1024 * 1024


class BackupDamaged(ZhichengError):
    """The file is no backup, or not what was written."""

    code = "backup.damaged"
    kind = ErrorKind.UNPROCESSABLE
    message = "备份文件不能用：{why}。没有恢复任何内容，请换一份备份。"


@dataclass(frozen=True)
class PartOf:
    """One file in the archive."""

    name: str
    size_bytes: int
    sha256: str
    sm3: str


def write_archive(target: Path, parts: Iterable[tuple[str, Path]], about: Mapping[str, Any]) -> tuple[PartOf, ...]:
    """Write the parts (name in the archive, path on disk) and the manifest at the end; complete or not there."""
    draft = target.with_name(f".{target.name}.draft")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # keys go in: closed from the start
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            written = [_add_file(archive, name, path) for name, path in parts]
            manifest = {"format": FORMAT, **about, "parts": [asdict(part) for part in written]}
            _add_text(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return tuple(written)


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> PartOf:
    archive.add(path, name, recursive=False, filter=_anonymous)
    with path.open("rb") as file:
        return _described(name, file)


def unpack(source: Path, into: Path) -> dict[str, Any]:
    """Unpack into an empty folder and check every part; the manifest.

    Raises:
        BackupDamaged: not a backup, or a part is missing, changed, or not in the manifest.
    """
    try:
        with tarfile.open(source) as archive:
            archive.extractall(into, filter="data")
        manifest: dict[str, Any] = json.loads((into / MANIFEST).read_text(encoding="utf-8"))
        expected = [PartOf(**part) for part in manifest["parts"]]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(why=f"读不出内容（{type(error).__name__}）") from None
    if manifest.get("format") != FORMAT:
        raise BackupDamaged(why=f"格式版本 {manifest.get('format')} 不认识")
    found = {path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()} - {MANIFEST}
    if strange := found ^ {part.name for part in expected}:
        raise BackupDamaged(why=f"清单与内容不符：{sorted(strange)[0]}")
    for part in expected:
        with (into / part.name).open("rb") as file:
            if _described(part.name, file) != part:
                raise BackupDamaged(why=f"{part.name} 的内容被改动")
    return manifest


def _described(name: str, file: BinaryIO) -> PartOf:
    sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    while chunk := file.read(_CHUNK):
        sha256.update(chunk)
        sm3.update(chunk)
        size += len(chunk)
    return PartOf(name, size, sha256.hexdigest(), sm3.finalize().hex())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))
