"""The route of bulk readings, as systems call it."""

import asyncio
import json
from typing import Any

import httpx
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from zhicheng.config.door import ingest
from zhicheng.core.parties.errors import ApiKeyInvalid
from zhicheng.core.telemetry.errors import SensingForbidden, StorageFull
from zhicheng.core.telemetry.public import register_streams
from zhicheng.core.telemetry.values import StreamTable

GOOD = {"Authorization": "Bearer zk_a_b"}


@pytest.fixture(autouse=True)
def _known(tmp_path, settings, monkeypatch):
    settings.HOME = tmp_path
    register_streams(StreamTable(np.array([1, 2]), ["d1/t", "d2/t"], np.zeros(2, np.float32)))

    def ask(key: str) -> str:
        if key == "unknown":
            raise ApiKeyInvalid()
        if key == "reader":
            raise SensingForbidden(act="上报观测数据")
        return f"account:{key}"

    monkeypatch.setattr(ingest, "_ask", ask)


async def post(body: Any, **headers: str) -> httpx.Response:
    app = Starlette(routes=[Route("/ingest/observations", ingest.Ingest().receive, methods=["POST"])])
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client:
        return await client.post("/ingest/observations", content=content, headers=headers or GOOD)


def ask(body: Any, **headers: str) -> httpx.Response:
    return asyncio.run(post(body, **headers))


class TestIngest:
    def test_says_what_became_of_each_row(self):
        answer = ask({"key": ["d1/t", "d9/t", "d2/t"], "value": [1.5, 2.5, None]})
        assert answer.status_code == 200
        assert answer.json() == {
            "accepted": 1,
            "duplicate": 0,
            "refused_count": 2,
            "refused": [
                {"row": 1, "code": "unknown_stream", "reason": "没有登记这个数据流"},
                {"row": 2, "code": "not_a_number", "reason": "不是有效的数值"},
            ],
        }

    def test_answers_the_same_to_the_same_key_and_refuses_it_for_another_body(self):
        headers = {**GOOD, "Idempotency-Key": "batch-7"}
        body = {"stream": [1], "at": [1763900000000], "value": [1]}
        first, again = ask(body, **headers), ask(body, **headers)
        assert first.json() == again.json()
        assert again.json()["accepted"] == 1
        other = ask({**body, "value": [2]}, **headers)
        assert (other.status_code, other.json()["code"]) == (422, "telemetry.key_reused")

    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({"Accept": "*/*"}, 401),
            ({"Authorization": "Bearer reader"}, 403),
            ({"Authorization": "Bearer unknown"}, 401),
        ],
    )
    def test_takes_nothing_from_strangers(self, said, status):
        assert ask({"stream": [1], "value": [1]}, **said).status_code == status

    def test_says_in_clear_words_that_the_disk_is_full(self, monkeypatch):
        def full(*_: object, **__: object) -> bytes:
            raise StorageFull()

        monkeypatch.setattr(ingest, "accept_bulk", full)
        answer = ask({"stream": [1], "value": [1]})
        assert answer.status_code == 507
        assert "存储空间不足" in answer.json()["detail"]

    def test_says_what_is_wrong_with_a_body(self):
        answer = ask(b"{")
        assert (answer.status_code, answer.json()["code"]) == (422, "telemetry.bulk_unreadable")
