"""Fixtures that tests of the assistant and of its pages share."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhicheng.apps.appeals.tests.town import NOW
from zhicheng.apps.assistant.operations import asking
from zhicheng.apps.assistant.policy.plain import pairs
from zhicheng.apps.assistant.queries.searching import find
from zhicheng.apps.assistant.tests.documents import DOCUMENTS
from zhicheng.core.knowledge.public import put_documents, rebuild_index
from zhicheng.core.knowledge.values import Hit


@pytest.fixture
def knowledge(town: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the town knows, in an index of its own; as sure as a large index would be.

    Confidence is calibrated on thousands of questions. Of four documents the rarity of words says little: here it is
    the share of the title's words that were said.
    """
    settings.HOME = tmp_path
    stock_knowledge()
    monkeypatch.setattr(asking, "find", lambda text, ask: [_sure(text, hit) for hit in find(text, ask)])


def stock_knowledge() -> None:
    """The documents of the town, in the index of this folder."""
    put_documents("town", DOCUMENTS, now=NOW)
    rebuild_index()


def _sure(text: str, hit: Hit) -> Hit:
    titles = [pairs(wording) for wording in (hit.title, hit.matched)]
    shares = [len(title & pairs(text)) / len(title) for title in titles]
    return replace(hit, confidence=max(shares))
