"""Reading `layers/*.yaml` of a pack: the layers it declares, one a file, with every fault found on the way."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.lake.public import ColumnLine, key_faults, read_columns
from zhicheng.core.lake.values import ColumnType
from zhicheng.core.packs.public import Fault, Item, Loaded, Row, load_folder, parse_row
from zhicheng.core.parties.values import PERMISSIONS
from zhicheng.core.places.values import GEOMETRY, Layer, LayerColumn, TileRule

KIND = "layer"  # of pinned definitions
OPEN = ("public", "signed")
"""Who may see a layer without a permission: everybody, or everybody who is signed in."""

_CODE = r"^[a-z][a-z0-9_]{0,56}$"


class LayerColumnLine(ColumnLine):
    """One column as written."""

    words: list[str] = Field(default_factory=list)
    synonyms: dict[str, list[str]] = Field(default_factory=dict)


class TilesLine(BaseModel):
    """How a layer is drawn in tiles."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_zoom: int = Field(default=0, ge=0, le=22, alias="from")
    columns: list[str] = Field(default_factory=list)


class LayerFile(BaseModel):
    """One file, without its columns."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=_CODE)
    label: str = Field(min_length=1, max_length=64)
    geometry: Literal["point", "line", "polygon", "none"]
    key: str
    name: str = ""
    source: str = Field(min_length=2, max_length=200)
    licence: str = Field(default="", max_length=200)
    access: str = "public"
    illustrative: bool = False
    words: list[str] = Field(default_factory=list)
    tiles: TilesLine | None = None
    columns: list[Any] = Field(min_length=1)


Layers = Sequence[Item[Layer]]


def load_layers(root: Path) -> Loaded:
    """Read every file of the folder; a pack without the folder has no layers."""
    layers, faults = load_folder(root, "layers", _read)
    return Loaded(layers, [*faults, *_shared_words(layers)])


def read_layers(root: Path) -> dict[str, Layer]:
    """The layers that a pack folder declares, by code; those with faults may be missing."""
    return {item.value.code: item.value for item in load_layers(root).value}


def _read(row: Row) -> tuple[Layer | None, list[Fault]]:
    head, faults = parse_row(row, LayerFile)
    columns, found = read_columns(row, LayerColumnLine)
    faults += found
    if head is None or len(columns) < len(head.value.columns):
        return None, faults
    line = head.value
    faults += [*key_faults(row, line.key, columns), *_head_faults(head, columns), *_column_faults(columns)]
    faults += _personal_faults(head, columns)
    tiles = TileRule(line.tiles.from_zoom, tuple(line.tiles.columns)) if line.tiles else None
    plain = line.model_dump(exclude={"columns", "tiles", "words"})
    read = tuple(_column(item.value) for item in columns)
    return Layer(**plain, words=tuple(line.words), columns=read, tiles=tiles), faults


def _column(line: LayerColumnLine) -> LayerColumn:
    synonyms = {code: tuple(words) for code, words in line.synonyms.items()}
    return LayerColumn(**{**line.given(), "words": tuple(line.words), "synonyms": synonyms})


def _head_faults(head: Item[LayerFile], columns: Sequence[Item[LayerColumnLine]]) -> Iterator[Fault]:
    line, known = head.value, {item.value.code for item in columns}
    if head.row.file != f"layers/{line.code}.yaml":
        message = f"图层 {line.code} 写在 {head.row.file} 里。"
        yield head.fault("layers.file_name", message, "文件名应与 code 相同。", key="code")
    if line.name and line.name not in known:
        yield head.fault(
            "layers.name", f"name 写的 {line.name} 不是这个图层的列。", "请写 columns 里的一列。", key="name"
        )
    if line.access not in OPEN and line.access not in PERMISSIONS:
        hint = f"可写 public（人人可看）、signed（登录可看），或一种权限：{'、'.join(PERMISSIONS)}。"
        yield head.fault("layers.access", f"不认识的访问规则“{line.access}”。", hint, key="access")
    if line.tiles is not None and line.geometry == "none":
        yield head.fault("layers.tiles", "没有图形的图层不能有瓦片。", "请删去 tiles，或改正 geometry。", key="tiles")
    for index, code in enumerate(line.tiles.columns if line.tiles else ()):
        column = next((item.value for item in columns if item.value.code == code), None)
        if column is None or column.personal:
            message = f"瓦片要带的 {code} 不是这个图层的列，或含有个人信息。"
            yield head.fault("layers.tiles", message, "请写 columns 里不含个人信息的列。", key=f"tiles.columns.{index}")


def _personal_faults(head: Item[LayerFile], columns: Sequence[Item[LayerColumnLine]]) -> Iterator[Fault]:
    """Key and name of an object are seen by everybody who sees it."""
    for key, code in (("key", head.value.key), ("name", head.value.name)):
        if any(item.value.code == code and item.value.personal for item in columns):
            message = f"{key} 写的 {code} 含有个人信息，而每个对象都会显示它。"
            yield head.fault("layers.personal", message, "请改用不含个人信息的列。", key=key)


def _column_faults(columns: Sequence[Item[LayerColumnLine]]) -> Iterator[Fault]:
    for item in columns:
        line = item.value
        if line.code == GEOMETRY or line.type == "geometry":
            message = f"列 {line.code} 不用写：图形由图层的 geometry 决定。"
            yield item.fault("layers.geometry", message, "请删去这一列。", key="code")
        for code in line.synonyms:
            if code not in line.codes:
                message = f"列 {line.code} 的 synonyms 里有代码表没有的 {code}。"
                yield item.fault("layers.synonyms", message, "请改正，或在 codes 里补上。", key=f"synonyms.{code}")


def _shared_words(layers: Layers) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for item in layers:
        for index, word in enumerate(item.value.words):
            other = first.setdefault(word, item.value.code)
            if other != item.value.code:
                message = f"“{word}”已经用来指图层 {other}。"
                yield item.row.fault("layers.word", message, "一个词只能指一个图层。", key=f"words.{index}")


def body_of(layer: Layer) -> dict[str, Any]:
    """What is pinned."""
    columns = [_column_body(column) for column in layer.columns]
    tiles = {"from_zoom": layer.tiles.from_zoom, "columns": list(layer.tiles.columns)} if layer.tiles else None
    plain = {name: getattr(layer, name) for name in _PLAIN}
    return {**plain, "words": list(layer.words), "columns": columns, "tiles": tiles}


_PLAIN = ("code", "label", "geometry", "key", "name", "source", "licence", "access", "illustrative")
_PLAIN_COLUMN = ("code", "label", "unit", "nullable", "personal", "least", "most")


def _column_body(column: LayerColumn) -> dict[str, Any]:
    plain = {name: getattr(column, name) for name in _PLAIN_COLUMN}
    synonyms = {code: list(words) for code, words in column.synonyms.items()}
    more = {"codes": dict(column.codes), "words": list(column.words), "synonyms": synonyms}
    return {**plain, "type": column.type.value, **more}


def layer_of(body: Mapping[str, Any]) -> Layer:
    """The layer that a pinned body describes."""
    columns = tuple(_pinned_column(column) for column in body["columns"])
    tiles = body["tiles"]
    rule = TileRule(tiles["from_zoom"], tuple(tiles["columns"])) if tiles else None
    plain = {name: body[name] for name in _PLAIN}
    return Layer(**plain, words=tuple(body["words"]), columns=columns, tiles=rule)


def _pinned_column(body: Mapping[str, Any]) -> LayerColumn:
    synonyms = {code: tuple(words) for code, words in body["synonyms"].items()}
    typed = {"type": ColumnType(body["type"]), "words": tuple(body["words"]), "synonyms": synonyms}
    return LayerColumn(**{**body, **typed})
