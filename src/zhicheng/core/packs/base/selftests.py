"""`tests/*.yaml` of a pack: sentences a lawyer can read, run by the kinds of test that packages register."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from zhicheng.core.packs.base.documents import read_yaml, rows_at
from zhicheng.core.packs.base.rows import Item, parse_items
from zhicheng.core.packs.base.section import Fault, Loaded, PackSource, test_kinds
from zhicheng.kit.errors import ZhichengError

SELFTESTS = "tests"


class SelfTestFields(BaseModel):
    """What every test has; the other fields belong to its kind."""

    model_config = ConfigDict(extra="allow", frozen=True)
    kind: str
    name: str


SelfTest = Item[SelfTestFields]


def load_selftests(root: Path) -> Loaded:
    """Every test of the pack with its line; a pack without tests has an empty list."""
    tests: list[SelfTest] = []
    faults: list[Fault] = []
    for path in sorted((root / "tests").glob("*.yaml")):
        row, found = read_yaml(root, path.relative_to(root).as_posix())
        faults += found
        if row is None:
            continue
        if "tests" not in row.values:
            faults.append(row.fault("field.missing", "没有填写「tests」。", "请在 tests: 下逐条列出测试。"))
        rows, found = rows_at(row, "tests")
        faults += found
        items, found = parse_items(rows, SelfTestFields)
        tests, faults = [*tests, *items], [*faults, *found]
    return Loaded(tuple(tests), faults)


def check_selftests(tests: tuple[SelfTest, ...], _pack: PackSource) -> Iterator[Fault]:
    """Tests of a kind that no package has registered."""
    for test in tests:
        if test.value.kind not in test_kinds:
            hint = f"可用的种类：{'、'.join(test_kinds.codes()) or '（暂无）'}。"
            message = f"测试「{test.value.name}」的种类“{test.value.kind}”没有人认识。"
            yield test.fault("test.unknown_kind", message, hint, key="kind")


def describe_selftests(tests: tuple[SelfTest, ...]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Nothing: tests change nothing for the people of the city."""
    del tests
    return iter(())


def run_selftests(tests: tuple[SelfTest, ...], pack: PackSource) -> list[Fault]:
    """Run the tests whose kind is known; a failed one is a fault at its line."""
    known = (test for test in tests if test.value.kind in test_kinds)
    return [fault for test in known for fault in _run(test, pack)]


def _run(test: SelfTest, pack: PackSource) -> Iterator[Fault]:
    try:
        answer = test_kinds[test.value.kind](test.row.values, pack)
    except KeyError as error:
        answer = f"缺少字段 {error}"
    except (TypeError, ValueError, ZhichengError) as error:
        answer = f"字段填写有误（{error}）"
    if answer is not None:
        hint = "请核对测试的预期，或改正城市包里对应的内容。"
        yield test.fault("test.failed", f"测试「{test.value.name}」没有通过：{answer}。", hint)
