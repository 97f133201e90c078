"""What the lake does when something happened anywhere."""

from zhicheng.core.lake.operations.noting import note_changes
from zhicheng.core.ledger.public import subscribe

subscribe("", "lake.changes", note_changes)
