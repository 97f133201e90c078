"""A licence on a phone's screen, checked on another phone that has no connection, in Chromium."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from zhicheng.apps.licences.public import licence_credential, present_licence, revoke_licence
from zhicheng.apps.licences.tests.town import browser, citizen, hire, issue
from zhicheng.engines.credentials.canonical import canonical
from zhicheng.engines.credentials.compact import pack, unpack
from zhicheng.kit.clock import now
from zhicheng.kit.sqltext import to_json

CHROMIUM = Path(os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("running_town"),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; Django's work does not
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def context(chromium: Browser, live_server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=live_server.url, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def verifier(context: BrowserContext) -> Page:
    """A phone that opened the page once while it had a connection."""
    page = context.new_page()
    page.goto("/verify/")
    expect(page.locator("[data-ready]")).to_have_attribute("data-ready", "yes")
    return page


def verdict(page: Page, text: str) -> str | None:
    """The page opened by the camera of a phone, with the code behind the address."""
    page.goto("about:blank")
    page.goto(f"/verify/#{text}")
    found = page.locator("[data-outcome]")
    found.wait_for()
    return found.get_attribute("data-outcome")


class TestOffline:
    def test_tells_true_from_tampered_and_from_shown_before(self, verifier: Page, context: BrowserContext):
        _, wang = citizen()
        permit = issue(wang)
        text = present_licence(wang, permit.number, now=now()).text
        values, signature = unpack(text)
        forged = pack([*values[:4], {**values[4], "holder": "李**"}, *values[5:]], signature)
        context.set_offline(True)
        assert verdict(verifier, text) == "valid"
        assert "王**" in verifier.locator("[data-answer]").inner_text()
        assert verdict(verifier, text) == "replayed"
        assert verdict(verifier, forged) == "tampered"
        assert verdict(verifier, "nonsense") == "malformed"

    def test_tells_a_screenshot(self, verifier: Page, context: BrowserContext):
        _, wang = citizen()
        permit = issue(wang)
        old = present_licence(wang, permit.number, now=permit.issued_at).text
        context.set_offline(True)
        assert verdict(verifier, old) == "code_expired"

    def test_knows_what_was_revoked_before_the_lists_were_kept(self, context: BrowserContext):
        _, wang = citizen()
        permit, good = issue(wang), issue(wang)
        texts = [present_licence(wang, each.number, now=now()).text for each in (permit, good)]
        revoke_licence(permit.number, actor=hire("zhao.lei", "supervisor", "YX"), reason="材料虚假", now=now())
        page = context.new_page()
        page.goto("/verify/")
        expect(page.locator("[data-ready]")).to_have_attribute("data-ready", "yes")
        context.set_offline(True)
        assert [verdict(page, text) for text in texts] == ["revoked", "valid"]

    def test_knows_what_a_newer_licence_replaced_and_what_is_printed(self, context: BrowserContext):
        _, wang = citizen()
        old, good = issue(wang), issue(wang)
        text = present_licence(wang, old.number, now=now()).text
        issue(wang, replaces=old.number)
        sheet = present_licence(wang, good.number, now=now(), printed=True).text
        page = context.new_page()
        page.goto("/verify/")
        expect(page.locator("[data-ready]")).to_have_attribute("data-ready", "yes")
        context.set_offline(True)
        assert [verdict(page, each) for each in (text, sheet, sheet)] == ["replaced", "printed", "printed"]
        assert "打印件" in page.locator("[data-answer]").inner_text()

    def test_says_what_it_cannot_know_when_its_lists_are_old(self, verifier: Page, context: BrowserContext):
        _, wang = citizen()
        document = licence_credential(wang, issue(wang, now=now()).number)
        context.set_offline(True)
        verifier.clock.set_fixed_time(now() + timedelta(days=2))
        verifier.locator("textarea").fill(to_json(document))
        verifier.get_by_role("button", name="核验", exact=True).click()
        expect(verifier.locator("[data-outcome]")).to_have_attribute("data-outcome", "stale")

    def test_reads_a_file_and_pasted_text(self, verifier: Page, context: BrowserContext):
        _, wang = citizen()
        document = licence_credential(wang, issue(wang, now=now()).number)
        context.set_offline(True)
        said = {"name": "permit.json", "mimeType": "application/json", "buffer": to_json(document).encode()}
        verifier.locator("[data-file]").set_input_files(said)
        expect(verifier.locator("[data-outcome]")).to_have_attribute("data-outcome", "valid")
        verifier.locator("textarea").fill(to_json({**document, "validUntil": "2099-01-01T00:00:00Z"}))
        verifier.get_by_role("button", name="核验", exact=True).click()
        expect(verifier.locator("[data-outcome]")).to_have_attribute("data-outcome", "tampered")


class TestCanonical:
    def test_is_the_same_in_the_browser(self, verifier: Page):
        values = [
            {"\u20ac": 1, "b": [1e21, 1e-7, 0.000001, -0.0, 1.5e300], "\U0001f600": '\u000f\n"\\', "\ufb33": None},
            [],
        ]
        script = "async (values) => (await import('/static/js/credential.js')).canonical(values)"
        assert verifier.evaluate(script, values) == canonical(values).decode()


class TestShowing:
    def test_on_a_phone_gives_a_code_that_changes(self, context: BrowserContext, verifier: Page, live_server):
        account, wang = citizen()
        permit = issue(wang, now=now())
        context.add_cookies([{"name": "sessionid", "value": session_of(account), "url": live_server.url}])
        page = context.new_page()
        page.goto(f"/my/licences/{permit.number}/")
        first = page.locator("[data-code]").get_attribute("data-link")
        page.get_by_role("link", name="换一个").click()
        expect(page.locator("[data-code]")).not_to_have_attribute("data-link", first)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        for shown in (page, verifier):
            serious = [
                one for one in Axe().run(shown).response["violations"] if one["impact"] in {"serious", "critical"}
            ]
            assert serious == []
        second = page.locator("[data-code]").get_attribute("data-link")
        assert verdict(verifier, second.partition("#")[2]) == "valid"


def session_of(account) -> str:
    client = browser(account.id)
    return client.cookies["sessionid"].value
