"""Residents find a service by the words they use."""

import pytest

from zhicheng.apps.services.policy import Catalogue
from zhicheng.apps.services.queries.search import make_index, rank
from zhicheng.apps.services.values import ServiceItem, Theme, ThemeStep

ITEMS = {
    "birth.certificate": ("出生医学证明签发", "生孩子 生小孩 出生证"),
    "hukou.newborn": ("新生儿入户登记", "上户口 落户 报户口 小孩入户"),
    "transport.licence_renewal": ("驾驶证期满换证", "换驾照 驾照到期"),
    "social.card_loss": ("社会保障卡挂失", "社保卡丢了 社保卡不见了"),
    "market.business_licence": ("营业执照设立登记", "开公司 注册公司 办执照"),
    "civil.marriage": ("结婚登记", "领证 扯证 结婚证"),
}


@pytest.fixture
def catalogue() -> Catalogue:
    items = [
        ServiceItem(code, label, "police", "district", ("person",), "公共服务", keywords=words.split())
        for code, (label, words) in ITEMS.items()
    ]
    steps = (ThemeStep("birth.certificate"), ThemeStep("hukou.newborn"))
    theme = Theme("birth", "新生儿出生一件事", ("person",), "出生证、入户、参保一次办好", steps, ("生小孩", "生孩子"))
    return Catalogue(items=items, themes=[theme])


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "wanted"),
        [
            ("生小孩要办什么", "birth"),
            ("小孩上户口", "hukou.newborn"),
            ("驾照到期了怎么换", "transport.licence_renewal"),
            ("驾使证换正", "transport.licence_renewal"),
            ("社保卡丢了", "social.card_loss"),
            ("yingyezhizhao", "market.business_licence"),
            ("jiehun", "civil.marriage"),
            ("jsz", "transport.licence_renewal"),
            ("注册公司", "market.business_licence"),
        ],
    )
    def test_finds_what_people_mean(self, catalogue: Catalogue, typed: str, wanted: str) -> None:
        assert rank(make_index(catalogue), catalogue, typed, 5)[0].code == wanted

    @pytest.mark.parametrize("typed", ["", "   ", "？？", "\ud800", "xyzq"])
    def test_finds_nothing_for_what_says_nothing(self, catalogue: Catalogue, typed: str) -> None:
        assert rank(make_index(catalogue), catalogue, typed, 5) == []

    def test_puts_up_with_an_empty_catalogue(self) -> None:
        empty = Catalogue(items=())
        assert rank(make_index(empty), empty, "结婚", 5) == []
