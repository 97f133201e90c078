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
    retrieval = names.add_parser("retrieval", help="检索：正确文档排在前几位")
    retrieval.add_argument("--documents", type=Path, required=True, metavar="F", help="文档(JSON Lines)")
    retrieval.add_argument("--questions", type=Path, required=True, metavar="F", help="问题(JSON Lines)")
    retrieval.add_argument("--misses", action="store_true", help="在标准错误输出列出没有答对的问题")
    retrieval.add_argument("--json", action="store_true", help="只在标准输出打印一个 JSON 对象")
    retrieval.set_defaults(run=evaluate_retrieval)


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
