"""The same thing sent twice, and two people at one case: once, or a sentence; never two, never lost."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.badinput.cases import GOOD
from tests.matrix.world import ITEM
from tests.running import City, Visitor, words_of

pytestmark = [pytest.mark.running]
Count = Callable[[], int]


class TestSamePost:
    def test_of_the_form_makes_one_appeal(self, visitor: Visitor, count: Count) -> None:
        """A double click: both answers lead to the same receipt."""
        before = count()
        form = {"text": f"{GOOD}（{uuid4().hex[:6]}）", "contact": "anonymous", "idempotency_key": uuid4().hex}
        numbers = []
        for _ in range(2):
            answer = visitor.post("/appeals/new/", data=form)
            assert answer.status_code == 302
            receipt = visitor.get("/appeals/sent/").text
            numbers += re.findall(r'class="receipt__number">(SZ\w+)<', receipt)
        assert numbers[0] == numbers[1]
        assert count() == before + 1

    def test_of_the_api_gives_the_first_answer_again(self, visitor: Visitor, count: Count) -> None:
        before, key = count(), {"Idempotency-Key": uuid4().hex}
        answers = [visitor.post("/api/v1/appeals", json={"text": GOOD}, headers=key) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 200, 200]
        assert len({answer.json()["number"] for answer in answers}) == 1
        assert [answer.json()["replayed"] for answer in answers] == [False, True, True]
        assert count() == before + 1

    def test_at_the_same_instant_makes_one_appeal(self, city: City, count: Count) -> None:
        before, key = count(), {"Idempotency-Key": uuid4().hex}
        people = [city.visitor() for _ in range(6)]

        def send(person: Visitor) -> httpx.Response:
            return person.post("/api/v1/appeals", json={"text": GOOD}, headers=key)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(send, people))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
        assert len({answer.json()["number"] for answer in answers}) == 1
        assert count() == before + 1

    def test_with_another_body_is_refused_and_the_first_stands(self, visitor: Visitor, count: Count) -> None:
        key = {"Idempotency-Key": uuid4().hex}
        first = visitor.post("/api/v1/appeals", json={"text": GOOD}, headers=key)
        before = count()
        other = visitor.post("/api/v1/appeals", json={"text": f"{GOOD}了"}, headers=key)
        again = visitor.post("/api/v1/appeals", json={"text": GOOD}, headers=key)
        assert other.status_code == 422
        assert re.search(r"[\u4e00-\u9fff]", other.json()["detail"])
        assert again.json()["number"] == first.json()["number"]
        assert count() == before

    def test_of_another_person_with_the_same_key_is_theirs(self, city: City, visitor: Visitor) -> None:
        key = {"Idempotency-Key": uuid4().hex}
        mine = visitor.post("/api/v1/appeals", json={"text": GOOD}, headers=key).json()["number"]
        service = city.service().post("/api/v1/appeals", json={"text": f"{GOOD}啊"}, headers=key)
        assert service.status_code == 201
        assert service.json()["number"] != mine


@pytest.fixture
def assigned(city: City, visitor: Visitor) -> str:
    """A case that waits to be accepted in the street office of handler.street."""
    told = visitor.post("/api/v1/appeals", json={"text": "这里的情况很久没人管了，请派人来看一看。"}).json()
    unit = city.rows(
        "SELECT g.unit_id FROM parties_rolegrant g JOIN parties_account a ON a.id = g.account_id WHERE a.login = %s",
        "handler.street",
    )[0][0]
    number: str = told["number"]
    done = _act(_ready(city, "dispatcher"), number, "dispatch", item=ITEM, unit=unit)
    assert done.status_code == 302, words_of(done.text)
    return number


def _ready(city: City, login: str) -> Visitor:
    official = city.official(login)
    official.get("/appeals/new/")
    official.headers["X-CSRFToken"] = official.cookies["csrftoken"]
    return official


def _act(official: Visitor, number: str, action: str, **form: str) -> httpx.Response:
    return official.post(f"/workbench/cases/{number}/actions/{action}/", data=form)


def _version(official: Visitor, number: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', official.get(f"/workbench/cases/{number}/").text)
    assert found, "no form on the page"
    return found[1]


class TestTwoOfficials:
    def test_second_one_is_told_and_keeps_what_was_typed(self, city: City, assigned: str) -> None:
        handler, supervisor = _ready(city, "handler.street"), _ready(city, "supervisor.street")
        seen = _version(supervisor, assigned)
        assert _act(handler, assigned, "accept", version=_version(handler, assigned)).status_code == 302
        typed = "已派网格员前往现场核实，下午三点前回话。"
        late = _act(supervisor, assigned, "contact", version=seen, text=typed)
        assert late.status_code == 409
        assert "刚刚有了新的进展" in words_of(late.text)
        assert typed in late.text
        fresh = re.search(r'name="version" value="(\d+)"', late.text)
        assert fresh, "the form to try again is missing"
        assert _act(supervisor, assigned, "contact", version=fresh[1], text=typed).status_code == 302

    def test_at_the_same_instant_one_wins(self, city: City, assigned: str) -> None:
        people = [_ready(city, login) for login in ("handler.street", "supervisor.street", "supervisor.district")]
        seen = _version(people[0], assigned)
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda person: _act(person, assigned, "accept", version=seen), people))
        assert sorted(answer.status_code for answer in answers) == [302, 409, 409]
        accepted = city.rows(
            "SELECT count(*) FROM cases_history h JOIN cases_case c ON c.id = h.case_id "
            "WHERE c.number = %s AND h.action = 'accept'",
            assigned,
        )
        assert accepted == [(1,)]

    def test_same_form_sent_twice_is_one_act(self, city: City, assigned: str) -> None:
        handler = _ready(city, "handler.street")
        form = {
            "version": _version(handler, assigned),
            "idempotency_key": uuid4().hex,
            "text": "已联系，马上派人到现场。",
        }
        answers = [_act(handler, assigned, "contact", **form) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        done = city.rows(
            "SELECT count(*) FROM cases_history h JOIN cases_case c ON c.id = h.case_id "
            "WHERE c.number = %s AND h.action = 'contact'",
            assigned,
        )
        assert done == [(1,)]

    def test_of_another_district_with_a_copied_address_finds_nothing(self, city: City, assigned: str) -> None:
        stranger = _ready(city, "handler.company")
        for answer in (
            stranger.get(f"/workbench/cases/{assigned}/"),
            _act(stranger, assigned, "accept"),
            stranger.get(f"/api/v1/appeals/{assigned}"),
            stranger.get("/workbench/cases/", params={"q": assigned}),
        ):
            assert answer.status_code == 404 or f"/workbench/cases/{assigned}/" not in answer.text
            assert "路灯" not in words_of(answer.text)
