"""The door of readings alone, as granian runs it: every key is good, so that no database is needed."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
django.setup()

from starlette.applications import Starlette  # noqa: E402  # after django.setup()
from starlette.routing import Route  # noqa: E402

from zhicheng.config.door import ingest  # noqa: E402

ingest._ask = lambda key: f"account:{key}"
application = Starlette(routes=[Route("/ingest/observations", ingest.Ingest().receive, methods=["POST"])])
