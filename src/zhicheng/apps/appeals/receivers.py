"""What appeals do when something happened."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.appeals.operations.learning import learn_from_case, train_from_pack
from zhicheng.apps.appeals.queries.appeals import appeal_columns
from zhicheng.core.cases.public import case_columns
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def train_on_new_pack(_event: Event, now: datetime) -> None:
    """A pack was installed: learn its examples."""
    train_from_pack(now)


def learn_from_reply(event: Event, now: datetime) -> None:
    """An appeal was answered by the unit that handled it: its item stood."""
    if event.data.get("category"):
        learn_from_case(UUID(event.subject.partition(":")[2]), str(event.data["category"]), now)


subscribe("PackInstalled", "appeals.training", train_on_new_pack)
subscribe("cases.appeal.reply", "appeals.learning", learn_from_reply)
case_columns.add("appeals", appeal_columns)
