"""What disclosure does when something happened to its cases."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.disclosure.operations.consulting import end_if_answered, recall_all
from zhicheng.apps.disclosure.operations.settling import settle
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def settle_request(event: Event, now: datetime) -> None:
    """A request moved or ended: the report counts it."""
    settle(UUID(event.subject.partition(":")[2]), now)


def opinion_ended(event: Event, now: datetime) -> None:
    """An opinion came, or its time is over."""
    if event.data.get("parent"):
        end_if_answered(UUID(str(event.data["parent"])), now)


def withdrawn(event: Event, now: datetime) -> None:
    """A request was withdrawn: nobody needs to answer any more."""
    recall_all(UUID(event.subject.partition(":")[2]), now)


for _action in ("transfer", "decide", "give_up", "withdraw"):
    subscribe(f"cases.disclosure.{_action}", f"disclosure.settling.{_action}", settle_request)
for _action in ("answer", "record_answer", "lapse", "recall"):
    subscribe(f"cases.disclosure_consultation.{_action}", f"disclosure.consulting.{_action}", opinion_ended)
subscribe("cases.disclosure.withdraw", "disclosure.recalling", withdrawn)
