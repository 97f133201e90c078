"""Size limits and habits that no stock linter checks. Exit code 1 with one line a finding; there are no exemptions.

Limits (docs/adr/0001): file 500 lines, function body 50 lines, class 250 lines, nesting 3; a test function 50.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES, BODY_LINES, CLASS_LINES, NESTING = 500, 50, 250, 3
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
_STOPWATCHES = {"perf_counter", "perf_counter_ns", "process_time"}
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> int:
    """Check every Python file under the given folders (src, tests, bench, tools by default)."""
    roots = sys.argv[1:] or ["src", "tests", "bench", "tools"]
    files = [path for root in roots for path in sorted(Path(root).rglob("*.py")) if "migrations" not in path.parts]
    findings = [finding for path in files for finding in check_file(path)]
    for finding in findings:
        print(finding)
    print(f"{len(files)} files checked, {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


def check_file(path: Path) -> Iterator[str]:
    """Everything wrong with one file."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n") + 1
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines, at most {FILE_LINES}: split it, one verb a file"
    if path.stem in FORBIDDEN_NAMES:
        yield f"{path}: say what it is for instead of {path.stem}"
    is_test = "tests" in path.parts
    for node in ast.walk(ast.parse(text)):
        yield from _check_node(path, node, is_test=is_test)


def _check_node(path: Path, node: ast.AST, *, is_test: bool) -> Iterator[str]:
    if isinstance(node, _FUNCTIONS):
        yield from _check_function(path, node)
    elif isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES:
        yield f"{path}:{node.lineno}: class {node.name} has {_length(node)} lines, at most {CLASS_LINES}"
    elif isinstance(node, ast.Assert) and not is_test and "tools" not in path.parts:
        yield f"{path}:{node.lineno}: assert outside tests: raise an error of our own"
    elif isinstance(node, ast.Attribute) and is_test and node.attr in _STOPWATCHES:
        yield f"{path}:{node.lineno}: {node.attr} in a test: a machine may be slow, a timing belongs to bench/"


def _check_function(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    body = (node.end_lineno or node.lineno) - first.lineno + 1
    if body > BODY_LINES:
        yield f"{path}:{node.lineno}: body of {node.name} has {body} lines, at most {BODY_LINES}"
    depth = _depth(node.body)
    if depth > NESTING:
        yield f"{path}:{node.lineno}: {node.name} nests {depth} deep, at most {NESTING}"


def _depth(body: list[ast.stmt]) -> int:
    deepest = 0
    for statement in body:
        if isinstance(statement, _BLOCKS):
            deepest = max(deepest, 1 + max((_depth(part) for part in _parts(statement)), default=0))
    return deepest


def _parts(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        part = getattr(statement, name, [])
        if name == "orelse" and len(part) == 1 and isinstance(part[0], ast.If):
            yield from _parts(part[0])  # elif is no deeper than if
        else:
            yield part
    for handler in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield handler.body


def _length(node: ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    raise SystemExit(main())
