"""What the faces do beyond the one path: live candidates, keys, pages without a script."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage
from tests.matrix.filling import photo
from tests.running import City, token_of

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]


class TestCallDesk:
    def test_shows_candidates_while_the_caller_speaks_and_takes_the_call(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("call.taker"))
        page.goto("/workbench/calls/")
        expect(page.locator("#preview")).to_contain_text("写几个字后")
        page.locator("input[name=phone]").fill("13900139001")
        page.locator("input[name=name]").fill("许女士")
        page.locator("textarea[name=text]").press_sequentially("莲花街道景田路的路灯坏了三天，晚上很黑看不清路")
        expect(page.locator("#preview input[name=item]")).to_have_count(3, timeout=15_000)
        expect(page.locator("#preview")).to_contain_text("路灯")
        page.locator("input[name=place]").fill("莲花街道景田北路")
        page.locator("textarea[name=text]").press_sequentially(f"（{uuid4().hex[:6]}）")
        expect(page.locator("#preview")).to_contain_text("福田区", timeout=15_000)
        page.get_by_role("button", name="登记并分派").click()
        expect(page.locator(".toasts")).to_contain_text(re.compile("已登记 SZ.*查询码"))


class TestPicker:
    def test_is_searched_and_chosen_from_by_keyboard(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("call.taker"))
        page.goto("/workbench/calls/", wait_until="networkidle")
        box = page.get_by_role("combobox", name="另选事项")
        box.fill("哐当")  # a keyword, in no label
        expect(page.get_by_role("option").first).to_contain_text("井盖")
        box.press("Enter")
        expect(box).to_have_value(re.compile("井盖"))
        expect(box).to_have_attribute("aria-expanded", "false")
        assert page.locator("select[name=item_other]").input_value() != ""
        box.fill("没有这种事")
        expect(page.get_by_role("listbox")).to_contain_text("没有找到")
        box.press("Escape")
        expect(box).to_have_value(re.compile("井盖"))

    def test_is_a_grouped_select_without_a_script(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("dispatcher.district"), script=False)
        page.goto("/workbench/queues/appeal.triage/")
        page.locator("[data-open]").first.click()
        page.get_by_role("button", name="分拨", exact=True).click()
        page.locator("a[href*='items=all']").first.click()  # the whole list comes only when it is asked for
        groups = page.locator("select[name=item] optgroup")
        assert groups.count() > 18
        page.locator("select[name=item]").select_option("sanitation.facilities.streetlight_out")


class TestQueueByKeyboard:
    def test_j_and_k_move_and_enter_opens(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("supervisor.district"))
        page.goto("/workbench/queues/appeal.in_hand/", wait_until="networkidle")
        links = page.locator("[data-row] [data-open]")
        assert links.count() >= 2, "the demo has work in hand"
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("j")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(links.nth(0)).to_be_focused()
        address = links.nth(0).get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")

    def test_help_names_the_keys_of_this_page(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("handler.street"))
        page.goto("/workbench/queues/appeal.in_hand/", wait_until="networkidle")
        page.locator("[data-open]").first.click()
        page.wait_for_load_state("networkidle")
        page.keyboard.press("?")
        expect(page.locator("dialog#keys_help")).to_contain_text("办结答复")
        expect(page.locator("dialog#keys_help")).not_to_contain_text("上一件")

    def test_slash_searches_and_question_mark_explains(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("supervisor.district"))
        page.goto("/workbench/", wait_until="networkidle")  # scripts come as modules, after the page
        page.keyboard.press("?")
        expect(page.locator("dialog#keys_help")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#wb_search")).to_be_focused()
        page.keyboard.type("j")
        expect(page.locator("#wb_search")).to_have_value("j")


class TestPaper:
    def test_has_the_case_and_not_the_page_around_it(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("handler.street"))
        page.goto("/workbench/queues/appeal.in_hand/")
        page.locator("[data-open]").first.click()
        page.wait_for_load_state("load")
        expect(page.locator(".print-head")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".print-head")).to_contain_text("打印人：王芳")
        for around in (".wb-top", ".wb-side", ".case-actions"):
            expect(page.locator(around)).to_be_hidden()

    def test_of_a_resident_says_nothing_of_officials(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident())
        page.goto("/my/appeals/")
        page.locator("main a[href^='/appeals/SZ']").first.click()
        page.wait_for_load_state("load")
        page.emulate_media(media="print")
        expect(page.locator(".print-head")).to_contain_text("打印时间")
        expect(page.locator(".print-head")).not_to_contain_text("打印人")


class TestWithoutScript:
    def test_an_anonymous_appeal_is_made_followed_and_rated(self, city: City, open_page: OpenPage) -> None:
        page = open_page(size=PHONE, script=False)
        number, code = self._submit(page)
        self._answer(city, number)

        other = open_page(size=PHONE, script=False)
        other.goto("/appeals/follow/")
        other.locator("input[name=number]").fill(number.lower())
        other.locator("input[name=code]").fill(f" {code[:4]} {code[4:]} ")
        other.get_by_role("button", name="查看").click()
        expect(other.locator("main")).to_contain_text("已现场更换灯泡并复查")
        other.locator("label[for=id_stars_4]").click()
        other.get_by_label("解决了", exact=True).check()
        other.get_by_role("button", name="提交评价").click()
        expect(other.locator("main")).to_contain_text("已办结")

    def _submit(self, page) -> tuple[str, str]:
        page.goto("/")
        page.locator("a[href='/appeals/new/']").first.click()
        page.locator("textarea[name=text]").fill(f"这里的情况很久没人管了，请派人来看一看（{uuid4().hex[:6]}）。")
        file = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        page.locator("input[type=file][name=photos]").set_input_files(file)
        page.get_by_label("匿名反映").check()
        page.get_by_role("button", name="提交").click()
        if page.get_by_role("button", name="都不是，继续提交").count():
            page.get_by_role("button", name="都不是，继续提交").click()
        expect(page.locator("main")).to_contain_text("查询码，只显示这一次")
        shown = page.locator(".receipt__number")
        return shown.nth(0).inner_text(), shown.nth(1).inner_text()

    def _answer(self, city: City, number: str) -> None:
        unit = city.rows(
            "SELECT g.unit_id FROM parties_rolegrant g JOIN parties_account a ON a.id = g.account_id "
            "WHERE a.login = 'handler.street'"
        )[0][0]
        item = "sanitation.facilities.streetlight_out"
        steps = (
            ("dispatcher", "dispatch", {"item": item, "unit": unit}),
            ("handler.street", "accept", {}),
            (
                "handler.street",
                "reply",
                {"text": "已现场更换灯泡并复查，当晚正常亮灯，请您放心。", "outcome": "solved"},
            ),
        )
        for login, action, form in steps:
            official = city.official(login)
            token = token_of(official.get("/workbench/").text)
            path = f"/workbench/cases/{number}/actions/{action}/"
            assert official.post(path, data={**form, "csrfmiddlewaretoken": token}).status_code == 302, action
