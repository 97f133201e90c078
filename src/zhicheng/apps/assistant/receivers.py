"""What the assistant does when something happened to an entry of its work list."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.assistant.operations.proposing import publish_entry
from zhicheng.apps.assistant.queries.projected import ANSWERS, read_answers, walk_answers
from zhicheng.core.lake.public import Projection, project
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def follow_entry(event: Event, now: datetime) -> None:
    """An entry was confirmed or dropped: publish it, or take it off the list."""
    publish_entry(UUID(event.subject.partition(":")[2]), now)


subscribe("cases.knowledge_entry.confirm", "assistant.publishing", follow_entry)
subscribe("cases.knowledge_entry.drop", "assistant.dropping", follow_entry)
project(Projection(ANSWERS, read_answers, walk_answers))
