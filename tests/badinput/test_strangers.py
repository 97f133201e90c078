"""Requests from people who guess, forge or stumble: refused in Chinese, telling nothing about what exists."""

import re
import socket

import pytest

from tests.badinput.cases import GOOD
from tests.running import City, Visitor, words_of

pytestmark = [pytest.mark.running]
HTML = {"Accept": "text/html"}
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")


@pytest.fixture
def told(visitor: Visitor) -> dict[str, str]:
    """The receipt of somebody else's appeal."""
    answer: dict[str, str] = visitor.post("/api/v1/appeals", json={"text": GOOD}).json()
    return answer


class TestForgedLink:
    @pytest.mark.parametrize("token", ["x", "IjAxYTIw:1xVHSi:abc", "%00", "a" * 3000, "..%2f..%2fetc"])
    def test_opens_nothing(self, visitor: Visitor, token: str) -> None:
        answer = visitor.get(f"/t/{token}/", headers=HTML)
        assert answer.status_code in {400, 404}
        assert CHINESE.search(words_of(answer.text))

    def test_made_for_one_case_does_not_rate_another(self, city: City, told: dict[str, str]) -> None:
        stranger = city.visitor()
        stranger.get("/appeals/new/")
        stranger.headers["X-CSRFToken"] = stranger.cookies["csrftoken"]
        answer = stranger.post(f"/appeals/{told['number']}/rate/", data={"stars": "1"})
        assert answer.status_code == 404

    def test_changed_by_one_character_opens_nothing(self, city: City) -> None:
        text = next(text for text in reversed(city.messages_to("13800138001")) if "/t/" in text)
        token = text.partition("/t/")[2].partition("/")[0]
        swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
        assert city.visitor().get(f"/t/{token}/").status_code == 302
        assert city.visitor().get(f"/t/{swapped}/").status_code == 404


class TestGuessedNumber:
    def test_looks_the_same_whether_it_exists_or_not(self, city: City, told: dict[str, str]) -> None:
        stranger = city.visitor()
        guess = {**HTML, "X-Follow-Code": "AAAAAAAA"}
        for path, headers in (("/appeals/{}/", HTML), ("/api/v1/appeals/{}", HTML), ("/api/v1/appeals/{}", guess)):
            real = stranger.get(path.format(told["number"]), headers=headers)
            none = stranger.get(path.format("SZ261123ZZZZZZZZ"), headers=headers)
            assert real.status_code == none.status_code == 404
            assert _anonymous(real.text) == _anonymous(none.text).replace("SZ261123ZZZZZZZZ", told["number"])

    def test_with_a_wrong_code_is_refused_and_soon_slowed_down(self, city: City, told: dict[str, str]) -> None:
        guesser = city.visitor()
        guesser.get("/appeals/follow/")
        guesser.headers["X-CSRFToken"] = guesser.cookies["csrftoken"]
        statuses = []
        for guess in range(75):  # 30 a minute in each of two web processes
            form = {"number": told["number"], "code": f"AAAA{guess:04d}"}
            answer = guesser.post("/appeals/follow/", data=form, headers=HTML)
            statuses.append(answer.status_code)
        assert set(statuses) == {404, 429}
        assert statuses[0] == 404
        slowed = guesser.post("/appeals/follow/", data={"number": told["number"], "code": "x"}, headers=HTML)
        while slowed.status_code != 429:
            slowed = guesser.post("/appeals/follow/", data={"number": told["number"], "code": "x"}, headers=HTML)
        assert int(slowed.headers["Retry-After"]) > 0
        assert "操作太频繁" in words_of(slowed.text)

    def test_by_the_api_is_slowed_down_as_well(self, city: City, told: dict[str, str]) -> None:
        guesser = city.visitor()
        path = f"/api/v1/appeals/{told['number']}"
        guesses = [{"X-Follow-Code": f"AAAA{guess:04d}"} for guess in range(75)]
        assert {guesser.get(path, headers=guess).status_code for guess in guesses} == {404, 429}

    def test_of_a_neighbour_is_not_slowed_down_by_that(self, city: City, told: dict[str, str]) -> None:
        other = city.visitor()
        answer = other.get(f"/api/v1/appeals/{told['number']}", headers={"X-Follow-Code": told["follow_code"]})
        assert answer.status_code == 200


class TestForeignForm:
    def test_without_a_token_is_refused(self, city: City) -> None:
        answer = city.visitor().post("/appeals/new/", data={"text": GOOD}, headers=HTML)
        assert answer.status_code == 403
        assert "为了安全没有提交" in words_of(answer.text)

    def test_cannot_use_the_api_with_somebody_s_cookies(self, city: City) -> None:
        resident = city.resident()
        for kind in ("application/json", "text/plain"):
            answer = city.visitor(cookies=dict(resident.cookies)).post(
                "/api/v1/appeals", content=b'{"text": "lamp is broken"}', headers={"Content-Type": kind}
            )
            assert answer.status_code in {403, 415}
            assert CHINESE.search(answer.json()["detail"])

    def test_leads_nowhere_else(self, city: City, visitor: Visitor) -> None:
        for target in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
            answer = visitor.post("/preferences/", data={"theme": "dark", "next": target})
            assert answer.headers["Location"] == "/"


class TestWrongAddress:
    def test_is_a_page_for_people_and_a_problem_for_programs(self, visitor: Visitor) -> None:
        page, problem = visitor.get("/nosuch/", headers=HTML), visitor.get("/api/v1/nosuch")
        assert page.status_code == problem.status_code == 404
        assert "没有这个页面" in words_of(page.text)
        assert problem.headers["Content-Type"] == "application/problem+json"
        assert CHINESE.search(problem.json()["detail"])

    @pytest.mark.parametrize(
        ("method", "path"), [("PUT", "/appeals/new/"), ("GET", "/signout/"), ("DELETE", "/api/v1/appeals")]
    )
    def test_method_that_it_does_not_take_is_named(self, visitor: Visitor, method: str, path: str) -> None:
        answer = visitor.request(method, path, headers=HTML)
        assert answer.status_code == 405
        assert answer.headers["Allow"]
        assert CHINESE.search(words_of(answer.text))

    def test_head_is_answered(self, visitor: Visitor) -> None:
        answer = visitor.head("/")
        assert answer.status_code == 200
        assert answer.content == b""

    def test_that_is_not_utf8_is_not_found(self, city: City) -> None:
        assert _raw(city, b"GET /appeals/%ff%fe/ HTTP/1.1").startswith(b"HTTP/1.1 404")

    def test_of_another_host_is_refused(self, city: City) -> None:
        assert _raw(city, b"GET / HTTP/1.1", host=b"evil.example").startswith(b"HTTP/1.1 400")


class TestRequestId:
    def test_is_kept_when_it_is_one(self, visitor: Visitor) -> None:
        assert visitor.get("/healthz", headers={"X-Request-ID": "caller-1234"}).headers["X-Request-ID"] == "caller-1234"

    @pytest.mark.parametrize(
        "given", [b"abcdefgh%0d%0aSet-Cookie: a=1", b"short", b"x" * 65, b"\xff\xfe\xfd12345", b"<script>alert(1)"]
    )
    def test_is_replaced_when_it_is_not(self, city: City, given: bytes) -> None:
        answer = _raw(city, b"GET /healthz HTTP/1.1\r\nX-Request-ID: " + given)
        assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
        assert given not in answer
        assert b"set-cookie" not in answer.lower()

    def test_cannot_smuggle_a_second_answer(self, city: City) -> None:
        smuggled = b"GET /healthz HTTP/1.1\r\nX-Request-ID: abcdefgh\r\n\r\nGET /metrics HTTP/1.1"
        answer = _raw(city, smuggled)
        assert b"zhicheng_cases_open" not in answer.partition(b"\r\n\r\n")[0]


def _raw(city: City, head: bytes, *, host: bytes = b"127.0.0.1") -> bytes:
    """What comes back to bytes on the wire."""
    with socket.create_connection(("127.0.0.1", city.port), timeout=10) as line:
        line.sendall(head + b"\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
        found = b""
        while chunk := line.recv(65536):
            found += chunk
    return found


def _anonymous(text: str) -> str:
    """Without what differs by request alone."""
    return re.sub(r"[0-9a-f]{32}|value=\"[^\"]*\"", "", text)
