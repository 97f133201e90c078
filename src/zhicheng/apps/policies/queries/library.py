"""The library of the installed pack, kept in the process per release, with its index."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from zhicheng.apps.policies.policy import Library
from zhicheng.apps.policies.values import Clause, Policy, PolicyFilter, PolicyPage, PolicyVersion
from zhicheng.core.packs.public import DefinitionUnknown, current_definition, current_release
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.engines.text.lookup import Entry, Lookup

POLICIES = "policies"
_NAME, _EVERYDAY, _ABOUT = 3.0, 2.5, 0.6


def get_library() -> Library:
    """The policies of this city; empty where the pack has none."""
    return _library(current_release().id)


def list_policies(wanted: PolicyFilter, *, on: date) -> PolicyPage:
    """A page of policies, narrowed; with `text`, the best matches first."""
    found = get_library().browse(wanted, on)
    if wanted.text:
        order = _order(wanted.text)
        found = sorted((policy for policy in found if policy.code in order), key=lambda policy: order[policy.code])
    shown = found[wanted.after : wanted.after + wanted.limit]
    end = wanted.after + len(shown)
    return PolicyPage(shown, len(found), end if end < len(found) else 0)


def _order(text: str) -> dict[str, int]:
    """Places of the policies that a text finds: a document number first, then by words."""
    policies = get_library().policies.values()
    numbered = [each.code for each in policies if any(text in version.number for version in each.versions)]
    hits = [code for code, _ in _index(current_release().id).search(text[:60], limit=200)]
    return {code: place for place, code in enumerate(dict.fromkeys([*numbered, *hits]))}


def issuer_name(function: str, region: str) -> str:
    """The name of the unit with a function in a region; the function where there is none."""
    tree = get_unit_tree()
    code = tree.serving(function, [region])
    return tree.get(code).name if code else function


@lru_cache(maxsize=2)
def _library(_release: int) -> Library:
    try:
        body = current_definition(POLICIES, POLICIES).body
    except DefinitionUnknown:
        return Library(())
    return Library(_policy(row) for row in body["policies"])


@lru_cache(maxsize=1)
def _index(_release: int) -> Lookup:
    return Lookup([Entry(policy.code, _fields(policy)) for policy in get_library().policies.values()])


def _fields(policy: Policy) -> list[tuple[str, float]]:
    clauses = " ".join(f"{clause.title} {clause.text}" for clause in policy.versions[-1].clauses)
    numbers = " ".join(version.number for version in policy.versions)
    words = " ".join([*policy.keywords, *policy.topics])
    return [(policy.label, _NAME), (words, _EVERYDAY), (numbers, _EVERYDAY), (f"{policy.summary} {clauses}", _ABOUT)]


def _policy(row: Mapping[str, Any]) -> Policy:
    return Policy(**{**row, "versions": [_version(each) for each in row["versions"]]})


def _version(row: Mapping[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        code=row["code"],
        number=row["number"],
        from_date=date.fromisoformat(row["from_date"]),
        to_date=date.fromisoformat(row["to_date"]) if row["to_date"] else None,
        clauses=[Clause(**clause) for clause in row["clauses"]],
    )
