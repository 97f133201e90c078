"""What changed between two versions, clause by clause and word by word."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from zhicheng.apps.policies.values import Clause, ClauseChange, PolicyVersion


def compare_versions(old: PolicyVersion, new: PolicyVersion) -> list[ClauseChange]:
    """Clauses in the order of the new version, each removed one where it stood."""
    before, after = ({clause.code: clause for clause in version.clauses} for version in (old, new))
    return [_change(before.get(code), after.get(code)) for code in _order(list(before), list(after))]


def _order(old: list[str], new: list[str]) -> Iterator[str]:
    """New codes in order; a code that is gone comes before the code that followed it in the old version."""
    waiting = list(old)
    for code in new:
        while code in waiting and waiting[0] != code:
            first = waiting.pop(0)
            if first not in new:
                yield first
        if code in waiting:
            waiting.remove(code)
        yield code
    yield from (code for code in waiting if code not in new)


def _change(old: Clause | None, new: Clause | None) -> ClauseChange:
    if new is None and old is not None:
        return ClauseChange(old.code, old.title, "removed", [("gone", old.text)])
    if new is None:
        raise ValueError("a clause is in one of the two versions")
    if old is None:
        return ClauseChange(new.code, new.title, "added", [("new", new.text)])
    if (old.title, old.text) == (new.title, new.text):
        return ClauseChange(new.code, new.title, "same", [("same", new.text)])
    return ClauseChange(new.code, new.title, "changed", list(_words(old.text, new.text)))


def _words(old: str, new: str) -> Iterator[tuple[str, str]]:
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", new[from_new:to_new]
            continue
        if to_old > from_old:
            yield "gone", old[from_old:to_old]
        if to_new > from_new:
            yield "new", new[from_new:to_new]
