"""A bank that answers batches as it is told."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from zhicheng.apps.benefits.values import Batch


def lines_of(batch: Batch) -> list[list[str]]:
    """The lines of a batch's file: sequence, reference, payee, benefit, period, amount."""
    text = (Path(settings.HOME) / "payments" / "out" / batch.file).read_text(encoding="utf-8")
    return [row.split(",") for row in text.splitlines()[2:-1]]


def closed(body: str, lines: list[str]) -> bytes:
    """A file with its total line."""
    cents = sum(int(line.split(",")[2]) for line in lines)
    text = body + "".join(f"{line}\n" for line in lines)
    return (text + f"total,{len(lines)},{cents},{hashlib.sha256(text.encode()).hexdigest()}\n").encode()


def answer(batch: Batch, *, results: Mapping[str, str] | None = None, number: str = "R1") -> bytes:
    """The return file: every line paid, or as `results` says for its reference; those marked `silent` are left out."""
    known = results or {}
    lines = []
    for row in lines_of(batch):
        result = known.get(row[1], "paid")
        if result != "silent":
            reason = "" if result == "paid" else "账户已销户"
            lines.append(f"{row[0]},{row[1]},{row[5]},{result},{reason}")
    head = f"zhicheng-returns,1,{batch.number},{number},2026-03-03\nsequence,reference,amount_cents,result,reason\n"
    return closed(head, lines)
