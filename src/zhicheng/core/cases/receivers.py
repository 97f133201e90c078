"""What cases do when something happened."""

from zhicheng.core.cases.operations.notifying import tell
from zhicheng.core.ledger.public import subscribe

subscribe("cases.", "cases.notices", tell)
