"""Batches below HOME/payments/out, and return files: a line with count, sum and SHA-256 closes each."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from zhicheng.apps.benefits.errors import ReturnRefused
from zhicheng.apps.benefits.values import BatchHead, PayLine, ReturnFault, ReturnFile, ReturnLine, WrittenBatch

BATCH, RETURN, VERSION = "zhicheng-payments", "zhicheng-returns", "1"
COLUMNS = "sequence,reference,payee,benefit,period,amount_cents"
RETURN_COLUMNS = "sequence,reference,amount_cents,result,reason"
RESULTS = frozenset({"paid", "failed", "returned"})
MOST_BYTES = 512 * 1024 * 1024
_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,60}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")


class BankFile:
    """The provider `bank_file`."""

    def write(self, head: BatchHead, lines: Iterable[PayLine]) -> WrittenBatch:
        """Write the file aside and rename it: the bank never finds half a batch."""
        folder = Path(settings.HOME) / "payments" / "out"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{head.number}.csv"
        digest, aside = hashlib.sha256(), folder / f".{name}.part"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for text in _texts(head, lines):
                digest.update(text)
                file.write(text)
            file.write(f"total,{head.count},{head.total_cents},{digest.hexdigest()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        aside.rename(folder / name)
        return WrittenBatch(name, digest.hexdigest())

    def read(self, content: bytes) -> ReturnFile:
        """Check shape, totals and digest of a whole return file.

        Raises:
            ReturnRefused: something is wrong; all of it is listed.
        """
        return _Reader(content).read()


def _texts(head: BatchHead, lines: Iterable[PayLine]) -> Iterator[bytes]:
    yield f"{BATCH},{VERSION},{head.number},{head.day.isoformat()},CNY\n{COLUMNS}\n".encode()
    for line in lines:
        cells = (line.sequence, line.reference, line.payee, line.benefit, line.period, line.amount_cents)
        yield (",".join(map(str, cells)) + "\n").encode()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._faults: list[ReturnFault] = []

    def read(self) -> ReturnFile:
        """The file, if nothing is wrong with it."""
        body, total = self._split()
        rows = self._decode(body)
        head = rows[0].split(",") if rows else []
        if len(head) != 5 or head[:2] != [RETURN, VERSION]:
            self._wrong(1, f"第一行应是 {RETURN},{VERSION},批次号,回盘号,日期")
            self._stop()
        if not (_NUMBER.fullmatch(head[2]) and _NUMBER.fullmatch(head[3])):
            self._wrong(1, "批次号或回盘号写法不对")
        if len(rows) < 2 or rows[1] != RETURN_COLUMNS:
            self._wrong(2, f"第二行应是表头 {RETURN_COLUMNS}")
        lines = [line for number, row in enumerate(rows[2:], 3) if (line := self._line(number, row))]
        self._check_total(body, total, len(rows) + 1, rows[2:], lines)
        self._check_twice(lines)
        self._stop()
        return ReturnFile(head[2], head[3], hashlib.sha256(self._content).hexdigest(), tuple(lines))

    def _split(self) -> tuple[bytes, bytes]:
        """Everything before the total line, and that line."""
        if len(self._content) > MOST_BYTES:
            self._wrong(0, "文件太大")
            self._stop()
        content = self._content.replace(b"\r\n", b"\n")
        cut = content.rstrip(b"\n").rfind(b"\n") + 1
        body, total = content[:cut], content[cut:].strip()
        if not total.startswith(b"total,"):
            self._wrong(content.count(b"\n") + 1, "最后一行应是 total,笔数,合计,摘要；文件可能不完整")
            self._stop()
        return body, total

    def _decode(self, body: bytes) -> list[str]:
        try:
            return body.decode("utf-8").removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            self._wrong(0, "文件不是 UTF-8 编码")
            self._stop()
            return []

    def _line(self, number: int, row: str) -> ReturnLine | None:
        cells = row.split(",", 4)
        if len(cells) != 5:
            self._wrong(number, "应有 5 栏")
            return None
        _, reference, cents, result, reason = cells
        if not _NUMBER.fullmatch(reference) or not _WHOLE.fullmatch(cents):
            self._wrong(number, "支付编号或金额写法不对")
            return None
        if result not in RESULTS:
            self._wrong(number, f"结果应是 paid、failed 或 returned，不是“{result[:20]}”")
            return None
        if result != "paid" and not reason.strip():
            self._wrong(number, "失败或退回应写明原因")
            return None
        return ReturnLine(number, reference, int(cents), result, reason.strip()[:200])

    def _check_total(self, body: bytes, total: bytes, number: int, rows: list[str], lines: list[ReturnLine]) -> None:
        cells = total.decode("ascii", "replace").split(",")
        if len(cells) != 4:
            self._wrong(number, "最后一行应是 total,笔数,合计,摘要")
            return
        if cells[1] != str(len(rows)):
            self._wrong(number, f"笔数写的是 {cells[1][:20]}，实际 {len(rows)} 笔")
        cents = sum(line.amount_cents for line in lines)
        if len(lines) == len(rows) and cells[2] != str(cents):
            self._wrong(number, f"合计写的是 {cells[2][:20]} 分，实际 {cents} 分")
        if cells[3].lower() != hashlib.sha256(body).hexdigest():
            self._wrong(number, "摘要对不上，文件被改动过或不完整")

    def _check_twice(self, lines: list[ReturnLine]) -> None:
        seen: dict[str, int] = {}
        for line in lines:
            if line.reference in seen:
                self._wrong(line.line, f"支付编号 {line.reference} 与第 {seen[line.reference]} 行重复")
            seen.setdefault(line.reference, line.line)

    def _wrong(self, line: int, text: str) -> None:
        self._faults.append(ReturnFault(line, text))

    def _stop(self) -> None:
        if self._faults:
            first = self._faults[0]
            words = f"第 {first.line} 行：{first.text}" if first.line else first.text
            raise ReturnRefused(count=len(self._faults), first=words, faults=tuple(self._faults))
