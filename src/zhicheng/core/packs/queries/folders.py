"""A pack as a folder: loaded, checked, tested. Nothing here touches the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from zhicheng.core.packs.base import Fault, PackSource, sections
from zhicheng.core.packs.base.manifest import MANIFEST, Manifest
from zhicheng.core.packs.base.selftests import SELFTESTS, run_selftests
from zhicheng.core.packs.values import DescribedItem


@dataclass(frozen=True)
class LoadedPack:
    """A pack read from a folder. `digest` is SM3 over the names and contents of all its files."""

    source: PackSource
    faults: tuple[Fault, ...]
    digest: str

    @property
    def manifest(self) -> Manifest | None:
        """The manifest, unless it could not be read."""
        manifest: Manifest | None = self.source.values.get(MANIFEST)
        return manifest


def load_pack(root: Path) -> LoadedPack:
    """Read every section of a pack; faults are collected, nothing is raised for bad content."""
    if not root.is_dir():
        fault = Fault(str(root), 0, "file.missing", "没有这个目录。", "请给出城市包所在的目录。")
        return LoadedPack(PackSource(root, "", "", {}), (fault,), "")
    faults = list(_file_faults(root))
    values: dict[str, Any] = {}
    for section in sections:
        loaded = section.load(root)
        values[section.code] = loaded.value
        faults += loaded.faults
    manifest: Manifest | None = values.get(MANIFEST)
    code, version = (manifest.value.code, manifest.value.version) if manifest else ("", "")
    return LoadedPack(PackSource(root, code, version, values), tuple(faults), digest_files(root))


def check_loaded(pack: LoadedPack) -> list[Fault]:
    """Every fault of a loaded pack: first those found while reading, then those between sections.

    The second kind may only follow from the first: a unit that could not be read is missing elsewhere.
    """
    found: set[Fault] = set()
    for section in sections if pack.source.values else ():
        value = pack.source.values[section.code]
        if value is not None:
            found.update(section.check(value, pack.source))
    return sorted(set(pack.faults)) + sorted(found - set(pack.faults))


def check_pack(root: Path) -> list[Fault]:
    """Every fault of the pack in a folder, causes before consequences, then by file and line."""
    return check_loaded(load_pack(root))


def run_pack_tests(root: Path) -> tuple[int, list[Fault]]:
    """Run the pack's own tests; gives how many there are and the faults, those of the check first.

    Tests are run only when the check finds nothing.
    """
    pack = load_pack(root)
    tests = pack.source.values.get(SELFTESTS, ())
    faults = check_loaded(pack)
    return len(tests), faults or run_selftests(tests, pack.source)


def describe_pack(source: PackSource) -> list[DescribedItem]:
    """Every item of a pack as its section describes it, fields as text."""
    return [
        DescribedItem(section.code, section.label, kind, code, label, _as_text(fields))
        for section in sections
        if source.values.get(section.code) is not None
        for kind, code, label, fields in section.describe(source.values[section.code])
    ]


def digest_files(root: Path) -> str:
    """SM3 (hex) over the sorted names and contents of all files that are not hidden."""
    whole = hashes.Hash(hashes.SM3())
    for path in _files(root):
        whole.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        whole.update(path.read_bytes())
    return whole.finalize().hex()


def _files(root: Path) -> list[Path]:
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_hidden(path.relative_to(root)))


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in relative.parts)


def _file_faults(root: Path) -> Iterator[Fault]:
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            yield Fault(name, 0, "file.link", "这是一个链接，不是文件。", "请把文件本身放进城市包。")
        if path.suffix == ".yml":
            yield Fault(name, 0, "file.extension", "扩展名 .yml 的文件不会被读取。", "请改名为 .yaml。")


def _as_text(fields: Any) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in fields.items()}
