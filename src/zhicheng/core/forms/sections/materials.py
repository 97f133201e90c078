"""materials.yaml: kinds of materials, what replaces them and who reads them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.forms.policy.documents import READERS
from zhicheng.core.forms.values import MATERIAL
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Section,
    parse_items,
    pin_definition,
    read_yaml_rows,
    sections,
)

MATERIALS = "materials"
FILES = ("materials.yaml", "services/materials.yaml")  # the second one is the catalogue's own
_LICENCES = "licences.yaml"
_CODE = r"^[a-z][a-z0-9_]{1,59}$"


class ReadField(BaseModel):
    """One field that can be read from a material."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Annotated[str, Field(min_length=1, max_length=40)]


class MaterialLine(BaseModel):
    """One kind of material."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=_CODE)]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["licence", "document", "photo"]
    licence: Annotated[str, Field(max_length=60)] = ""
    reader: str = "none"
    fields: tuple[ReadField, ...] = ()
    note: Annotated[str, Field(max_length=300)] = ""


MaterialItem = Item[MaterialLine]
Materials = Mapping[str, MaterialItem]


def register() -> None:
    """Register the section."""
    sections.add(MATERIALS, Section(MATERIALS, "材料", load, check, install, describe))


def load(root: Path) -> Loaded:
    """Materials by code; a pack without the file has none."""
    faults: list[Fault] = []
    materials: dict[str, MaterialItem] = {}
    for item in _lines(root, faults):
        if item.value.code in materials:
            message = f"材料「{item.value.code}」写了两次。"
            faults.append(item.fault("material.duplicate", message, "请删去一处，或换一个代码。", key="code"))
        materials.setdefault(item.value.code, item)
    return Loaded(materials, faults)


def _lines(root: Path, faults: list[Fault]) -> Iterator[MaterialItem]:
    for file in FILES:
        if (root / file).exists():
            rows, found = read_yaml_rows(root, file)
            items, wrong = parse_items(rows, MaterialLine)
            faults += [*found, *wrong]
            yield from items


def check(materials: Materials, pack: PackSource) -> Iterator[Fault]:
    """Licences and readers that do not exist, and fields that a reader does not give."""
    licences = _licences(pack.root)
    for item in materials.values():
        line = item.value
        if item.row.file == FILES[0] and line.licence and licences and line.licence not in licences:
            message = f"没有证照类型「{line.licence}」。"
            yield item.fault("material.licence", message, "请在 licences.yaml 里补上，或改正。", key="licence")
        if line.reader != "none" and line.reader not in READERS:
            hint = f"可用的：none、{'、'.join(READERS)}。"
            yield item.fault("material.reader", f"没有能读「{line.label}」的 {line.reader}。", hint, key="reader")
            continue
        known = READERS.get(line.reader, frozenset())
        for one in line.fields:
            if one.code not in known:
                message = f"「{line.label}」读不出「{one.code}」。"
                hint = f"{line.reader} 能读出：{'、'.join(sorted(known)) or '（无）'}。"
                yield item.fault("material.field", message, hint, key="fields")
        for code, count in Counter(one.code for one in line.fields).items():
            if count > 1:
                yield item.fault("material.field", f"字段「{code}」写了两次。", "请删去一处。", key="fields")


def install(materials: Materials, _pack: PackSource, now: datetime) -> None:
    """Pin every material."""
    for code, item in materials.items():
        body = item.value.model_dump(mode="json")
        pin_definition(MATERIAL, code, body, label=item.value.label, now=now)


def describe(materials: Materials) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every material."""
    kinds = {"licence": "证照", "document": "文件", "photo": "照片"}
    for code, item in materials.items():
        line = item.value
        fields = {"种类": kinds[line.kind], "可由证照代替": line.licence, "说明": line.note}
        yield "材料", code, line.label, {**fields, "可读出": "、".join(one.label for one in line.fields)}


def _licences(root: Path) -> frozenset[str]:
    """The licence types of the pack, where it has any; their faults are the licences'."""
    if not (root / _LICENCES).exists():
        return frozenset()
    rows, _ = read_yaml_rows(root, _LICENCES)
    return frozenset(str(row.values.get("code")) for row in rows)
