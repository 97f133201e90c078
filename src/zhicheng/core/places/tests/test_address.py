"""Address words as residents write them. The expected text is the beginning of what the system must find."""

import pytest

from zhicheng.core.packs.public import PackSource
from zhicheng.core.places.public import describe_divisions, locate_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

FULL = [
    ("福田区莲花街道福新社区景田北二街路灯不亮", "福田区·莲花街道·福新社区"),
    ("广东省深圳市龙岗区布吉街道大芬社区老围东二巷5号", "龙岗区·布吉街道·大芬社区"),
    ("深圳市宝安区沙井街道沙四社区高新科技园", "宝安区·沙井街道·沙四社区"),
    ("罗湖区翠竹街道水贝社区居委会门口垃圾没人收", "罗湖区·翠竹街道·水贝社区"),
    ("南山区桃源街道大学城社区某小区电梯坏了", "南山区·桃源街道·大学城社区"),
    ("大鹏新区南澳街道西涌社区停车乱收费", "大鹏新区·南澳街道·西涌社区"),
    ("大鹏新区葵涌街道官湖社区", "大鹏新区·葵涌街道·官湖社区"),
    ("光明区马田街道合水口社区下屯新村", "光明区·马田街道·合水口社区"),
    ("坪山区龙田街道老坑社区盛德路", "坪山区·龙田街道·老坑社区"),
    ("盐田区沙头角街道中英街社区", "盐田区·沙头角街道·中英街社区"),
    ("龙华区大浪街道元芬社区老一区", "龙华区·大浪街道·元芬社区"),
    ("龙岗区坂田街道杨美社区旺塘新村", "龙岗区·坂田街道·杨美社区"),
    ("罗湖区和平社区下水道堵了", "罗湖区·南湖街道·和平社区"),
    ("宝安区福海街道和平社区工厂冒烟", "宝安区·福海街道·和平社区"),
    ("坪山区坪山街道和平社区飞东路", "坪山区·坪山街道·和平社区"),
    ("南山区蛇口街道海滨社区楼上漏水", "南山区·蛇口街道·海滨社区"),
    ("福田区福田街道海滨社区楼上漏水", "福田区·福田街道·海滨社区"),
    ("石岩街道塘头社区宏发工业园", "宝安区·石岩街道·塘头社区"),
    ("沙河街道塘头社区香山里", "南山区·沙河街道·塘头社区"),
    ("平湖街道凤凰社区守珍街", "龙岗区·平湖街道·凤凰社区"),
    ("福永街道凤凰社区兴业一路", "宝安区·福永街道·凤凰社区"),
]
SHORT = [
    ("布吉大芬社区油画村旁边烧烤摊油烟大", "龙岗区·布吉街道·大芬社区"),
    ("沙井街道和平路有人摆摊", "宝安区·沙井街道"),
    ("宝安西乡固戍地铁站出口共享单车乱停", "宝安区·西乡街道·固戍社区"),
    ("坂田岗头村晚上工地施工很吵", "龙岗区·坂田街道·岗头社区"),
    ("龙华民治牛栏前村握手楼消防通道堵塞", "龙华区·民治街道·牛栏前社区"),
    ("福田石厦村水压太低", "福田区·福保街道·石厦社区"),
    ("公明李松蓢村自来水发黄", "光明区·公明街道·李松蓢社区"),
    ("横岗镇六约南社区", "龙岗区·横岗街道·六约南社区"),
    ("沙井镇万丰村", "宝安区·新桥街道·万丰社区"),
    ("观澜牛湖那边路烂了", "龙华区·观澜街道"),
    ("葵涌土洋村海边垃圾多", "大鹏新区·葵涌街道·土洋社区"),
    ("蛇口湾厦村门口修路三个月没完工", "南山区·蛇口街道·湾厦社区"),
    ("龙岗中心城龙城街道办对面公园", "龙岗区·龙城街道"),
    ("光明楼村社区卫生站", "光明区·新湖街道·楼村社区"),
    ("松岗潭头社区第三工业区臭气", "宝安区·松岗街道·潭头社区"),
]
PLACES = [
    ("白石洲地铁站C口小贩占道", "南山区·沙河街道"),
    ("车公庙地铁站电扶梯停了一周", "福田区"),
    ("深圳北站西广场出租车拒载", "龙华区·民治街道"),
    ("罗湖口岸出境大厅太热", "罗湖区·南湖街道"),
    ("皇岗口岸附近网约车乱停", "福田区"),
    ("莲花山公园放风筝的地方没有厕所", "福田区·莲花街道"),
    ("市民中心灯光秀后垃圾很多", "福田区·莲花街道"),
    ("深圳湾公园自行车道有坑", "南山区"),
    ("北大医院门口堵车", "福田区"),
    ("港大医院停车难", "福田区"),
    ("南山医院旁边工地半夜打桩", "南山区"),
    ("华强北步行街充电宝乱收费", "福田区"),
    ("东门老街商铺喇叭扰民", "罗湖区·东门街道"),
    ("海岸城楼下共享单车堆成山", "南山区·粤海街道"),
    ("壹方城地下车库收费不合理", "宝安区·新安街道"),
    ("大梅沙海滨公园更衣室没热水", "盐田区·梅沙街道"),
    ("华为坂田基地公交站太少", "龙岗区·坂田街道"),
    ("富士康龙华园区北门夜市", "龙华区"),
    ("世界之窗景区门口黄牛倒票", "南山区·沙河街道"),
    ("海吉星农产品市场货车鸣笛", "龙岗区"),
    ("深大粤海校区后门烧烤", "南山区·粤海街道"),
    ("大亚湾核电站附近的路没有灯", "大鹏新区"),
    ("比亚迪总部门口上下班高峰堵车", "坪山区"),
    ("蛇口邮轮中心接驳巴士", "南山区·招商街道"),
    ("光明大仟里旁边跳广场舞太吵", "光明区"),
    ("较场尾民宿污水直排", "大鹏新区"),
    ("COCO Park酒吧街凌晨噪音", "福田区"),
    ("梅林一村幼儿园学位紧张", "福田区·梅林街道"),
    ("石芽岭公园夜跑路灯坏了", "龙岗区"),
    ("宝安机场到达层出租车排队两小时", "宝安区"),
    ("彩田路辅道井盖松动", "福田区"),
    ("吉华路公交专用道划线不清", "龙岗区"),
    ("南海大道绿化带遮挡视线", "南山区"),
    ("观澜大道货车超速", "龙华区"),
]
NOTHING = [
    "",
    "   ",
    "楼道灯坏了很久没人修",
    "和平社区楼道灯坏了",  # five districts have one
    "阳光很好,工作人员态度也很好",
    "深圳市的公交能不能再便宜一点",
    "😀😀😀",
    "东莞市长安镇有人乱倒垃圾",
]


def misread(samples: list[tuple[str, str]], lowest_score: float) -> list[str]:
    """The samples that were not understood, with what came out instead."""
    wrong = []
    for text, expected in samples:
        location = locate_address(text)
        found = describe_divisions(location.divisions) if location else ""
        if location is None or not found.startswith(expected) or not lowest_score <= location.score <= 0.98:
            wrong.append(
                f"{text} → {found} {location.score if location else ''} {location.matched if location else ''}"
            )
    return wrong


class TestLocateAddress:
    def test_follows_the_full_names(self):
        assert misread(FULL, 0.75) == []

    def test_understands_how_residents_say_it(self):
        assert misread(SHORT, 0.5) == []

    def test_knows_well_known_places(self):
        assert misread(PLACES, 0.5) == []

    def test_says_nothing_rather_than_guess(self):
        assert {text: locate_address(text) for text in NOTHING} == dict.fromkeys(NOTHING)

    def test_gives_the_point_and_grid_of_a_landmark_but_no_grid_nearby(self):
        at, near = locate_address("在欢乐谷里面"), locate_address("欢乐谷附近的路口")
        assert at is not None
        assert near is not None
        assert at.grid.startswith(at.divisions[0])
        assert at.point is not None
        assert near.grid == ""
        assert near.score < at.score

    def test_trusts_agreeing_names_more_and_conflicting_names_less(self):
        alone, agreeing, conflicting = (
            locate_address(text) for text in ("欢乐谷", "南山区沙河街道欢乐谷", "龙岗区欢乐谷")
        )
        assert alone is not None
        assert agreeing is not None
        assert conflicting is not None
        assert conflicting.score < alone.score < agreeing.score

    def test_gives_the_district_where_a_name_is_not_unique_in_it(self):
        location = locate_address("南山区海滨社区新华社区")
        assert location is not None
        assert describe_divisions(location.divisions) == "南山区"

    def test_reads_only_the_beginning_of_an_endless_text(self):
        assert locate_address("哈" * 100_000 + "福田区莲花街道") is None

    @pytest.mark.timeout(60)
    def test_is_not_held_up_by_a_list_of_all_names(self, city: PackSource):
        text = "".join(item.value.name for item in reversed(city.values["divisions"]))
        locate_address(text)


class TestPackGazetteer:
    def test_finds_every_community_by_its_full_path(self, city: PackSource):
        divisions = {item.value.code: item.value for item in city.values["divisions"]}
        wrong = []
        for community in divisions.values():
            if community.level == "community":
                street = divisions[community.parent]
                text = f"{divisions[street.parent].name}{street.name}{community.name}"
                location = locate_address(text)
                if location is None or location.divisions[0] != community.code:
                    wrong.append((text, location))
        assert wrong == []
