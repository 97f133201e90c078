"""The page of the HTTP API."""

import re

import pytest

pytestmark = pytest.mark.django_db


class TestApiPage:
    def test_shows_every_operation_and_loads_nothing_from_elsewhere(self, client) -> None:
        document = client.get("/api/openapi.json").json()
        page = client.get("/api/docs").content.decode()
        summaries = [operation["summary"] for path in document["paths"].values() for operation in path.values()]
        assert [summary for summary in summaries if summary not in page] == []
        assert re.findall(r'(?:src|href)="https?:', page) == []

    def test_names_what_an_appeal_needs(self, client) -> None:
        page = client.get("/api/docs").content.decode()
        row = re.search(r'<th scope="row" class="code">text</th>.*?</tr>', page)
        assert row is not None
        assert "必填" in row.group()
        assert "诉求内容" in row.group()
