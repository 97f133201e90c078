"""A city of which only the core is there: what the processes of ingest need, and quick to start again and again."""

from zhicheng.config.settings import *  # noqa: F403
from zhicheng.config.settings import INSTALLED_APPS as _ALL

INSTALLED_APPS = [name for name in _ALL if not name.startswith(("zhicheng.apps.", "zhicheng.web"))]
