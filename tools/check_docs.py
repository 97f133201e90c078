"""Docs that cannot lie: commands exist, links lead somewhere, every ADR has its four parts.

Commands are lines of fenced blocks that begin with `make ` or `zhicheng `: a make target must be in the Makefile, a
zhicheng command must be accepted by the parser (placeholders in capitals or angle brackets are left as they are).
"""

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from zhicheng.config.cli.main import parser

ROOT = Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^\s*```")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PARTS = (("context", "背景"), ("decision", "决定"), ("consequences", "后果"), ("rejected", "没有采用"))


def main() -> int:
    """Exit code 1 with a line for each finding."""
    pages = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    findings = [finding for page in pages for finding in (*_commands(page, targets), *_links(page), *_adr(page))]
    for finding in findings:
        print(finding)
    print(f"{len(pages)} pages checked, {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


def _commands(page: Path, targets: set[str]) -> Iterator[str]:
    for number, command in _shell_lines(page):
        where = f"{page.relative_to(ROOT)}:{number}"
        if command.startswith("make "):
            unknown = [word for word in command.split()[1:] if "=" not in word and word not in targets]
            yield from (f"{where}: there is no make target {word}" for word in unknown)
        elif command.startswith(("zhicheng ", ".venv/bin/zhicheng ")) and not _is_accepted(command):
            yield f"{where}: the parser does not accept: {command}"


def _shell_lines(page: Path) -> Iterator[tuple[int, str]]:
    """Lines of fenced blocks without prompt, variables in front, comments and what is piped or chained behind."""
    fenced = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif fenced:
            command = re.sub(r"^[A-Z_]+=\S+\s+", "", line.strip().removeprefix("$ ").strip())
            yield number, re.split(r"\s+#|\s*[|>&;]", command)[0].strip()


def _is_accepted(command: str) -> bool:
    words = [word.strip("[]") for word in shlex.split(command)[1:]]
    words = [word for word in words if word not in {"…", "..."}]
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            parser().parse_args(words)
        except SystemExit as ended:
            return ended.code == 0
    return True


def _links(page: Path) -> Iterator[str]:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith(("mailto:", "/")) and not (page.parent / target).exists():
            yield f"{page.relative_to(ROOT)}: the link to {target} leads nowhere"


def _adr(page: Path) -> Iterator[str]:
    if page.parent.name != "adr" or not page.name[0].isdigit():
        return
    text = page.read_text(encoding="utf-8").lower()
    for english, chinese in _PARTS:
        if english not in text and chinese not in text:
            yield f"{page.relative_to(ROOT)}: no part says: {english}"


if __name__ == "__main__":
    raise SystemExit(main())
