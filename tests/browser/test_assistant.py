"""深小i on the telephone: asked, told, a form filled by talking, progress, a rating; then the clerk's side."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.matrix.filling import photo
from tests.running import City
from zhicheng.simulator.population.residents import RESIDENTS

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
_CARD = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(800, 500))}
_ITEM = "有线电视和宽带过户迁移"
WHO = next(one for one in RESIDENTS if one.phone == "13800138006")


@pytest.fixture(autouse=True)
def _known(city: City) -> None:
    """The worker makes the index in the first minutes of a new city."""
    for _ in range(300):
        if (city.home / "index" / "current.json").exists():
            return
        time.sleep(1)
    raise AssertionError("the city has no index")


def _say(page: Page, text: str) -> None:
    """Type and send; wait until the answer stands in the page."""
    before = page.locator("[data-chat-log] > li.turn[id]").count()
    page.locator("#id_text").fill(text)
    page.get_by_role("button", name="发送").click()
    expect(page.locator("[data-chat-log] > li.turn[id]")).to_have_count(before + 1, timeout=20_000)


def _last(page: Page) -> str:
    return page.locator("[data-chat-log] > li.turn").last.inner_text()


def _answer_the_rest(page: Page) -> None:
    """What is still asked, until the draft is shown."""
    known = {"原户名": "王大明", "承继": "同意"}
    for _ in range(10):
        asked = _last(page)
        if "申请草稿" in asked:
            return
        _say(page, next((words for label, words in known.items() if label in asked), "跳过"))
    raise AssertionError(_last(page))


class TestChat:
    def test_answers_with_its_source_and_follows_up(self, open_page: OpenPage) -> None:
        page = open_page(size=PHONE)
        page.goto("/")
        page.get_by_role("link", name=re.compile("问一问")).click()
        _say(page, "居住证怎么办？")
        last = page.locator("[data-chat-log] > li.turn").last
        expect(last.locator("figure.quote figcaption").first).to_contain_text("来源")
        expect(last.get_by_role("link", name="看办事指南").first).to_be_visible()
        _say(page, "那要多久？")
        assert "工作日" in _last(page)
        last.locator("summary", has_text="没帮到我").click()
        last.get_by_label("没说清楚").check()
        last.get_by_role("button", name="提交").click()
        expect(page.locator("[data-chat-log]")).to_contain_text("没帮到您（没说清楚）")

    def test_works_without_a_script(self, open_page: OpenPage) -> None:
        page = open_page(size=PHONE, script=False)
        page.goto("/assistant/")
        page.locator("#id_text").fill("居住证怎么办？")
        page.get_by_role("button", name="发送").click()
        expect(page.locator("main")).to_contain_text("来源")
        page.locator("#id_text").fill("要带什么材料")
        page.get_by_role("button", name="发送").click()
        expect(page.locator("main")).to_contain_text("申请材料")

    def test_fills_a_form_with_a_photo_and_tells_its_progress(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(WHO.phone), size=PHONE)
        page.goto("/assistant/")
        _say(page, f"边聊边办：{_ITEM}")
        page.locator("form.upload input[type=file]").last.set_input_files(_CARD)
        page.get_by_role("button", name="上传").last.click()
        expect(page.locator("main")).to_contain_text("收到《")
        _say(page, f"个人，我叫{WHO.name}，身份证号{WHO.id_number}，手机{WHO.phone}")
        _say(page, "有线电视，户号 12345678，使用地址福田区莲花街道景田北路8号，原户名王大明，欠费由我承继")
        _answer_the_rest(page)
        expect(page.locator("[data-chat-log] > li.turn").last).to_contain_text("景田北路8号")
        page.get_by_role("button", name="确认提交").last.click()
        expect(page.locator("[data-chat-log]")).to_contain_text("已经提交", timeout=20_000)
        _say(page, "我的有线电视过户办到哪了")
        assert "办理单位" in _last(page)

    def test_makes_an_appeal_of_a_complaint_and_says_where_it_is(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident("13800138003"), size=PHONE)
        page.goto("/assistant/")
        _say(page, "我要投诉，莲花街道景田北路的路灯昨晚坏了，黑得看不清路")
        assert "诉求草稿" in _last(page)
        page.get_by_role("button", name="确认提交").last.click()
        expect(page.locator("[data-chat-log]")).to_contain_text("已经提交，编号")
        _say(page, "我反映的路灯办到哪了")
        assert "最近时限" in _last(page)


class TestDesk:
    def test_goes_on_with_a_conversation_that_was_handed_over(self, city: City, open_page: OpenPage) -> None:
        resident = open_page(city.resident("13800138003"), size=PHONE)
        resident.goto("/assistant/")
        _say(resident, "居住证怎么办？")
        _say(resident, "转人工")
        assert "10 分钟内接入" in _last(resident)
        desk = open_page(city.official("dispatcher"))
        desk.goto("/workbench/assistant/")
        desk.get_by_role("link", name="居住证怎么办？").first.click()
        expect(desk.locator("#suggestions")).to_contain_text("来源", timeout=15_000)
        desk.get_by_label("您的答复").fill("请带身份证到社区工作站办理，当天就能受理。")
        desk.get_by_role("button", name="发出").click()
        expect(desk.locator("main")).to_contain_text("工作人员")
        expect(resident.locator("[data-chat-log]")).to_contain_text("社区工作站", timeout=30_000)
