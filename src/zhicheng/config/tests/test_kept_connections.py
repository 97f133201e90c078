import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base

from zhicheng.config.database import database_url


@pytest.mark.django_db(transaction=True)
class TestKeptConnection:
    def test_is_used_again_without_asking_the_server(self, monkeypatch):
        asked = []
        monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda _: asked.append("server") or True)
        connection.ensure_connection()
        assert connection.is_usable()
        assert not asked

    def test_is_given_up_when_the_server_has_ended_it(self):
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        with psycopg.connect(database_url(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        assert not connection.is_usable()
        connection.close()
