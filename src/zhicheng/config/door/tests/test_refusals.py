"""What the door refuses, to programs and to people."""

import asyncio

import httpx
import pytest

from zhicheng.config.door.refusals import BodyTooLarge, Refusal, TooManyPages, WebAway

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def told(error, path: str = "/workbench/", **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(Refusal(error))
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(run())


class TestRefusal:
    def test_is_a_chinese_page_for_people(self):
        answer = told(WebAway(), Accept=BROWSER, X_Request_ID="abcdef0123")
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "系统正在启动，请稍候再试。" in answer.text
        assert "abcdef0123" in answer.text
        assert 'lang="zh' in answer.text
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("path", "accept"), [("/", "*/*"), ("/events/cockpit", "text/event-stream"), ("/api/v1/x", BROWSER)]
    )
    def test_is_problem_details_for_programs(self, path, accept):
        answer = told(WebAway(), path, Accept=accept)
        assert answer.headers["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert (body["status"], body["code"], body["title"]) == (503, "door.web_away", "暂时不能服务")
        assert body["detail"] == "系统正在启动，请稍候再试。"
        assert body["request_id"] == answer.headers["X-Request-ID"]

    def test_says_when_to_come_back_where_coming_back_helps(self):
        waits = [told(error).headers.get("Retry-After") for error in (WebAway(), TooManyPages(most=3), BodyTooLarge())]
        assert waits == ["2", "30", None]
