"""What licences do when something happened, and how they become rows of the lake."""

from datetime import datetime

from zhicheng.apps.licences.operations.telling import tell_issued
from zhicheng.apps.licences.queries.projected import read_licences, walk_licences
from zhicheng.core.lake.public import Projection, project
from zhicheng.core.ledger.public import subscribe
from zhicheng.core.ledger.values import Event


def tell_holder(event: Event, now: datetime) -> None:
    """A licence was issued: its holder finds it in the wallet."""
    tell_issued(event, now=now)


subscribe("licences.issued", "licences.notices", tell_holder)
project(Projection("licence", read_licences, walk_licences, ("licences.",)))
