"""Walks the chain in order and says what was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhicheng.core.ledger.policy.chain import GENESIS, link
from zhicheng.core.ledger.values import Finding, FindingKind

_LONGEST_REORDER = 200  # beyond that a broken stretch is reported as changed


@dataclass(frozen=True)
class SealedRow:
    """A sealed entry as stored; `is_genuine` says whether its content still gives its digest."""

    seq: int
    digest: bytes
    chain: bytes
    is_genuine: bool


class ChainAudit:
    """Takes rows in ascending `seq`; one finding for each broken stretch, none for what follows it soundly."""

    def __init__(self) -> None:
        self.seq = 0
        self.findings: list[Finding] = []
        self._chain = GENESIS
        self._anchor = GENESIS
        self._broken: list[SealedRow] = []

    def add(self, row: SealedRow) -> None:
        """Check the next row against the one before."""
        if row.seq < 1:
            self._report(FindingKind.CHANGED, row.seq, row.seq, f"序号 {row.seq} 不是封存程序产生的，该条为伪造。")
            return
        if not row.is_genuine:
            text = f"第 {row.seq} 条的内容与其摘要不符，内容已被改动。"
            self._report(FindingKind.CHANGED, row.seq, row.seq, text)
        if row.seq > self.seq + 1:
            self._close()
            self._gap(self.seq + 1, row.seq - 1)
        elif link(self._chain, row.digest, row.seq) == row.chain:
            self._close()
        else:
            self._anchor = self._anchor if self._broken else self._chain
            self._broken.append(row)
        self.seq, self._chain = row.seq, row.chain

    def finish(self) -> None:
        """Report a stretch that is broken up to the end."""
        self._close()

    def _gap(self, first: int, last: int) -> None:
        self._report(FindingKind.REMOVED, first, last, f"{_span(first, last)}缺失，已被删除。")

    def _close(self) -> None:
        rows, self._broken = self._broken, []
        if not rows:
            return
        moved = _moved(self._anchor, rows) if len(rows) <= _LONGEST_REORDER else []
        if moved:
            text = f"{_span(moved[0], moved[-1])}的先后次序被调换。"
            self._report(FindingKind.REORDERED, moved[0], moved[-1], text)
        else:
            first, last = rows[0].seq, rows[-1].seq
            text = f"{_span(first, last)}与前一条的链接断开，该处的内容、摘要或链值已被改写。"
            self._report(FindingKind.CHANGED, first, last, text)

    def _report(self, kind: FindingKind, first: int, last: int, text: str) -> None:
        self.findings.append(Finding(kind, first, last, text))


def _moved(anchor: bytes, rows: Sequence[SealedRow]) -> list[int]:
    """The places whose true entry now stands elsewhere; empty when another order does not explain the stretch."""
    chains = {row.chain for row in rows}
    left = {row.seq: row for row in rows}
    moved = []
    for seq in range(rows[0].seq, rows[-1].seq + 1):
        true = next((row for row in left.values() if link(anchor, row.digest, seq) in chains), None)
        if true is None:
            return []
        anchor = link(anchor, left.pop(true.seq).digest, seq)
        if true.seq != seq:
            moved.append(seq)
    return moved


def _span(first: int, last: int) -> str:
    return f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
