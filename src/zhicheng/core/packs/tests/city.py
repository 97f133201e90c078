"""A pack of two files and a section that installs it, so that packs are tested without the nouns above them."""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from zhicheng.core.packs.base import Fault, Item, Loaded, PackSource, Section, parse_items, read_csv
from zhicheng.core.packs.operations.definitions import pin_definition

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

MANIFEST = """code: rivertown
name: 河湾镇
version: 1.0.0
number_prefix: HW
city_division: "990200"
fallback_unit: HW
center: [110.0, 25.0]
triage_threshold: 0.5
texts:
  hotline: "12345"
"""
SHOPS = "code,label,limit_days\nbakery,面包店,5\ntea,茶馆,3\n"


class Shop(BaseModel):
    code: str
    label: str
    limit_days: int


def write_pack(root: Path, *, manifest: str = MANIFEST, shops: str = SHOPS) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "pack.yaml").write_text(manifest)
    (root / "shops.csv").write_text(shops)
    return root


class ShopKeeper:
    """The package that owns shops: remembers what was installed, and fails when told to."""

    def __init__(self) -> None:
        self.installs = 0
        self.breaks = False
        self.pause_s = 0.0

    def section(self) -> Section:
        return Section("shops", "店铺", self.load, self.check, self.install, self.describe)

    def load(self, root: Path) -> Loaded:
        rows, faults = read_csv(root, "shops.csv", columns=["code", "label", "limit_days"])
        items, more = parse_items(rows, Shop)
        return Loaded(items, [*faults, *more])

    def check(self, shops: list[Item[Shop]], pack: PackSource) -> Iterator[Fault]:
        for shop in shops:
            if shop.value.code == pack.code:
                yield shop.fault("shop.named_like_city", "店铺不能与城市同名。", "请换一个代码。")

    def install(self, shops: Iterable[Item[Shop]], _pack: PackSource, now: datetime) -> None:
        self.installs += 1
        time.sleep(self.pause_s)
        for shop in shops:
            body = {"limit_days": shop.value.limit_days}
            pin_definition("shop", shop.value.code, body, label=shop.value.label, now=now)
        if self.breaks:
            raise ZeroDivisionError

    def describe(self, shops: Iterable[Item[Shop]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        for shop in shops:
            yield "店铺", shop.value.code, shop.value.label, {"办理时限": f"{shop.value.limit_days} 个工作日"}
