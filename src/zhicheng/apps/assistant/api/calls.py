"""The call desk over HTTP: for call-centre software that shows what the city knows beside its own form."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.apps.assistant.api.schemas import ProblemOut
from zhicheng.apps.assistant.public import suggest_for_call
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now

router = Router(tags=["assistant"])


class CallIn(Schema):
    """What a caller has said so far, and where."""

    text: str = Field("", max_length=3000, description="来电人说的话，边听边发；不保存")
    address: str = Field("", max_length=200)
    longitude: float | None = None
    latitude: float | None = None


class KnownOut(Schema):
    """Something that the city knows, in the words of its source."""

    title: str
    text: str
    source: str
    link: str
    confidence: float


class ItemOut(Schema):
    """A possible item."""

    code: str
    label: str
    probability: float


class AlikeOut(Schema):
    """An open appeal alike nearby; nothing personal."""

    number: str
    item_label: str
    place: str
    state_label: str
    supporters: int
    distance_m: int


class SuggestionsOut(Schema):
    """What helps. `state`: ready; empty (nothing near), short (too little said), missing (no index yet)."""

    state: str
    answers: list[KnownOut]
    items: list[ItemOut]
    alike: list[AlikeOut]


@router.post(
    "/assistant/calls/suggestions",
    response={200: SuggestionsOut, 403: ProblemOut, 422: ProblemOut, 429: ProblemOut},
    summary="坐席提示",
)
def suggest_while_typing(request: HttpRequest, body: CallIn) -> Any:
    """What the city knows while a caller speaks; only for who takes calls. POST, so that no log keeps what is said."""
    point = (body.longitude, body.latitude) if None not in {body.longitude, body.latitude} else (None, None)
    draft = AppealDraft(
        text=body.text, channel="phone", address=body.address, longitude=point[0], latitude=point[1], anonymous=True
    )
    return suggest_for_call(draft, actor=request_actor(request), now=now())
