"""On the telephone: a newcomer proves who she is without a script; a representative acts for his company."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage
from tests.running import City
from zhicheng.simulator.population.residents import NEWCOMERS

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
(NEWCOMER,) = NEWCOMERS
REPRESENTATIVE, COMPANY = "13800138001", "深圳榕荫软件有限公司"


class TestIdentity:
    def test_is_proven_by_a_newcomer_without_a_script(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(NEWCOMER.phone), size=PHONE, script=False)
        page.goto("/account/identity/")
        expect(page.locator("main")).to_contain_text("不是真实核验")
        page.get_by_label("姓名").fill("赵雪")
        page.get_by_label("身份证号码").fill(NEWCOMER.id_number)
        page.get_by_role("button", name="核验", exact=True).click()
        expect(page.locator("main")).to_contain_text("对不上")
        page.get_by_label("姓名").fill(NEWCOMER.name)
        page.get_by_role("button", name="核验", exact=True).click()
        expect(page.locator("main")).to_contain_text("已实名")
        expect(page.locator("main")).not_to_contain_text(NEWCOMER.id_number)


class TestCompany:
    def test_is_acted_for_matched_and_left_again(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.resident(REPRESENTATIVE), size=PHONE)
        page.goto("/my/")
        page.get_by_role("link", name="切换").click()
        page.get_by_role("button", name="代表这家企业").click()
        expect(page.locator("header")).to_contain_text(COMPANY)
        page.goto("/policies/match/company/")
        page.get_by_text("共", exact=False).first.click()
        expect(page.locator("main")).to_contain_text("法人基础库")
        page.goto("/account/companies/agents/")
        expect(page.locator("main")).to_contain_text("李* 138****8002")
        page.goto("/account/companies/")
        page.get_by_role("button", name="切换到本人").click()
        expect(page.locator("header")).to_contain_text("我代表：本人")
