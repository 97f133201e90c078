"""One device as the cockpit's map tells of it when somebody points at it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.public import device_of_thing, list_models
from zhicheng.kit.clock import now, words
from zhicheng.web.shared.layers import visible_layers
from zhicheng.web.shared.presenting import place_words, unit_name
from zhicheng.web.shared.signin import NotForYou, needs_official

LAYER = "device"
_STATES = {"online": "在线", "offline": "离线", "alarm": "告警", "unheard": "未上线", "retired": "已停用"}
_MOST_VALUES = 4


def may_see_devices(actor: Actor) -> bool:
    """Whether the layer of devices is for this reader."""
    return any(layer.code == LAYER for layer in visible_layers(actor))


@never_cache
@require_GET
@needs_official("cockpit.view")
def device(request: HttpRequest, thing: int) -> HttpResponse:
    """Name, state, place and newest readings."""
    actor = request_actor(request)
    if not may_see_devices(actor):
        raise NotForYou()
    at = now()
    found = device_of_thing(thing, now=at)
    model = list_models().get(found.model)
    place = found.community or found.street or found.district
    facts = [
        ("状态", _STATES[found.state]),
        ("型号", model.label if model else found.model or "其他"),
        *((each.label, _value(each)) for each in found.measured[:_MOST_VALUES] if each.at),
        ("上次数据", f"{words(at - found.last_seen)}前" if found.last_seen else "还没有数据"),
        ("责任单位", unit_name(found.unit) if found.unit else ""),
        ("位置", place_words(place) if place else "城区以外"),
    ]
    return JsonResponse(
        {
            "name": found.name,
            "key": found.key,
            "facts": [{"label": label, "words": said} for label, said in facts if said],
            "url": f"/workbench/devices/one/{found.key}/" if "devices.view" in actor.permissions else "",
        }
    )


def _value(measured: Any) -> str:
    if measured.value is None:
        return str(measured.text or "—")[:60]
    return f"{measured.value:.4g} {measured.unit}".strip()
