"""人才引进入户 on the telephone: approved in one visit, sent to a reviewer, told why not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.matrix.filling import photo
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
APPROVED, REVIEWED, REFUSED = "13800138001", "13800138002", "13800138003"
_PHOTO = {"name": "材料.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(800, 600))}
_MOST_PAGES = 12
_CHOICES = {"settle_kind": "talent_collective", "skill_level": "3"}
_TRUTHS = {"family_moves": False, "has_criminal_record": False, "promise": True}
_TEXTS = {
    "hukou_city_name": "湖南省长沙市",
    "school": "中南大学",
    "graduated_date": "2017-06-30",
    "title_number": "440300123456",
    "employer_name": "深圳市某科技有限公司",
    "social_insurance_months": "78",
}


class TestTalent:
    def test_is_approved_in_one_visit_and_holds_the_licence(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(APPROVED), size=PHONE)
        _find(page)
        _apply(page)
        expect(page.locator("main")).to_contain_text("各事项都有了结果")
        page.get_by_role("link", name="人才引进户口迁入").click()
        expect(page.locator("main")).to_contain_text("已批准，办好了")
        expect(page.locator("main")).to_contain_text("户口登记条例")
        page.get_by_role("link", name="看我的证照").click()
        expect(page.locator("main")).to_contain_text("户口迁入证明")
        expect(page.locator("main")).to_contain_text("人才引进入户核准通知")

    def test_goes_to_a_reviewer_with_what_is_unknown_marked(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(REVIEWED), size=PHONE)
        _find(page)
        _apply(page)
        page.get_by_role("link", name="人才引进核准").click()
        _wait_for(page, "工作人员正在审查")
        expect(page.locator("main")).to_contain_text("学历已核验")

    def test_is_told_why_not_and_how_to_object(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(REFUSED), size=PHONE)
        _find(page)
        _apply(page, category="skill")
        page.get_by_role("link", name="人才引进核准").click()
        main = page.locator("main")
        _wait_for(page, "没有批准")
        expect(main).to_contain_text("行政复议")
        expect(main).to_contain_text("申请人工复核")


def _wait_for(page: Page, words: str) -> None:
    """What was uploaded is read in the background first."""
    for _ in range(30):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"「{words}」 is not in: {page.locator('main').inner_text()[:600]}")


def _find(page: Page) -> None:
    """From the front page by everyday words."""
    page.goto("/")
    page.get_by_role("combobox").first.fill("怎么入深户")
    page.get_by_role("button", name="搜索").first.click()
    page.get_by_role("link", name="人才引进入户一件事").first.click()
    page.get_by_role("link", name="开始办理").click()
    page.get_by_role("button", name=re.compile("开始填写|重新填一份")).click()


def _apply(page: Page, *, category: str = "education") -> None:
    """Agree to the sources, fill in what is left, hand in what is asked for, submit."""
    for box in page.locator("input[name=source]").all():
        box.check()
    page.get_by_role("button", name="同意").first.click()
    for _ in range(_MOST_PAGES):
        if "/materials/" in page.url:
            break
        here = page.url
        _fill_page(page, {"category": category, **_CHOICES})
        page.locator("button[name=_action][value=next]:visible").last.click()
        assert page.url != here, f"the page was refused: {page.locator('.error-summary').inner_text()}"
    _materials(page)
    page.get_by_role("button", name="提交").last.click()
    page.wait_for_url("**/my/services/**")


def _fill_page(page: Page, choices: dict[str, str]) -> None:
    """Choose, tick and type where nothing stands yet."""
    for name, value in choices.items():
        radio = page.locator(f"input[name={name}][value='{value}']")
        if radio.count() and radio.is_visible():
            radio.check()
    for name, yes in _TRUTHS.items():
        boxes = page.locator(f"[name={name}]")
        if boxes.count():
            _tick(page, name, yes=yes)
    for name, text in _TEXTS.items():
        field = page.locator(f"input[name={name}]")
        if field.count() and field.first.is_visible() and not field.first.input_value():
            field.first.fill(text)

    if page.locator("select[name=settle_district]").count():
        page.locator("#id_settle_district").fill("莲花街道")
        page.locator("#id_settle_district").press("ArrowDown")
        page.locator("#id_settle_district").press("Enter")


def _tick(page: Page, name: str, *, yes: bool) -> None:
    radio = page.locator(f"input[type=radio][name={name}][value={'true' if yes else 'false'}]")
    if radio.count():
        radio.check()
    elif yes:
        page.locator(f"input[type=checkbox][name={name}]").check()


def _materials(page: Page) -> None:
    """What the register vouches for is there already; a photo for what is still missing."""
    page.wait_for_url("**/materials/")
    expect(page.locator("main")).to_contain_text("人口库已核验身份")
    for material in ("portrait_photo", "degree_certificate"):
        slot = page.locator(f"input[type=file][name='file.{material}']")
        if slot.count():
            slot.set_input_files(_PHOTO)
    page.locator("button.button--primary[name=_action][value=next]").click()
