"""An appeal from words to solved, lived through in Chromium by everybody in it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, WALL, OpenPage
from tests.matrix.filling import photo
from tests.running import RESIDENT, City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
_PHOTO = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(800, 600))}
_FIRST = "已到现场查看，路灯线路老化，已报修并设置警示，预计本周内更换。"
_SECOND = "今天上午更换三盏路灯和全部线路，晚上七点复查全部亮灯，并拍照留存。"


def test_appeal_goes_from_words_to_solved(city: City, open_page: OpenPage) -> None:
    wall = open_page(city.official("leader"), size=WALL)
    wall.goto("/cockpit/")
    expect(wall.locator("[data-events-state]")).to_have_text("实时", timeout=20_000)
    resident = open_page(city.resident(), size=PHONE)
    number = _say_it(resident)
    expect(wall.locator(f'[data-events] a[href="/workbench/cases/{number}/"]').first).to_be_visible(timeout=20_000)

    _dispatch(open_page(city.official("dispatcher.district")), number)
    handler = open_page(city.official("handler.street"))
    _accept_and_contact(handler, number)
    _reply(handler, number, _FIRST)
    _rate(open_page(size=PHONE), city, number, stars=1, said=_FIRST)

    supervisor = open_page(city.official("supervisor.district"))
    _send_back(supervisor, number)
    _reply(handler, number, _SECOND)
    _rate(open_page(size=PHONE), city, number, stars=5, said=_SECOND)

    resident.goto(f"/appeals/{number}/")
    expect(resident.locator("main")).to_contain_text("已办结")
    told = resident.locator("main .timeline").inner_text()
    for words in ("提交", "分拨", "签收", "联系诉求人", "办结答复", "退回重办"):
        assert words in told, f"{words} is missing in: {told}"


def _say_it(page: Page) -> str:
    """On the telephone, step by step, with the device's position and a photo."""
    page.goto("/appeals/new/")
    page.locator("textarea[name=text]").fill(f"这里的情况很久没人管了，请派人来看一看（{uuid4().hex[:6]}）。")
    _next(page)
    page.get_by_role("button", name="用我的位置").click()
    expect(page.locator("input[name=longitude]")).to_have_value(re.compile(r"^114\.1"), timeout=15_000)
    _next(page)
    page.locator("input[type=file][name=photos]").set_input_files(_PHOTO)
    expect(page.locator("[data-photo-list] li")).to_have_count(1, timeout=15_000)
    _next(page)
    _next(page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(re.compile("/appeals/(sent|new)/"))
    if page.get_by_role("button", name="都不是，继续提交").count():
        page.get_by_role("button", name="都不是，继续提交").click()
    page.wait_for_url("**/appeals/sent/")
    number = page.locator(".receipt__number").first.inner_text()
    page.goto(f"/appeals/{number}/")
    expect(page.locator("main .photos img")).to_have_count(1)
    return number


def _next(page: Page) -> None:
    page.get_by_role("button", name="下一步").click()


def _dispatch(page: Page, number: str) -> None:
    page.goto("/workbench/queues/appeal.triage/?order=newest")
    page.locator(f'a[data-open][href="/workbench/cases/{number}/"]').click()
    form = _open_form(page, "dispatch")
    _pick(form, "诉求事项", "路灯不亮")
    _pick(form, "承办单位", "平湖街道办事处")
    form.get_by_role("button", name="分拨").click()
    expect(page.locator(".toasts")).to_contain_text("已完成")


def _pick(form: Locator, label: str, words: str) -> None:
    box = form.get_by_role("combobox", name=label)
    box.fill(words)
    box.press("Enter")
    expect(box).to_have_value(re.compile(words))


def _accept_and_contact(page: Page, number: str) -> None:
    page.goto("/workbench/queues/appeal.to_accept/?order=newest")
    page.locator(f'a[data-open][href="/workbench/cases/{number}/"]').click()
    page.get_by_role("button", name="签收").click()
    expect(page.locator(".toasts")).to_contain_text("已完成")
    form = _open_form(page, "contact")
    form.locator("textarea[name=text]").fill("您好，已收到，工作人员今天下午到现场。")
    form.get_by_role("button", name="联系诉求人").click()
    expect(page.locator(".toasts")).to_contain_text("已完成")


def _reply(page: Page, number: str, words: str) -> None:
    page.goto(f"/workbench/cases/{number}/")
    form = _open_form(page, "reply")
    form.locator("textarea[name=text]").fill(words)
    form.locator("input[name=outcome][value=solved]").check()
    form.locator("input[type=file][name=evidence]").set_input_files(_PHOTO)
    form.get_by_role("button", name="办结答复").click()
    expect(page.locator(".toasts")).to_contain_text("已完成")
    expect(page.locator("main")).to_contain_text(words)


def _send_back(page: Page, number: str) -> None:
    page.goto("/workbench/queues/appeal.follow_up/")
    page.locator(f'a[data-open][href="/workbench/cases/{number}/"]').click()
    form = _open_form(page, "rework")
    form.locator("textarea[name=reason]").fill("诉求人说当晚仍不亮，请彻底更换后再答复。")
    form.get_by_role("button", name="退回重办").click()
    expect(page.locator(".toasts")).to_contain_text("已完成")


def _open_form(page: Page, action: str):
    page.locator(f'[data-dialog-open="action_{action}"]').click()
    dialog = page.locator(f"dialog#action_{action}")
    expect(dialog).to_be_visible()
    return dialog


def _rate(page: Page, city: City, number: str, *, stars: int, said: str) -> None:
    """By the link of the newest SMS, without an account."""
    known = len(city.messages_to(RESIDENT))
    text = city.wait_for_message(RESIDENT, number, "已答复")
    assert known, "the resident has a telephone"
    page.goto(f"/t/{text.partition('/t/')[2].partition('/')[0]}/")
    expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("main .answer .photos img")).not_to_have_count(0)
    page.locator(f"label[for=id_stars_{stars}]").click()
    page.get_by_label("没有解决" if stars < 3 else "解决了", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator("main")).to_contain_text("上级单位正在回访" if stars < 3 else "已办结")
