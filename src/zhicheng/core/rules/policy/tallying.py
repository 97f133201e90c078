"""SQL that counts the answers of a bulk query, and what it says about two of them."""

from collections.abc import Sequence

from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Kind


def tally_sql(book: Rulebook, rules: Sequence[str], relation: str) -> str:
    """One row: rows, an order-free hash of all of them, then five counts and a sum for each rule."""
    parts = ["count(*)", "coalesce(bit_xor(hash(everything)), 0)"]
    for rule in rules:
        parts += _tally_parts(book, rule)
    return f"SELECT {', '.join(parts)} FROM {relation} AS everything"


def _tally_parts(book: Rulebook, rule: str) -> list[str]:
    name = quoted(rule)
    kind = book.latest(rule).node.type.kind
    failed = f"count(*) FILTER (list_contains(failed, '{rule}'))"
    if kind is Kind.BOOLEAN:
        return [f"count(*) FILTER ({name})", f"count(*) FILTER (NOT {name})", "0", failed, "NULL"]
    total = f"sum({name})" if kind is Kind.NUMBER else "NULL"
    return ["0", "0", f"count({name})", failed, total]


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'
