"""Calls answered one by one: reading, making, changing and deleting what addresses name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhicheng.core.telemetry.api.calls import MANAGE, REPORT, Call, Caller, Reply
from zhicheng.core.telemetry.api.landing import landing_page
from zhicheng.core.telemetry.errors import DocumentRefused, MethodNotAllowed
from zhicheng.core.telemetry.operations.sensing.arrays import take_arrays
from zhicheng.core.telemetry.operations.sensing.changing import Named, change, check_named, delete, link, unlink
from zhicheng.core.telemetry.operations.sensing.creating import Context, create
from zhicheng.core.telemetry.policy.sensorthings.addresses import Address, Step, parse_address
from zhicheng.core.telemetry.policy.sensorthings.documents import Document, read_document, reference_of
from zhicheng.core.telemetry.policy.sensorthings.options import parse_options
from zhicheng.core.telemetry.policy.sensorthings.patching import patched
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS
from zhicheng.core.telemetry.queries.sensing.answering import answer, place_of
from zhicheng.core.telemetry.queries.sensing.rendering import self_link

# What a document made under an address is linked back to by: (where it is made, link there) → its own link.
_BACK: Mapping[tuple[str, str], str] = {
    ("Things", "Datastreams"): "Thing",
    ("Things", "HistoricalLocations"): "Thing",
    ("Things", "Locations"): "Things",
    ("Locations", "Things"): "Locations",
    ("Locations", "HistoricalLocations"): "Locations",
    ("HistoricalLocations", "Locations"): "HistoricalLocations",
    ("Sensors", "Datastreams"): "Sensor",
    ("ObservedProperties", "Datastreams"): "ObservedProperty",
    ("Datastreams", "Observations"): "Datastream",
    ("FeaturesOfInterest", "Observations"): "FeatureOfInterest",
}
_ARRAYS = "CreateObservations"


def reply_to(call: Call, caller: Caller) -> Reply:
    """Answer a call.

    Raises:
        ZhichengError: what stands in the way, with its status.
    """
    if not call.path.strip("/"):
        _only(call, "GET")
        return Reply(200, landing_page(caller.asker.base))
    if call.path.strip("/") == _ARRAYS:
        _only(call, "POST")
        caller.require(REPORT, MANAGE, act="上报观测值")
        return Reply(201, _outcomes(call, caller))
    address = parse_address(call.path)
    if call.method not in _METHODS:
        raise MethodNotAllowed(method=call.method)
    return _METHODS[call.method](address, call, caller)


def _outcomes(call: Call, caller: Caller) -> list[str]:
    """For each row the address of its observation, or `error` and why."""
    taken = take_arrays(call.body, now=caller.asker.now)
    entity = SETS["Observations"]
    return [self_link(entity, each, caller.asker) if isinstance(each, str) else f"error: {each}" for each in taken]


def _only(call: Call, method: str) -> None:
    if call.method != method:
        raise MethodNotAllowed(method=call.method)


def _get(address: Address, call: Call, caller: Caller) -> Reply:
    found = answer(address, parse_options(address.last.entity, call.options), caller.asker)
    if address.value:
        return Reply(200, found, text=not isinstance(found, dict | list)) if found is not None else Reply(204)
    return Reply(200, found)


def _post(address: Address, call: Call, caller: Caller) -> Reply:
    if not address.is_list:
        raise MethodNotAllowed(method=call.method)
    entity = address.last.entity
    _may_write(entity.name, caller)
    if address.ref:
        owner = _owner(address, caller)
        link(owner, address.last.name, reference_of(call.body), _context(caller))
        return Reply(204)
    document = read_document(entity, call.body)
    if len(address.steps) > 1:
        document = _inside(document, address.steps, caller)
    made = create(document, _context(caller))
    where = self_link(entity, made, caller.asker)
    if not isinstance(made, int):
        return Reply(201, {"@iot.id": made, "@iot.selfLink": where}, where)
    return Reply(201, answer(parse_address(f"{entity.name}({made})"), _NO_OPTIONS, caller.asker), where)


def _inside(document: Document, steps: Sequence[Step], caller: Caller) -> Document:
    """A document made under another entity is linked to it."""
    owner = place_of(steps[:-1], caller.asker)
    back = _BACK.get((owner.entity.name, steps[-1].name), "")
    if not back:
        raise MethodNotAllowed(method="POST")
    if not document.entity.links.get(back):
        raise DocumentRefused(problem=f"{document.entity.singular} 不能在这里新建")
    return document.with_link(back, owner.id)


def _patch(address: Address, call: Call, caller: Caller) -> Reply:
    named = _named(address, call, caller)
    body = call.body
    if call.patches:
        shown = answer(Address(address.steps), _NO_OPTIONS, caller.asker)
        before = {name: value for name, value in shown.items() if "@iot." not in name}
        after = patched(before, call.body)
        body = {name: after.get(name) for name in {*before, *after} if after.get(name) != before.get(name)}
    change(named, read_document(named.entity, body, partial=True), _context(caller))
    return _shown(address, caller)


def _put(address: Address, call: Call, caller: Caller) -> Reply:
    if address.ref:
        _may_write(address.last.entity.name, caller)
        link(_owner(address, caller), address.last.name, reference_of(call.body), _context(caller))
        return Reply(204)
    named = _named(address, call, caller)
    change(named, read_document(named.entity, call.body), _context(caller), replace=True)
    return _shown(address, caller)


def _delete(address: Address, call: Call, caller: Caller) -> Reply:
    if address.ref:
        return _unlink(address, call, caller)
    delete(_named(address, call, caller))
    return Reply(200)


def _unlink(address: Address, call: Call, caller: Caller) -> Reply:
    """`DELETE Things(1)/Locations(2)/$ref`."""
    _may_write(address.last.entity.name, caller)
    if len(address.steps) < 2 or address.last.id is None:
        raise MethodNotAllowed(method=call.method)
    unlink(_owner(address, caller), address.last.name, address.last.id)
    return Reply(204)


def _named(address: Address, call: Call, caller: Caller) -> Named:
    """The entity that shall be changed, which the caller can see; who sends observations may not change them.

    Raises:
        MethodNotAllowed: the address names a list or a property.
    """
    caller.require(MANAGE, act="管理设备")
    if address.is_list or address.names:
        raise MethodNotAllowed(method=call.method)
    return _mine(address.steps, caller)


def _owner(address: Address, caller: Caller) -> Named:
    if len(address.steps) < 2:
        raise MethodNotAllowed(method="$ref")
    return _mine(address.steps[:-1], caller)


def _mine(steps: Sequence[Step], caller: Caller) -> Named:
    """The entity that an address leads to, which the caller may change."""
    place = place_of(steps, caller.asker)
    named = Named(place.entity, place.id)
    check_named(named, caller.actor)
    return named


def _may_write(name: str, caller: Caller) -> None:
    if name == "Observations":
        caller.require(REPORT, MANAGE, act="上报观测值")
    else:
        caller.require(MANAGE, act="管理设备")


def _context(caller: Caller) -> Context:
    return Context(caller.asker.now, caller.actor)


def _shown(address: Address, caller: Caller) -> Reply:
    return Reply(200, answer(Address(address.steps), _NO_OPTIONS, caller.asker))


_NO_OPTIONS = parse_options(SETS["Things"], {})
_METHODS: Mapping[str, Callable[[Address, Call, Caller], Reply]] = {
    "GET": _get,
    "POST": _post,
    "PATCH": _patch,
    "PUT": _put,
    "DELETE": _delete,
}


def error_body(code: str, status: int, sentence: str) -> dict[str, Any]:
    """An error as a part of a batch shows it."""
    return {"code": code, "status": status, "detail": sentence, "message": sentence}
