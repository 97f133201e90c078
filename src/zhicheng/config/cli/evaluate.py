"""`zhicheng evaluate NAME … --json`: how right the engines are, on rows that the caller brings. Needs no database."""

import json
import os
import statistics
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zhicheng.config.benches.formfill import ScriptRefused, formfill_figures
from zhicheng.engines.text.calibration import calibration_error
from zhicheng.engines.text.classifier import ClassifierModel
from zhicheng.engines.text.features import Text
from zhicheng.engines.text.training import SUBJECT, Example, TextClassifier, macro_f1

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_RUNS = 3


class RowRefused(ValueError):
    """A row of an input file cannot be used; says where and why."""


def register(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `evaluate` and what it evaluates."""
    parser = commands.add_parser("evaluate", help="测量分类等引擎的准确程度")
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    labels = names.add_parser("appeal-labels", help="诉求分类：在保留样本上的 macro-F1")
    labels.add_argument("--train", nargs="+", type=Path, required=True, metavar="F", help="训练文件(JSON Lines)")
    labels.add_argument("--test", nargs="+", type=Path, required=True, metavar="F", help="测试文件(JSON Lines)")
    labels.add_argument("--seed", type=int, default=0, help="随机种子")
    labels.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    labels.set_defaults(run=evaluate_appeal_labels, needs_django=False)
    formfill = names.add_parser("formfill", help="聊天填表：按写好的对话逐轮填写，对照应得的内容")
    formfill.add_argument("--pack", type=Path, default=Path("packs/shenzhen"), metavar="DIR", help="城市包所在的文件夹")
    formfill.add_argument(
        "--scripts", type=Path, metavar="F", help="对话文件或文件夹，默认是城市包的 evaluation/formfill"
    )
    formfill.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    formfill.set_defaults(run=evaluate_formfill, needs_django=False)
    answers = names.add_parser("answers", help="智能问答：答得对不对，有没有编造，不该答的是否不答")
    answers.add_argument("--questions", type=Path, metavar="F", help="题目，默认是城市包的 evaluation/answers.yaml")
    answers.add_argument("--here", action="store_true", help="问 ZHICHENG_HOME 的这座城市（默认另开一座临时的城市）")
    answers.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    answers.set_defaults(run=evaluate_answers, needs_django=False)
    retrieval = names.add_parser("retrieval", help="检索：正确文档排在前几位")
    retrieval.add_argument("--documents", type=Path, required=True, metavar="F", help="文档(JSON Lines)")
    retrieval.add_argument("--questions", type=Path, required=True, metavar="F", help="问题(JSON Lines)")
    retrieval.add_argument("--misses", action="store_true", help="在标准错误输出列出没有答对的问题")
    retrieval.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    retrieval.set_defaults(run=evaluate_retrieval)
    commands_ = names.add_parser("commands", help="问地图：话语读成的查询与应得的查询是否一致")
    commands_.add_argument("--pack", type=Path, metavar="DIR", help="城市包的文件夹")
    commands_.add_argument(
        "--test", nargs="+", type=Path, metavar="F", help="题目，默认是城市包的 evaluation/commands*.yaml"
    )
    commands_.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    commands_.set_defaults(run=evaluate_commands)
    addresses = names.add_parser("addresses", help="地址解析：在保留样本上的 span micro-F1")
    addresses.add_argument("--train", nargs="+", type=Path, required=True, metavar="F", help="训练文件(一行一字一标注)")
    addresses.add_argument("--test", nargs="+", type=Path, required=True, metavar="F", help="测试文件(一行一字一标注)")
    addresses.add_argument("--pack", type=Path, metavar="DIR", help="城市包的文件夹，取其中的地名")
    addresses.add_argument("--places", type=int, default=10_000, metavar="N", help="落到楼栋的模拟地址条数，0 为不测")
    addresses.add_argument("--cache", type=Path, metavar="DIR", help="模拟城市在哪里(默认 ZHICHENG_CACHE)")
    addresses.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    addresses.set_defaults(run=evaluate_addresses, needs_django=True)


def evaluate_formfill(options: Namespace) -> int:
    """Play the scripted conversations and print the figures; each wrong field is said on stderr.

    The answer is 2 for scripts that cannot be read.
    """
    try:
        figures = formfill_figures(options.pack, options.scripts or options.pack / "evaluation" / "formfill", _say)
    except (OSError, ScriptRefused) as error:
        _say(str(error))
        return 2
    if not figures["n"]:
        _say("没有找到对话。")
        return 2
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def evaluate_appeal_labels(options: Namespace) -> int:
    """Train on the files of `--train`, answer those of `--test`, print the figures; 2 for files that cannot be read."""
    try:
        train = [row for path in options.train for row in read_examples(path)]
        test = [row for path in options.test for row in read_examples(path)]
    except (OSError, RowRefused) as error:
        _say(str(error))
        return 2
    if not train or not test:
        _say("训练文件或测试文件没有数据。")
        return 2
    started_s = time.perf_counter()
    model = TextClassifier(replace(SUBJECT, folds=3)).train(train, seed=options.seed, progress=_say)
    figures = label_figures(model, test)
    figures["train_seconds"] = round(time.perf_counter() - started_s, 2)
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def evaluate_answers(options: Namespace) -> int:
    """Ask the questions of a city, print the figures, each miss on stderr; 2 for a file that cannot be read."""
    from zhicheng.config import environment
    from zhicheng.config.benches.apart import city_apart, run_command

    questions = options.questions or environment.pack_root() / "evaluation" / "answers.yaml"
    if options.here:
        return _evaluate_answers_here(questions)
    with city_apart("answers") as there:
        run_command(["knowledge", "rebuild"], there, is_preparing=True)
        return run_command(["evaluate", "answers", "--here", "--json", "--questions", questions.resolve()], there)


def _evaluate_answers_here(questions: Path) -> int:
    import django

    django.setup()
    from zhicheng.config.benches.answers import FileRefused, measure

    try:
        figures = measure(questions, say=_say)
    except (OSError, FileRefused) as error:
        _say(str(error))
        return 1
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def evaluate_retrieval(options: Namespace) -> int:
    """Index the documents, ask the questions, print the figures; 2 for files that cannot be read."""
    from zhicheng.config.benches.retrieval import RowRefused as Refused
    from zhicheng.config.benches.retrieval import measure

    try:
        figures = measure(options.documents, options.questions, say=_say, list_misses=options.misses)
    except (OSError, Refused) as error:
        _say(str(error))
        return 2
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def evaluate_addresses(options: Namespace) -> int:
    """Learn from the files of `--train`, read those of `--test`, print the figures; 2 for files that cannot be read."""
    from zhicheng.config.benches.addresses import RowRefused as Refused
    from zhicheng.config.benches.addresses import measure
    from zhicheng.config.benches.placing import Trial, measure_places
    from zhicheng.config.environment import home, pack_root

    pack = options.pack or pack_root()
    cache = options.cache or Path(os.environ.get("ZHICHENG_CACHE") or home() / "cache")
    try:
        figures = measure(options.train, options.test, pack, say=_say)
        _say(f"span_f1 {figures['span_f1']}（{figures['n']} 条）")
        if options.places:
            figures |= measure_places(Trial(pack.resolve(), cache, options.places), say=_say)
        else:
            figures |= {"place_top1": None}
    except (OSError, Refused) as error:
        _say(str(error))
        return 2
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def evaluate_commands(options: Namespace) -> int:
    """Read the pack's commands, print the figures, each miss on stderr; 2 for files that cannot be read."""
    from zhicheng.config.benches.commands import FileRefused, measure
    from zhicheng.config.environment import pack_root

    pack = options.pack or pack_root()
    try:
        figures = measure(pack, options.test or sorted((pack / "evaluation").glob("commands*.yaml")), say=_say)
    except (OSError, FileRefused) as error:
        _say(str(error))
        return 2
    print(json.dumps(figures, ensure_ascii=False, allow_nan=False))
    return 0


def read_examples(path: Path) -> Iterator[Example]:
    """Rows with `label` and either `tokens` (words separated by spaces) or `title` and `text`.

    Raises:
        OSError: the file cannot be read.
        RowRefused: a line is not such a row.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _example(line, f"{path}:{number}")


def label_figures(model: ClassifierModel, test: Sequence[Example]) -> dict[str, Any]:
    """The figures of a model on held-out rows; the rate is the median of three passes over all of them."""
    rates, answers = [], []
    for run in range(_RUNS):
        _say(f"预测第 {run + 1}/{_RUNS} 遍")
        started_s = time.perf_counter()
        answers = list(model.predict_batch((example.text for example in test), top=1))
        rates.append(len(test) / (time.perf_counter() - started_s))
    given = [found[0] if found else ("", 0.0) for found in answers]
    right = np.array([label == example.label for (label, _), example in zip(given, test, strict=True)])
    confidence = np.array([probability for _, probability in given], np.float32)
    return {
        "macro_f1": round(macro_f1([example.label for example in test], [label for label, _ in given]), 4),
        "accuracy": round(float(right.mean()), 4),
        "n": len(test),
        "predict_per_s": round(statistics.median(rates), 1),
        "calibration_error": round(calibration_error(confidence, right), 4),
        "labels": len(model.labels),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def _example(line: str, place: str) -> Example:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise RowRefused(f"{place}: 不是 JSON:{error}") from None
    label = row.get("label") if isinstance(row, dict) else None
    if not isinstance(label, str) or not label:
        raise RowRefused(f"{place}: 缺少 label。")
    if isinstance(row.get("tokens"), str):
        return Example(Text.of_tokens(row["tokens"]), label)
    title, text = row.get("title", ""), row.get("text")
    if not isinstance(text, str) or not isinstance(title, str):
        raise RowRefused(f"{place}: 需要 tokens，或者 title 和 text。")
    return Example(Text(body=text, head=title), label)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
