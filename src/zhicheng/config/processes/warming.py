"""A web process loads before the first visitor comes what it would load at the first question.

The first questions after a start took two seconds, and kept all others of the process waiting.
"""

import threading
import time
from datetime import timedelta

import structlog
from django.db import Error, connections
from django.utils import timezone

from zhicheng.core.knowledge.public import get_index_state, search
from zhicheng.core.knowledge.values import SearchQuery
from zhicheng.core.places.errors import PlacesNotInstalled
from zhicheng.core.places.public import locate_address

AFTER_S = 3.0
_AGAIN_S = 2.0
_LONGEST = timedelta(minutes=20)
_QUESTION = "居住证怎么办理"
_log = structlog.get_logger("zhicheng.warming")


def warm_soon() -> threading.Thread:
    """Warm up beside the first requests; a new city is waited for until it has its places and its index."""
    thread = threading.Thread(target=_keep_trying, name="warming", daemon=True)
    thread.start()
    return thread


def warm_up() -> bool:
    """Load what questions need; whether all of it was there."""
    try:
        search(SearchQuery(_QUESTION, timezone.localdate()))
        locate_address(_QUESTION)
        return get_index_state().is_ready
    except PlacesNotInstalled:
        return False
    except Error as error:
        _log.info("the database is not ready", error=type(error).__name__)
        return False
    finally:
        connections.close_all()


def _keep_trying() -> None:
    time.sleep(AFTER_S)
    until = timezone.now() + _LONGEST
    while not warm_up() and timezone.now() < until:
        time.sleep(_AGAIN_S)
