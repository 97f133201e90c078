"""Health for balancers and figures for Prometheus, over all processes of this installation."""

import hmac
import math
import os
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from zhicheng.core.cases.public import case_gauges
from zhicheng.core.lake.public import copy_state
from zhicheng.core.ledger.public import ledger_gauges
from zhicheng.core.notices.public import notice_gauges
from zhicheng.kit.clock import now
from zhicheng.web.edge.errors import respond
from zhicheng.web.edge.forwarding import is_this_machine


@require_GET
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def ready(_request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "away"}, status=503)
    return JsonResponse({"database": "ok"})


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text form; from this machine, or with the token of ZHICHENG_METRICS_TOKEN."""
    if not _may_read(request):
        return respond(request, 403, "指标只对本机或持有令牌者开放。", {"code": "metrics.forbidden"})
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library is not typed
    registry.register(_Measured())
    body = generate_latest(registry)
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        body += generate_latest(REGISTRY)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(token.encode(), shown.encode())
    if settings.SECURE and not settings.TRUSTED_PROXIES:  # everybody seems to ask from where the proxy stands
        return False
    return is_this_machine(request.META["REMOTE_ADDR"])


class _Measured(Collector):
    """Figures read from the database at the moment of asking: they belong to the city, not to a process."""

    def collect(self) -> Iterable[Metric]:
        """One gauge a figure."""
        for name, (text, value) in _figures().items():
            yield GaugeMetricFamily(name, text, value=value)


def _figures() -> dict[str, tuple[str, float]]:
    at = now()
    ledger, notices, cases = ledger_gauges(at), notice_gauges(at), case_gauges(at)
    return {
        **_copied(at),
        "zhicheng_outbox_oldest_seconds": ("Age of the oldest event not handed over", ledger.outbox_oldest_s),
        "zhicheng_outbox_rows": ("Events not handed over", ledger.outbox_rows),
        "zhicheng_outbox_parked": ("Events that no retry could hand over", ledger.outbox_parked),
        "zhicheng_ledger_unsealed_seconds": ("Age of the oldest unsealed entry", ledger.unsealed_oldest_s),
        "zhicheng_ledger_unsealed_rows": ("Entries not sealed", ledger.unsealed_rows),
        "zhicheng_notices_waiting_seconds": ("Age of the oldest message not sent", notices.waiting_oldest_s),
        "zhicheng_notices_failed": ("Messages given up", notices.failed_rows),
        "zhicheng_clocks_unfired": ("Clock stages that are due and not fired", cases.unfired_clocks),
        "zhicheng_clocks_unfired_seconds": ("How long the oldest of them has been due", cases.unfired_oldest_s),
        "zhicheng_cases_open": ("Cases not ended", cases.open_cases),
        "zhicheng_cases_late": ("Open cases past their nearest due time", cases.late_cases),
        "zhicheng_queue_oldest_seconds": (
            "Age of the oldest case that nobody has taken in hand",
            cases.waiting_oldest_s,
        ),
    }


def _copied(at: datetime) -> dict[str, tuple[str, float]]:
    """The lake's copy, where one is wanted."""
    state = copy_state()
    if state is None:
        return {}
    age_s = (at - state.at).total_seconds() if state.at else math.inf
    return {
        "zhicheng_lake_copy_behind_versions": ("Versions that the lake's copy lacks", state.versions_behind),
        "zhicheng_lake_copy_seconds": ("Since a round of copying the lake last came to its end", age_s),
    }
