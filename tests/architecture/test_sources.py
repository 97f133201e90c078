"""Promises that the source must keep: addresses, events, templates, errors in Chinese, documented settings."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.architecture.sources import ROOT, sources
from tests.matrix.asking import all_routes, rows
from zhicheng.config import environment
from zhicheng.config.cli.main import parser
from zhicheng.core.ledger.registry import subscriptions
from zhicheng.kit.errors import ZhichengError

DOCS = environment.REPOSITORY / "docs"
PACKS = environment.REPOSITORY / "packs"
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3,}(?:\s+[A-Za-z]{2,}){2,}")  # three English words in a row
_ADVICE = re.compile(r"请|先|再|只|必须|需要|不能|不用|可以|应|不在|已|没有|不对|正在")
# called by a bench, not by people
_INNER = {
    "zhicheng bench inside",
    "zhicheng bench timing",
    "zhicheng bench rules-run",
    "zhicheng bench stock",
    "zhicheng bench twin-inside",
    "zhicheng bench cockpit-devices",
}
_GIVEN = {"{why}", "{reason}"}  # the sentence is the raiser's own, and the tests of the raiser read it


class TestAddresses:
    def test_each_have_a_row_in_the_matrix(self) -> None:
        assert set(all_routes()) - {row.route for row in rows()} == set()


class TestEvents:
    def test_that_are_subscribed_to_are_told_by_somebody(self) -> None:
        told = set(_told_events())
        unheard = [one.prefix for one in subscriptions if not any(each.startswith(one.prefix) for each in told)]
        assert unheard == []


def _told_events() -> Iterator[str]:
    for source in sources():
        for name, call in source.calls():
            if name == "Event":
                yield from (
                    node.value
                    for node in ast.walk(call)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
                )
    for path in (PACKS / "shenzhen" / "processes").glob("*.yaml"):
        process = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from (f"cases.{process['code']}.{action}" for action in process["actions"])


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "web" / "templates")))
    def test_bring_no_style_and_no_script_of_their_own(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\sstyle\s*=", text) == []
        assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []
        assert re.findall(r"<[^>]*\son[a-z]+\s*=", text) == []
        assert re.findall(r"\|\s*safe\b|autoescape off", text) == []


class TestErrors:
    def _all(self) -> list[type[ZhichengError]]:
        for source in sources():
            if source.path.name != "asgi.py":  # starts the door
                importlib.import_module(".".join(("zhicheng", *source.path.relative_to(ROOT).with_suffix("").parts)))
        found, todo = [], [ZhichengError]
        while todo:
            found += (more := todo.pop().__subclasses__())
            todo += more
        return [
            error for error in found if error.__module__.startswith("zhicheng.") and ".tests." not in error.__module__
        ]

    def test_speak_chinese_and_say_what_to_do(self) -> None:
        wrong = [
            f"{error.__name__}: {error.message}"
            for error in self._all()
            if error.message not in _GIVEN and not _is_for_people(error.message)
        ]
        assert wrong == []

    def test_have_codes_of_their_own(self) -> None:
        codes = [error.code for error in self._all() if "code" in vars(error)]
        assert sorted(set(codes)) == sorted(codes)


def _is_for_people(message: str) -> bool:
    said = re.sub(r"\{\w+\}|zhicheng( \w+)+", "", message)
    return bool(_CHINESE.search(said) and _ADVICE.search(said)) and not _LATIN.search(said)


_READERS = {"text", "integer", "flag", "networks", "get", "getenv"}


class TestSettings:
    def _read(self) -> Iterator[str]:
        """Names that code reads from the environment."""
        for source in sources():
            firsts = [call.args[0] for name, call in source.calls() if name in _READERS and call.args]
            for first in firsts:
                if isinstance(first, ast.Constant) and re.fullmatch(r"[A-Z][A-Z_]{3,}", str(first.value)):
                    yield str(first.value)
            yield from re.findall(r"environ\[\"(\w+)\"\]", source.path.read_text(encoding="utf-8"))

    def test_are_documented(self) -> None:
        documented = (DOCS / "settings.md").read_text(encoding="utf-8")
        ours = {name for name in self._read() if name.startswith("ZHICHENG_") or name in {"DATABASE_URL", "PORT"}}
        assert len(ours) > 10
        assert {name for name in ours if f"`{name}`" not in documented} == set()


class TestCommands:
    def _all(self, at=None, path: str = "zhicheng") -> Iterator[str]:
        below = [
            action
            for action in (at or parser())._actions
            if hasattr(action, "choices") and isinstance(action.choices, dict)
        ]
        if not below and path not in _INNER:
            yield path
        for action in below:
            for name, deeper in action.choices.items():
                yield from self._all(deeper, f"{path} {name}")

    def test_are_each_in_the_docs(self) -> None:
        pages = [*environment.REPOSITORY.glob("README*.md"), *DOCS.rglob("*.md")]
        text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
        assert [command for command in self._all() if command not in text] == []


class TestPackFiles:
    def test_are_each_described(self) -> None:
        """Every file and folder of the larger pack is named in the guide to packs."""
        guide = (DOCS / "guide" / "packs.md").read_text(encoding="utf-8")
        names = {path.name for path in (PACKS / "shenzhen").iterdir() if path.suffix != ".md"}
        inside = {f"{folder.name}/" for folder in (PACKS / "shenzhen").iterdir() if folder.is_dir()}
        wanted = {name for name in names if "." in name} | inside
        assert {name for name in wanted if name not in guide} == set()
