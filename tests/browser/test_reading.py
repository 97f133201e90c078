"""小龙说政事 on the telephone: from plain words to the clause and back, with a script and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
POLICY = "/policies/person.graduate_rent/"


class TestReading:
    @pytest.mark.parametrize("script", [True, False])
    def test_leads_from_a_statement_to_its_clause_and_back(self, open_page: OpenPage, script: bool) -> None:
        page = open_page(size=PHONE, script=script)
        page.goto(POLICY)
        part = page.locator("#reading")
        expect(part).to_contain_text("以政策原文为准")
        part.get_by_role("link", name=re.compile("第 2 条")).first.click()
        clause = page.locator("#clause-c2")
        expect(clause).to_be_in_viewport()
        expect(clause).to_contain_text("1.5 万元")
        back = clause.get_by_role("link", name="回到大白话")
        expect(back).to_be_visible()
        expect(page.locator("#clause-c1 .clause__back")).to_be_hidden()
        back.click()
        expect(part).to_be_in_viewport()

    def test_keeps_its_clauses_on_paper(self, open_page: OpenPage) -> None:
        page = open_page()
        page.goto(POLICY)
        page.emulate_media(media="print")
        expect(page.locator("#reading")).to_contain_text("第 2 条 补贴标准")
        expect(page.locator("#reading button")).to_be_hidden()
