"""Device models of the installed pack, kept in the process per release."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from zhicheng.core.packs.public import NoPackInstalled, current_release, list_definitions
from zhicheng.core.telemetry.values import AlarmRule, Condition, DeviceModel, StreamModel

KIND = "device_model"
ACCESS = {"public": 0, "signed": 1, "restricted": 2}
_KINDS = ("above", "below", "rises", "falls")


def list_models() -> Mapping[str, DeviceModel]:
    """Every device model by its code; none where no pack is installed."""
    try:
        return _models(current_release().id)
    except NoPackInstalled:
        return {}


def list_rules() -> Mapping[str, AlarmRule]:
    """Every alarm rule by its id."""
    return {rule.id: rule for model in list_models().values() for rule in model.alarms}


def sensor_code(model: str) -> str:
    """The code of the sensor that stands for a device model."""
    return f"model:{model}"


@lru_cache(maxsize=2)
def _models(_release: int) -> Mapping[str, DeviceModel]:
    return {each.code: read_model(each.body) for each in list_definitions(KIND)}


def read_model(body: Mapping[str, Any]) -> DeviceModel:
    """A model as its definition has it."""
    code = body["code"]
    return DeviceModel(
        code=code,
        label=body["label"],
        kind=body["kind"],
        responsible=body["responsible"],
        access=ACCESS[body["access"]],
        streams=tuple(_stream(row) for row in body["streams"]),
        alarms=tuple(_rule(body, row) for row in body["alarms"]),
    )


def _stream(row: Mapping[str, Any]) -> StreamModel:
    least, most = row["range"] or (None, None)
    return StreamModel(
        row["code"], row["label"], row["property"], row["unit"], row["unit_label"], least, most, row["interval_s"]
    )


def _rule(body: Mapping[str, Any], row: Mapping[str, Any]) -> AlarmRule:
    model, code = body["code"], row["code"]
    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    conditions = tuple(_condition(f"{model}/{code}/{index}", each) for index, each in enumerate(row["when"]))
    return AlarmRule(
        model=model,
        code=code,
        label=row["label"],
        severity=row["severity"],
        conditions=conditions,
        need=row["need"] or len(conditions),
        scope=row["scope"],
        responsible=row["responsible"] or body["responsible"],
        limit=row["limit"],
        advice=row["advice"],
        source=row["source"],
        hash=hashlib.sha256(text.encode()).hexdigest(),
        decided_by=row.get("rule", ""),
        over_s=row.get("over_s", 300.0),
    )


def _condition(code: str, row: Mapping[str, Any]) -> Condition:
    if row["silent_s"] is not None:
        return Condition(code, row["stream"], "silent", row["silent_s"], row["silent_s"])
    kind = next(each for each in _KINDS if row[each] is not None)
    threshold = float(row[kind])
    back = {"above": threshold, "below": threshold, "rises": threshold / 2, "falls": threshold / 2}[kind]
    clear = back if row["clear"] is None else float(row["clear"])
    return Condition(code, row["stream"], kind, threshold, clear, row["for_s"], row["within_s"])
