"""`pack.yaml`: what the pack is called, for which city, and the few numbers that every package needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.packs.base.documents import read_yaml
from zhicheng.core.packs.base.rows import Item, parse_row
from zhicheng.core.packs.base.section import Fault, Loaded, PackSource
from zhicheng.core.packs.policy import version_at_least
from zhicheng.core.packs.values import DataLicence, PackInfo

MANIFEST = "pack"
MANIFEST_FILE = "pack.yaml"

_VERSION = r"^\d+\.\d+\.\d+$"


class LicenceFields(BaseModel):
    """One entry of `data_licences`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    licence: str
    source: str = ""
    note: str = ""


class ManifestFields(BaseModel):
    """The fields of `pack.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,31}$")]
    name: Annotated[str, Field(max_length=40)]
    version: Annotated[str, Field(pattern=_VERSION)]
    number_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,4}$")]
    city_division: Annotated[str, Field(pattern=r"^\d{6}$")]
    fallback_unit: str
    center: tuple[
        Annotated[float, Field(ge=-180, le=180)],
        Annotated[float, Field(ge=-90, le=90)],
    ]
    triage_threshold: Annotated[float, Field(ge=0, le=1)]
    full_name: str = ""
    dispatch_unit: str = ""
    authority: str = ""
    map_approval: str = ""
    requires: Annotated[str, Field(pattern=_VERSION)] = "0.0.0"
    language: Literal["zh-Hans"] = "zh-Hans"
    time_zone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    texts: dict[str, str] = Field(default_factory=dict)
    data_licences: tuple[LicenceFields, ...] = ()


@dataclass(frozen=True)
class Manifest(Item[ManifestFields]):
    """`pack.yaml` with its lines; other sections check what it names by `fault(…, key="fallback_unit")`."""

    @property
    def city_division(self) -> str:
        """The code of the city in `divisions.csv`."""
        return self.value.city_division

    @property
    def fallback_unit(self) -> str:
        """The unit that takes what no rule assigns."""
        return self.value.fallback_unit

    @property
    def dispatch_unit(self) -> str:
        """The unit that dispatches by hand; may be empty."""
        return self.value.dispatch_unit


def load_manifest(root: Path) -> Loaded:
    """The manifest as an item with its lines, or None with faults."""
    row, faults = read_yaml(root, MANIFEST_FILE)
    if row is None:
        return Loaded(None, faults)
    item, faults = parse_row(row, ManifestFields)
    return Loaded(item and Manifest(item.row, item.value), faults)


def check_manifest(manifest: Manifest | None, _pack: PackSource) -> Iterator[Fault]:
    """Faults beyond the fields: software too old, coordinates the wrong way round."""
    if manifest is None:
        return
    have, need = version("zhicheng"), manifest.value.requires
    if not version_at_least(have, need):
        message = f"这个城市包要求智城 {need} 以上，现在是 {have}。"
        yield manifest.fault("manifest.requires", message, "请先升级智城软件，再安装城市包。", key="requires")
    longitude, latitude = manifest.value.center
    if abs(latitude) > abs(longitude):
        message = f"中心点 [{longitude}, {latitude}] 的经度和纬度写反了。"
        yield manifest.fault("manifest.center", message, "先写经度，后写纬度，如 [114.06, 22.54]。", key="center")


def describe_manifest(manifest: Manifest) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """The manifest and its texts, each text an item of its own."""
    fields = manifest.value
    yield (
        "基本信息",
        "pack",
        fields.name,
        {
            "全称": fields.full_name,
            "编号前缀": fields.number_prefix,
            "城市区划代码": fields.city_division,
            "兜底单位": fields.fallback_unit,
            "分拨单位": fields.dispatch_unit,
            "地图中心": "、".join(map(str, fields.center)),
            "自动分拨的最低置信度": fields.triage_threshold,
            "主管机关": fields.authority,
            "审图号": fields.map_approval,
            "要求的软件版本": fields.requires,
        },
    )
    for name, text in fields.texts.items():
        yield "文字", name, name, {"内容": text}
    for licence in fields.data_licences:
        yield "数据来源", licence.name, licence.name, {"许可": licence.licence, "出处": licence.source}


def info_of(fields: ManifestFields) -> PackInfo:
    """The manifest as the value that the rest of the city sees."""
    licences = tuple(DataLicence(**licence.model_dump()) for licence in fields.data_licences)
    return PackInfo(**{**dict(fields), "data_licences": licences})
