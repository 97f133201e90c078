"""What every request passes, through Django's test client."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from prometheus_client import REGISTRY

from zhicheng.web.edge import middleware


@pytest.fixture
def visitor(client):
    """Gets the answer to an error as everybody does, not the exception."""
    client.raise_request_exception = False
    return client


def away(error: Exception):
    def ask(*_args, **_kwargs):
        raise error

    return ask


@pytest.mark.django_db
class TestRequestContextMiddleware:
    def test_counts_invented_methods_as_one(self, client):
        for method in ("BREW", "X" * 500, "get"):
            client.generic(method, "/healthz")
        samples = [sample for metric in REGISTRY.collect() for sample in metric.samples]
        methods = {sample.labels["method"] for sample in samples if sample.name == "zhicheng_request_seconds_count"}
        assert "other" in methods
        assert methods <= {*middleware._METHODS, "other"}


@pytest.mark.django_db
class TestDatabaseAway:
    @pytest.mark.parametrize("error", [OperationalError("terminating connection"), InterfaceError("closed")])
    def test_while_an_api_key_is_looked_up_is_a_pause(self, visitor, monkeypatch, error):
        monkeypatch.setattr(middleware, "actor_for_api_key", away(error))
        answer = visitor.get("/api/v1/appeals", headers={"Authorization": "Bearer zk_some.key"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        assert answer.json()["code"] == "edge.database_away"

    def test_while_a_session_is_loaded_is_a_pause(self, visitor, monkeypatch):
        visitor.cookies["sessionid"] = "a" * 32
        monkeypatch.setattr(SessionStore, "load", away(OperationalError("server closed the connection")))
        answer = visitor.get("/workbench/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        assert "系统正在恢复" in answer.content.decode()

    def test_while_a_session_is_saved_is_a_pause(self, visitor, monkeypatch, settings):
        settings.SESSION_SAVE_EVERY_REQUEST = True
        monkeypatch.setattr(SessionStore, "save", away(OperationalError("server closed the connection")))
        monkeypatch.setattr(SessionStore, "is_empty", lambda _self: False)
        assert visitor.get("/api/openapi.json").status_code == 503

    def test_is_not_what_every_fault_is_taken_for(self, visitor, monkeypatch):
        monkeypatch.setattr(middleware, "actor_for_api_key", away(LookupError("ours")))
        answer = visitor.get("/api/v1/appeals", headers={"Authorization": "Bearer zk_some.key"})
        assert (answer.status_code, answer.json()["code"]) == (500, "edge.failed")
