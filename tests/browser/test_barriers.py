"""axe on every page of every face, on the telephone and at the desk; and nothing wider than its screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, OpenPage
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
NOBODY = [
    "/",
    "/search/?q=路灯",
    "/assistant/",
    "/assistant/history/",
    "/policies/person.graduate_rent/",
    "a conversation",
    "/appeals/new/",
    "/appeals/follow/",
    "/services/",
    "/services/items/?q=生小孩要办什么",
    "/services/items/residence.permit_apply/",
    "/services/themes/talent_hukou/",
    "/benefits/",
    "/policies/",
    "/disclosure/",
    "/verify/",
    "/signin/",
    "/signin/official/",
    "/nosuch/",
]
RESIDENT = [
    "/",
    "/appeals/new/",
    "/my/appeals/",
    "/my/messages/",
    "/my/services/",
    "/my/licences/",
    "/my/benefits/",
    "/my/consents/",
    "/disclosure/new/",
    "/account/",
    "/account/companies/",
    "/account/identity/",
    "own case",
    "an application",
    "its form",
]
OFFICIALS = {
    "call.taker": ["/workbench/", "/workbench/calls/", "/workbench/cases/", "/workbench/messages/"],
    "dispatcher.district": ["/workbench/", "/workbench/queues/appeal.triage/", "a case of appeal.triage"],
    "dispatcher": ["/workbench/assistant/"],
    "arbiter": ["/workbench/queues/appeal.arbitration/"],
    "arbiter.district": [
        "/workbench/",
        "/workbench/queues/appeal.arbitration/",
        "a case of appeal.arbitration",
    ],
    "handler.street": [
        "/workbench/",
        "/workbench/queues/appeal.in_hand/",
        "a case of appeal.in_hand",
        "/workbench/messages/",
        "/workbench/cases/?q=没有人说过的话",
        "/account/",
        "/account/password/",
        "/account/delegation/",
    ],
    "supervisor.district": [
        "/workbench/",
        "/workbench/units/",
        "/workbench/queues/appeal.in_hand/?paused=yes",
        "/workbench/reports/today/",
        "a case of appeal.in_hand",
    ],
    "leader": [
        "/workbench/",
        "/cockpit/",
        "/workbench/reports/today/",
        "/workbench/reports/savings/",
        "/workbench/indicators/",
        "/workbench/indicators/appeal.received/",
        "/workbench/indicators/appeal.received/rows/",
        "/workbench/units/",
        "/workbench/twin/?q=福田",
        "/workbench/twin/district/",
        "/workbench/twin/ask/",
        "/workbench/twin/applications/",
        "/cockpit/?area=440307",
    ],
    "leader.district": ["/workbench/", "/cockpit/"],
    "admin.system": [
        "/workbench/",
        "/workbench/accounts/",
        "/workbench/accounts/new/",
        "an account",
        "/workbench/operations/",
    ],
    "admin.security": ["/workbench/accounts/", "an account"],
    "handler.street2": ["/workbench/identities/"],
    "clerk": ["/workbench/", "/workbench/assistant/", "/workbench/queues/knowledge_entry.entries_triage/"],
    "benefit.officer": ["/workbench/", "/workbench/benefits/"],
    "auditor": ["/workbench/", "/workbench/audit/"],
}


def _barriers(page: Page, address: str) -> list[str]:
    found = [
        f"{address}: {violation['id']} {violation['nodes'][0]['target']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{address}: wider than the screen")
    return found


def _go(page: Page, address: str) -> None:
    """Open an address, or what is described in words, by following the page's own links."""
    if address.startswith("a case of "):
        page.goto(f"/workbench/queues/{address.removeprefix('a case of ')}/")
        page.locator("[data-open]").first.click()
    elif address == "an account":
        page.goto("/workbench/accounts/")
        page.locator("main a[href^='/workbench/accounts/']", has_text=re.compile("查看|管理|王芳|林静")).first.click()
    elif address == "a conversation":
        page.goto("/assistant/")
        page.locator("#id_text").fill("居住证怎么办？")
        page.get_by_role("button", name="发送").click()
        page.locator("li.turn[id]").first.wait_for()
    elif address == "an application":
        page.goto("/services/items/residence.permit_apply/")
        page.get_by_role("link", name="在线申请").click()
        page.get_by_role("button", name=re.compile("^(开始填写|重新填一份)$")).click()
        page.wait_for_url("**/prefill/")
    elif address == "its form":
        page.locator(".form-actions a, .form-actions button").first.click()
        page.wait_for_url(lambda url: "prefill" not in url)
    elif address == "own case":
        page.goto("/my/appeals/")
        page.locator("main a[href^='/appeals/SZ']").first.click()
    else:
        page.goto(address)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
class TestPages:
    def test_of_the_portal_shut_nobody_out(self, open_page: OpenPage, size: dict[str, int]) -> None:
        self._walk(open_page(size=size), NOBODY)

    def test_of_a_resident_shut_nobody_out(self, city: City, open_page: OpenPage, size: dict[str, int]) -> None:
        self._walk(open_page(city.resident(), size=size), RESIDENT)

    @pytest.mark.parametrize("login", list(OFFICIALS))
    def test_of_officials_shut_nobody_out(
        self, city: City, open_page: OpenPage, size: dict[str, int], login: str
    ) -> None:
        self._walk(open_page(city.official(login), size=size), OFFICIALS[login])

    def _walk(self, page: Page, addresses: list[str]) -> None:
        found = []
        for address in addresses:
            _go(page, address)
            found += _barriers(page, address)
        assert found == []
