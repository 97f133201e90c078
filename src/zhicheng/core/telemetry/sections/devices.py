"""`devices/*.yaml`: one device model a file: what it measures, when it alarms, who looks after it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_row,
    pin_definition,
    read_yaml,
)
from zhicheng.core.telemetry.models import ObservedProperty, Sensor
from zhicheng.core.telemetry.queries.devices.models import KIND, sensor_code
from zhicheng.core.telemetry.values import ALARM_PROCESS, SIGNAL_ENTITY

_CODE = r"^[a-z][a-z0-9_]*$"
_EXPRESSION = r"^([a-z_]+@(city|district|street|community)|unit:[A-Z0-9-]+)$"
_MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StreamRow(_Row):
    """What a device measures."""

    code: str = Field(pattern=_CODE, max_length=40)
    label: str = Field(min_length=1, max_length=60)
    property: str = Field(pattern=_CODE, max_length=40)
    unit: str = Field(max_length=20)
    unit_label: str = Field(min_length=1, max_length=20)
    range: tuple[float, float] | None = None
    interval_s: float = Field(default=0, ge=0, le=30 * 86400)


class ConditionRow(_Row):
    """What is looked at in one stream."""

    stream: str = Field(pattern=_CODE)
    above: float | None = None
    below: float | None = None
    rises: float | None = Field(default=None, gt=0)
    falls: float | None = Field(default=None, gt=0)
    silent_s: float | None = Field(default=None, ge=30)
    clear: float | None = None
    for_s: float = Field(default=0, ge=0, le=86400)
    within_s: float = Field(default=0, ge=0, le=86400)

    @model_validator(mode="after")
    def _one_kind(self) -> "ConditionRow":
        kinds = [name for name in ("above", "below", "rises", "falls", "silent_s") if getattr(self, name) is not None]
        if len(kinds) != 1:
            raise ValueError("above、below、rises、falls、silent_s 只写一个")
        if kinds[0] in {"rises", "falls"} and self.within_s < 4:
            raise ValueError("rises、falls 要写 within_s（秒）")
        if self.clear is not None and (
            (self.above is not None and self.clear > self.above) or (self.below is not None and self.clear < self.below)
        ):
            raise ValueError("clear 应在正常的一侧")
        return self


class AlarmRow(_Row):
    """When it alarms."""

    code: str = Field(pattern=_CODE, max_length=40)
    label: str = Field(min_length=2, max_length=60)
    severity: Literal["notice", "warning", "critical"] = "warning"
    when: list[ConditionRow] = Field(min_length=1, max_length=3)
    need: int = Field(default=0, ge=0, le=3)
    scope: Literal["device", "group"] = "device"
    responsible: str = Field(default="", pattern=_EXPRESSION + "|^$")
    rule: str = Field(default="", max_length=80)
    over_s: float = Field(default=300, ge=10, le=86400)
    limit: dict[str, Any] = Field(default_factory=lambda: {"hours": 2, "calendar": "always"})
    advice: str = Field(default="", max_length=200)
    source: str = Field(min_length=2, max_length=120)

    @model_validator(mode="after")
    def _scope(self) -> "AlarmRow":
        if any(each.silent_s for each in self.when) and (len(self.when) > 1 or self.scope == "group"):
            raise ValueError("失联（silent_s）不能与其他条件合用")
        if self.rule and any(each.silent_s for each in self.when):
            raise ValueError("失联（silent_s）没有读数，不能由规则（rule）判断")
        return self


class ModelRow(_Row):
    """One file."""

    code: str = Field(pattern=_CODE, max_length=40)
    label: str = Field(min_length=2, max_length=60)
    kind: str = Field(pattern=_CODE, max_length=24)
    responsible: str = Field(pattern=_EXPRESSION)
    access: Literal["public", "signed", "restricted"] = "signed"
    description: str = Field(default="", max_length=200)
    illustrative: bool = False
    streams: list[StreamRow] = Field(min_length=1, max_length=32)
    alarms: list[AlarmRow] = Field(default_factory=list, max_length=16)


Value = list[Item[ModelRow]]


def _load(root: Path) -> Loaded:
    items: Value = []
    faults: list[Fault] = []
    for path in sorted((root / "devices").glob("*.yaml")) if (root / "devices").is_dir() else []:
        row, found = read_yaml(root, f"devices/{path.name}")
        faults += found
        if row is None:
            continue
        item, found = parse_row(row, ModelRow)
        faults += found
        if item is not None:
            items.append(item)
    return Loaded(items, faults)


def _check(value: Value, pack: PackSource) -> Iterator[Fault]:
    """Codes are unique, conditions name streams of the model, whoever is responsible exists, alarms have a process."""
    seen: set[str] = set()
    functions = {unit.value.function for unit in pack.values.get("units") or ()}
    units = {unit.value.code for unit in pack.values.get("units") or ()}
    rules = {item.value.id: item.value for item in pack.values.get("rules") or ()}
    for item in value:
        model = item.value
        if model.code in seen:
            yield item.fault("devices.duplicate", f"型号 {model.code} 写了两次。", "只留一个文件。", key="code")
        seen.add(model.code)
        yield from _check_streams(item)
        yield from _check_rules(item, rules)
        for key, expression in _expressions(model):
            name = expression.partition("@")[0] if "@" in expression else expression.removeprefix("unit:")
            if name not in (functions if "@" in expression else units):
                yield item.fault("devices.nobody", f"没有单位能承担 {expression}。", "请对照 units.csv 改正。", key=key)
    processes = {file.process.code for file in pack.values.get("processes") or ()}
    if any(item.value.alarms for item in value) and ALARM_PROCESS not in processes:
        hint = "请写 processes/device_alarm.yaml，或删去告警规则。"
        yield Fault("devices", 0, "devices.no_process", "有告警规则，没有告警的流程。", hint)


def _expressions(model: ModelRow) -> Iterator[tuple[str, str]]:
    yield "responsible", model.responsible
    for index, alarm in enumerate(model.alarms):
        if alarm.responsible:
            yield f"alarms.{index}.responsible", alarm.responsible


def _check_streams(item: Item[ModelRow]) -> Iterator[Fault]:
    model = item.value
    codes = [stream.code for stream in model.streams]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield item.fault("devices.duplicate", f"数据流 {code} 写了两次。", "只留一处。", key="streams")
    watched: dict[str, int] = {}
    for index, alarm in enumerate(model.alarms):
        for condition in alarm.when:
            watched[condition.stream] = watched.get(condition.stream, 0) + (condition.silent_s is None)
            if condition.stream not in codes:
                message = f"告警 {alarm.code} 用到的数据流 {condition.stream} 不存在。"
                yield item.fault("devices.unknown_stream", message, "请改正 stream。", key=f"alarms.{index}")
    for code in sorted(code for code, count in watched.items() if count > 4):
        yield item.fault("devices.too_many", f"数据流 {code} 的条件超过 4 个。", "请合并或删去。", key="alarms")


def _check_rules(item: Item[ModelRow], rules: Mapping[str, Any]) -> Iterator[Fault]:
    for index, alarm in enumerate(item.value.alarms):
        key = f"alarms.{index}.rule"
        if not alarm.rule:
            continue
        rule = rules.get(alarm.rule)
        if rule is None:
            yield item.fault("devices.unknown_rule", f"没有规则 {alarm.rule}。", "规则写在 rules/ 下。", key=key)
        elif rule.entity != SIGNAL_ENTITY or rule.type not in {"boolean", "text"}:
            message = f"规则 {alarm.rule} 不能判断告警。"
            hint = f"对象应为 {SIGNAL_ENTITY}，结果应为 boolean（是否告警）或 text（告警等级，none 为不告警）。"
            yield item.fault("devices.other_rule", message, hint, key=key)


def _install(value: Value, _pack: PackSource, now: datetime) -> None:
    """Pin the models; each stream has a sensor and an observed property that SensorThings shows."""
    for item in value:
        model = item.value
        pin_definition(KIND, model.code, model.model_dump(mode="json"), label=model.label, now=now)
        Sensor.objects.update_or_create(
            code=sensor_code(model.code),
            defaults={
                "name": model.label,
                "description": model.description or model.label,
                "encoding_type": "application/json",
                "metadata": {"model": model.code, "kind": model.kind, "illustrative": model.illustrative},
            },
        )
        for stream in model.streams:
            ObservedProperty.objects.update_or_create(
                code=stream.property,
                defaults={
                    "name": stream.label,
                    "definition": f"urn:zhicheng:property:{stream.property}",
                    "description": stream.label,
                },
            )


def _describe(value: Value) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for item in value:
        model = item.value
        alarms = "、".join(alarm.label for alarm in model.alarms)
        streams = "、".join(f"{stream.label}（{stream.unit}）" for stream in model.streams)
        yield "设备型号", model.code, model.label, {"责任单位": model.responsible, "数据流": streams, "告警": alarms}


DEVICES = Section("devices", "设备型号", _load, _check, _install, _describe)
