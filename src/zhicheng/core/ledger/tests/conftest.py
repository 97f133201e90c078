"""Keys and checkpoint file of each test in its own folder."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ledger_folders(settings, tmp_path):
    settings.LEDGER_ROOT = tmp_path / "ledger"
    settings.KEYS_ROOT = tmp_path / "keys"
    return tmp_path


@pytest.fixture
def no_subscribers(monkeypatch):
    """A registry of its own, so that the subscribers of other packages stay out."""
    monkeypatch.setattr("zhicheng.core.ledger.registry.subscriptions._entries", {})
