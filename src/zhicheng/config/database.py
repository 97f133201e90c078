"""Which PostgreSQL: `DATABASE_URL`, or the embedded server under `ZHICHENG_HOME`."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhicheng.config import environment
from zhicheng.config.processes.postgres import EmbeddedPostgres


def database_url() -> str:
    """The address of the database."""
    return os.environ.get("DATABASE_URL") or EmbeddedPostgres(environment.home()).url()


def django_database(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://` URL; `?host=/folder` names a Unix socket.

    Raises:
        SystemExit: the URL is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit("DATABASE_URL must start with postgresql://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "zhicheng.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**query, "application_name": "zhicheng"},
    }
