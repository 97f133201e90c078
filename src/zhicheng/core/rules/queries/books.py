"""Rulebooks by their hash, built once in a process: a case decides by the book it began with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from zhicheng.core.packs.public import current_definition, get_definition
from zhicheng.core.rules.errors import MixedEntities, RuleUnknown
from zhicheng.core.rules.policy.bodies import BOOK_CODE, BOOK_KIND, entity_from, parameter_from, rules_from
from zhicheng.core.rules.policy.explaining import cite
from zhicheng.core.rules.values import RuleInfo
from zhicheng.engines.rules.book import Rulebook, build_book
from zhicheng.engines.rules.bulk import closure
from zhicheng.engines.rules.evaluation import Evaluator
from zhicheng.engines.rules.scalar import reads


@dataclass(frozen=True)
class PinnedBook:
    """A rulebook with its hash, and the version of each rule in it: the hash of all that the rule decides by."""

    hash: str
    book: Rulebook
    versions: Mapping[str, str]

    def require(self, rules: Sequence[str], *, entity: str = "") -> None:
        """Every rule is in the book, and about this entity.

        Raises:
            RuleUnknown: one is not in the book.
            MixedEntities: one is about something else.
        """
        for rule in rules:
            if rule not in self.book.rules:
                raise RuleUnknown(rule=rule)
            if entity and self.book.latest(rule).text.entity != entity:
                raise MixedEntities(rule=rule, entity=entity)


def current_rulebook() -> str:
    """The hash of the installed pack's rulebook, for a case to keep.

    Raises:
        NoPackInstalled: the city has none yet.
        DefinitionUnknown: the pack was installed before there were rules.
    """
    return current_definition(BOOK_KIND, BOOK_CODE).hash


@lru_cache(maxsize=8)
def get_book(rulebook: str) -> PinnedBook:
    """A rulebook by its hash.

    Raises:
        DefinitionUnknown: there is none.
    """
    body = get_definition(rulebook).body
    parameters = [parameter_from(get_definition(digest).body) for digest in body["parameters"].values()]
    texts = [text for digest in body["rules"].values() for text in rules_from(get_definition(digest).body)]
    entities = [entity_from(entity) for entity in body["entities"]]
    book, _ = build_book({entity.code: entity for entity in entities}, parameters, texts)
    return PinnedBook(rulebook, book, _versions(book, body["rules"], body["parameters"]))


def _versions(book: Rulebook, rules: Mapping[str, str], parameters: Mapping[str, str]) -> dict[str, str]:
    """Of each rule the hash over itself, the rules that it refers to, and every parameter that any of them reads.

    A rule whose amount or age changed is another version, though not a letter of its own text did.
    """
    read = {
        rule: {code for version in versions for code in reads(version.node)[1]} for rule, versions in book.rules.items()
    }
    found = {}
    for rule in book.rules:
        below = closure(book, [rule])
        lines = {f"rule {each} {rules[each]}" for each in below}
        lines |= {f"parameter {code} {parameters[code]}" for each in below for code in read[each]}
        found[rule] = sha256("\n".join(sorted(lines)).encode()).hexdigest()
    return found


@lru_cache(maxsize=64)
def get_evaluator(rulebook: str, day: date) -> Evaluator:
    """The functions that decide by a book on a day."""
    return Evaluator(get_book(rulebook).book, day)


def list_rules(*, entity: str = "", rulebook: str = "") -> list[RuleInfo]:
    """The rules of a book (the installed one), by id; of one entity where given."""
    pinned = get_book(rulebook or current_rulebook())
    return [
        _info(pinned, rule)
        for rule in sorted(pinned.book.rules)
        if entity in ("", pinned.book.latest(rule).text.entity)
    ]


def get_rule(rule: str, *, rulebook: str = "") -> RuleInfo:
    """One rule of a book.

    Raises:
        RuleUnknown: it is not in the book.
    """
    pinned = get_book(rulebook or current_rulebook())
    pinned.require([rule])
    return _info(pinned, rule)


def _info(pinned: PinnedBook, rule: str) -> RuleInfo:
    text = pinned.book.latest(rule).text
    content = text.expression if text.table is None else "决策表"
    return RuleInfo(
        rule,
        text.label,
        text.entity,
        text.type,
        text.unit,
        text.from_date,
        text.to_date,
        cite(text.source),
        content,
        pinned.versions[rule],
    )
