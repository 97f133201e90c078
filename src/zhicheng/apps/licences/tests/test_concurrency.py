"""Two processes that issue for one cause at once, and two that check one code at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from zhicheng.apps.licences.public import issue_licence, present_licence, verify_shown
from zhicheng.apps.licences.tests.town import NOW, SYSTEM, Entry, Row, issue, order, resident
from zhicheng.apps.licences.values import Outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("running_town")]


def at_once(act, times: int = 4) -> list:
    def alone(_):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


class TestIssueLicence:
    def test_gives_one_licence_to_all_who_ask_for_one_cause(self):
        wanted = order(resident(), source="case:1")
        issued = at_once(lambda: issue_licence(wanted, actor=SYSTEM, now=NOW))
        assert len({each.number for each in issued}) == 1
        assert Row.objects.count() == 1
        assert Entry.objects.filter(action="licence.issued").count() == 1


class TestVerifyShown:
    def test_is_valid_for_one_of_all_who_check_at_one_desk(self):
        wang = resident()
        text = present_licence(wang, issue(wang).number, now=NOW).text
        found = at_once(lambda: verify_shown(text, verifier="desk", now=NOW).outcome)
        assert sorted(found, key=lambda each: each.value) == [Outcome.REPLAYED] * 3 + [Outcome.VALID]
