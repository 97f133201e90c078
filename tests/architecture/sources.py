"""Reading our own source: files, their package, their syntax trees, the names in them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import zhicheng

ROOT = Path(zhicheng.__file__).parent
# Ground first: a package may use, and point at, those before it.
ORDER = (
    *("ledger", "packs", "parties", "lake", "places", "inference", "rules", "knowledge", "notices", "forms", "cases"),
    *("telemetry", "twin"),
    *("appeals", "licences", "services", "benefits", "disclosure", "policies", "governance", "assistant"),
)


@dataclass(frozen=True)
class Source:
    """One module."""

    path: Path

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """`cases` for core/cases/…, `appeals` for apps/appeals/…, else the floor."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] in {"core", "apps"} and len(parts) > 2 else parts[0]

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.path.read_text(encoding="utf-8"), self.place)

    def imports(self) -> Iterator[str]:
        """Full names of what it imports."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def texts(self) -> Iterator[str]:
        """Its string constants, docstrings left out; the constant parts of f-strings with `{}` between them."""
        skip = {id(node.value) for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                skip |= {id(part) for part in node.values}
                yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
                yield node.value

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Calls with the last part of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                function = node.func
                yield getattr(function, "attr", "") or getattr(function, "id", ""), node


def sources() -> list[Source]:
    """Every module of ours but tests and migrations."""
    found = (path for path in sorted(ROOT.rglob("*.py")) if not {"tests", "migrations"} & set(path.parts))
    return [Source(path) for path in found]
