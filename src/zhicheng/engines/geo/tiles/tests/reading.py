"""A small reader of vector tiles, by the specification alone."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ReadFeature:
    number: int = 0
    kind: int = 0
    parts: list[list[tuple[int, int]]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)


def read_tile(content: bytes) -> tuple[str, list[ReadFeature]]:
    """The name of the one layer, and its features."""
    ((mark, layer),) = _fields(content)
    assert mark == 3
    parts = list(_fields(layer))
    keys = [bytes(value).decode() for mark, value in parts if mark == 3]
    values = [_value(value) for mark, value in parts if mark == 4]
    assert [value for mark, value in parts if mark in {15, 5}] == [2, 4096]
    (name,) = [value for mark, value in parts if mark == 1]
    return bytes(name).decode(), [_feature(value, keys, values) for mark, value in parts if mark == 2]


def _feature(content: bytes, keys: list[str], values: list[Any]) -> ReadFeature:
    found = ReadFeature()
    for mark, value in _fields(content):
        if mark == 1:
            found.number = value
        elif mark == 2:
            tags = list(_numbers(value))
            found.properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        elif mark == 3:
            found.kind = value
        else:
            found.parts = _parts(list(_numbers(value)))
    return found


def _parts(commands: list[int]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(commands):
        command, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == 7:
            found[-1].append(found[-1][0])
            continue
        for _ in range(count):
            x += (commands[at] >> 1) ^ -(commands[at] & 1)
            y += (commands[at + 1] >> 1) ^ -(commands[at + 1] & 1)
            at += 2
            if command == 1:
                found.append([])
            found[-1].append((x, y))
    return found


def _value(content: bytes) -> Any:
    ((mark, value),) = _fields(content)
    if mark == 1:
        return bytes(value).decode()
    if mark == 3:
        return struct.unpack("<d", value)[0]
    return (value >> 1) ^ -(value & 1) if mark == 6 else bool(value)


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(content):
        mark, at = _number(content, at)
        if mark & 7 == 0:
            value, at = _number(content, at)
            yield mark >> 3, value
            continue
        length, at = (8, at) if mark & 7 == 1 else _number(content, at)
        yield mark >> 3, content[at : at + length]
        at += length


def _numbers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = _number(content, at)
        yield value


def _number(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (content[at] & 127) << shift
        shift += 7
        at += 1
        if content[at - 1] < 128:
            return value, at
