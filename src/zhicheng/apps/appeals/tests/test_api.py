"""The API from outside, through Django's test client: what a program sends and gets."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from zhicheng.apps.appeals.tests.town import (
    EAST,
    NOISE,
    NOW,
    REPLY,
    SAID,
    WORKS,
    Attachment,
    Case,
    do,
    replied,
    sent,
    service,
    user_of,
)

pytestmark = pytest.mark.usefixtures("monday")
BODY = {"text": SAID[NOISE], "longitude": EAST[0], "latitude": EAST[1]}


class Program:
    """An outside system with its own API key; None calls without one."""

    def __init__(self, client, login: str = "") -> None:
        self._client, self._headers = client, {}
        if login:
            self._headers = {"Authorization": f"Bearer {service(login)[1]}"}

    def get(self, path: str, *, code: str | None = None, **query):
        headers = self._headers if code is None else {**self._headers, "X-Follow-Code": code}
        return self._client.get(f"/api/v1/{path}", query, headers=headers)

    def post(self, path: str, body, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers={**self._headers, **headers}
        )

    def upload(self, name: str, content: bytes):
        return self._client.post(
            "/api/v1/attachments", {"file": SimpleUploadedFile(name, content)}, headers=self._headers
        )


@pytest.fixture
def anyone(client) -> Program:
    return Program(client)


@pytest.fixture
def weather(client) -> Program:
    return Program(client, "weather.station")


def problem(answer, status: int) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer["X-Request-ID"]
    return body


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "PNG")
    return out.getvalue()


class TestCreate:
    def test_gives_a_receipt(self, anyone):
        answer = anyone.post("appeals", BODY)
        assert answer.status_code == 201
        got = answer.json()
        assert (got["unit_name"], got["replayed"], len(got["follow_code"])) == ("云溪镇城镇管理服务中心", False, 8)
        assert Case.objects.get(number=got["number"]).opened_at == NOW

    def test_answers_a_repeat_with_the_first_receipt(self, anyone):
        first = anyone.post("appeals", BODY, Idempotency_Key="k-20260302-1")
        again = anyone.post("appeals", BODY, Idempotency_Key="k-20260302-1")
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json() == {**first.json(), "replayed": True}
        assert Case.objects.count() == 1

    def test_refuses_a_key_that_was_used_for_something_else(self, anyone):
        anyone.post("appeals", BODY, Idempotency_Key="k-20260302-1")
        other = anyone.post("appeals", {**BODY, "text": "另一件完全不同的事情"}, Idempotency_Key="k-20260302-1")
        problem(other, 422)

    def test_refuses_a_key_that_is_none(self, anyone):
        problem(anyone.post("appeals", BODY, Idempotency_Key="k" * 201), 400)

    def test_tells_every_wrong_field(self, anyone):
        wrong = {**BODY, "text": "吵", "occurred_date": "2027-01-01", "longitude": 0}
        assert set(problem(anyone.post("appeals", wrong), 422)["fields"]) == {"text", "occurred_date", "place"}

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"longitude": 1}, "text"),
            ({"text": "工地太吵了请管", "crs": "mars"}, "crs"),
            ({"text": "工地太吵了请管", "occurred_date": "gestern"}, "occurred_date"),
            ({"text": "工地太吵了请管", "attachments": ["x"]}, "attachments.0"),
            ({"text": ["工地"]}, "text"),
        ],
    )
    def test_names_fields_of_the_wrong_form(self, anyone, body, field):
        assert field in problem(anyone.post("appeals", body), 422)["fields"]

    def test_says_in_chinese_what_the_form_is(self, anyone):
        wrong = {
            "text": ["工地"],
            "longitude": "east",
            "occurred_date": 5,
            "anonymous": "maybe",
            "attachments": ["x"] * 7,
        }
        refused = problem(anyone.post("appeals", wrong), 422)
        assert refused["code"] == "invalid_fields"
        assert refused["fields"] == {
            "text": ["应是文字"],
            "longitude": ["应是数字"],
            "occurred_date": ["应只是日期，不带时间，如 2026-01-31"],
            "anonymous": ["应是 true 或 false"],
            "attachments": ["最多 6 个"],
        }

    @pytest.mark.parametrize("body", ["{", "", "[]", b"\xff\xfe\x00", '"text"', "null"])
    def test_answers_what_it_cannot_read(self, anyone, body):
        answer = anyone.post("appeals", body)
        assert answer.status_code in {400, 422}
        problem(answer, answer.status_code)

    def test_refuses_a_key_that_is_not_known(self, client):
        answer = client.get("/api/v1/appeals", headers={"Authorization": "Bearer nothing.like.it"})
        assert problem(answer, 401)["code"] == "parties.api_key_invalid"


class TestUpload:
    def test_gives_an_id_that_an_appeal_takes(self, weather):
        kept = weather.upload("工地.png", picture())
        assert (kept.status_code, kept.json()["media_type"]) == (201, "image/jpeg")
        number = weather.post("appeals", {**BODY, "attachments": [kept.json()["id"]]}).json()["number"]
        assert Attachment.objects.get(pk=kept.json()["id"]).case_id == Case.objects.get(number=number).pk

    def test_gives_the_same_appeal_to_the_same_request_and_nothing_to_another(self, weather):
        body = {**BODY, "attachments": [weather.upload("工地.png", picture()).json()["id"]]}
        answers = [weather.post("appeals", body, **{"Idempotency-Key": key}) for key in ("k1", "k1", "k2")]
        assert [answer.status_code for answer in answers] == [201, 200, 422]
        assert answers[0].json()["number"] == answers[1].json()["number"]
        assert "请重新选择后再提交" in problem(answers[2], 422)["fields"]["attachments"][0]
        assert Case.objects.count() == 1

    def test_refuses_what_is_neither_photo_nor_pdf(self, weather):
        assert "不是能识别的照片" in problem(weather.upload("a.png", b"MZ\x90\x00 program"), 422)["detail"]
        assert "是空的" in problem(weather.upload("a.png", b""), 422)["detail"]

    def test_refuses_what_is_too_large(self, weather):
        assert "不能超过 10 MB" in problem(weather.upload("a.pdf", b"%PDF-" + bytes(10 * 1024 * 1024)), 413)["detail"]


class TestRead:
    def test_shows_a_case_to_whoever_knows_its_code(self, anyone):
        receipt = anyone.post("appeals", BODY).json()
        got = anyone.get(f"appeals/{receipt['number']}", code=receipt["follow_code"]).json()
        assert (got["number"], got["title"]) == (receipt["number"], SAID[NOISE])
        assert {clock["code"] for clock in got["clocks"]} == {"response", "feedback", "resolve"}
        assert [line["label"] for line in got["history"]] == ["提交"]
        assert set(got["actions"]) == {"supplement", "withdraw"}

    def test_hides_internal_notes_from_its_owner(self, anyone):
        done = sent()
        do(done.case_id, "note", "chen.wei", text="这家工地是老问题了")
        assert "老问题" not in anyone.get(f"appeals/{done.number}", code=done.follow_code).content.decode()

    @pytest.mark.parametrize("code", ["", "AAAAAAAA", "x" * 500])
    def test_is_not_found_without_the_code(self, anyone, code):
        problem(anyone.get(f"appeals/{sent().number}", code=code), 404)

    def test_refuses_a_code_that_stands_in_the_address(self, anyone):
        done = sent()
        path = f"appeals/{done.number}?code={done.follow_code}"
        for answer in (anyone.get(path), anyone.post(path.replace("?", "/actions/withdraw?"), {})):
            refused = problem(answer, 400)
            assert refused["code"] == "appeals.follow_code_in_address"
            assert "X-Follow-Code" in refused["detail"]
            assert done.follow_code not in str(refused)

    def test_is_not_found_when_there_is_none(self, anyone):
        for number in ("YX000000", "x" * 41, "%E8%B7%AF"):
            problem(anyone.get(f"appeals/{number}"), 404)


class TestServices:
    def test_see_what_they_handed_in_and_nothing_else(self, client, weather):
        bridge = Program(client, "bridge.sensors")
        mine = weather.post("appeals", BODY).json()["number"]
        other = bridge.post("appeals", BODY).json()["number"]
        sent()
        assert [item["number"] for item in weather.get("appeals").json()["items"]] == [mine]
        assert weather.get(f"appeals/{mine}").status_code == 200
        problem(weather.get(f"appeals/{other}"), 404)
        problem(weather.post(f"appeals/{other}/actions/note", {"input": {"text": "看看"}}), 404)

    def test_cannot_handle_what_they_handed_in(self, weather):
        mine = weather.post("appeals", BODY).json()["number"]
        problem(weather.post(f"appeals/{mine}/actions/accept", {}), 403)

    def test_have_their_own_keys(self, client, weather):
        bridge = Program(client, "bridge.sensors")
        answers = [system.post("appeals", BODY, Idempotency_Key="same-key-1") for system in (weather, bridge)]
        assert [answer.status_code for answer in answers] == [201, 201]


class TestList:
    def test_is_paged_newest_first_without_gaps(self, weather):
        numbers = [weather.post("appeals", BODY).json()["number"] for _ in range(5)]
        first = weather.get("appeals", limit=2).json()
        second = weather.get("appeals", limit=2, after=first["after"]).json()
        third = weather.get("appeals", limit=2, after=second["after"]).json()
        seen = [item["number"] for page in (first, second, third) for item in page["items"]]
        assert (sorted(seen), third["after"]) == (sorted(numbers), "")

    def test_asks_the_database_as_often_for_many_as_for_one(self, weather, django_assert_max_num_queries):
        for _ in range(6):
            weather.post("appeals", BODY)
        weather.get("appeals")
        with django_assert_max_num_queries(9):
            assert len(weather.get("appeals").json()["items"]) == 6

    def test_is_narrowed_by_state_and_words(self, weather):
        weather.post("appeals", BODY)
        assert len(weather.get("appeals", state="assigned", text="打桩").json()["items"]) == 1
        assert weather.get("appeals", state="closed").json()["items"] == []
        assert weather.get("appeals", text="停水").json()["items"] == []

    def test_is_empty_for_strangers(self, anyone):
        sent()
        assert anyone.get("appeals").json() == {"items": [], "after": ""}

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 500}, {"limit": "x"}, {"text": "x" * 101}])
    def test_refuses_queries_of_the_wrong_form(self, weather, query):
        assert set(problem(weather.get("appeals", **query), 422)["fields"]) == set(query)

    @pytest.mark.parametrize("after", ["x", "AAAA", "W10", "5ZWK", "x" * 3000])
    def test_refuses_a_cursor_that_is_none(self, weather, after):
        problem(weather.get("appeals", after=after), 400)


class TestAct:
    def test_lets_the_requester_rate_by_code_once(self, anyone):
        done = replied()
        path = f"appeals/{done.number}/actions/rate"
        answer = anyone.post(path, {"input": {"score": 5}}, X_Follow_Code=done.follow_code)
        assert (answer.status_code, answer.json()["state"]) == (200, "closed")
        problem(anyone.post(path, {"input": {"score": 1}}, X_Follow_Code=done.follow_code), 409)

    def test_answers_a_repeat_with_the_first_result(self, anyone):
        done = replied()
        path = f"appeals/{done.number}/actions/rate"
        headers = {"Idempotency-Key": "rate-once", "X-Follow-Code": done.follow_code}
        first, again = (anyone.post(path, {"input": {"score": 5}}, **headers) for _ in range(2))
        assert again.json() == {**first.json(), "replayed": True}

    def test_answers_a_repeat_when_the_case_has_left_the_callers_sight(self, client):
        client.force_login(user_of("chen.wei"))
        chen, path = Program(client), f"appeals/{sent().number}/actions/refuse"
        body = {"version": 1, "input": {"reason": "这一段路由公路局养护，不是本单位的职责"}}
        first, again = (chen.post(path, body, Idempotency_Key="refuse-once") for _ in range(2))
        assert first.status_code == 200
        assert again.json() == {**first.json(), "replayed": True}
        problem(chen.post(path, body, Idempotency_Key="another"), 404)

    @pytest.mark.parametrize("score", [" 1", "+2", "１"])
    def test_sends_a_bad_rating_one_level_up_however_it_is_written(self, anyone, score):
        done = replied()
        path = f"appeals/{done.number}/actions/rate"
        answer = anyone.post(path, {"input": {"score": score}}, X_Follow_Code=done.follow_code).json()
        assert answer["state"] == "follow_up"
        assert answer["unit"] != WORKS

    def test_lets_officials_work_and_tells_them_that_they_saw_an_older_version(self, client):
        client.force_login(user_of("chen.wei"))
        chen, done = Program(client), sent()
        assert chen.post(f"appeals/{done.number}/actions/accept", {"version": 1}).json()["version"] == 2
        stale = chen.post(f"appeals/{done.number}/actions/reply", {"version": 1, "input": REPLY})
        assert problem(stale, 409)["code"] == "cases.changed"
        assert chen.get(f"appeals/{done.number}").json()["unit"] == WORKS

    def test_knows_no_action_that_the_process_does_not_have(self, client):
        client.force_login(user_of("chen.wei"))
        problem(Program(client).post(f"appeals/{sent().number}/actions/explode", {}), 404)


class TestDocument:
    def test_says_where_the_follow_code_goes_and_what_is_limited(self, client):
        paths = client.get("/api/openapi.json").json()["paths"]
        for operation in (
            paths["/api/v1/appeals/{number}"]["get"],
            *paths["/api/v1/appeals/{number}/actions/{action}"].values(),
        ):
            given = next(one for one in operation["parameters"] if one["name"] == "X-Follow-Code")
            assert given["in"] == "header"
            assert "429" in operation["responses"]
        for path in ("/api/v1/appeals", "/api/v1/attachments"):
            assert "rate limit" in paths[path]["post"]["description"]

    def test_describes_every_route(self, client):
        paths = client.get("/api/openapi.json").json()["paths"]
        own = {path for path in paths if path.startswith(("/api/v1/appeals", "/api/v1/attachments"))}
        assert own == {
            "/api/v1/appeals",
            "/api/v1/appeals/{number}",
            "/api/v1/appeals/{number}/actions/{action}",
            "/api/v1/attachments",
        }
