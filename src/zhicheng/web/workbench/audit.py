"""The ledger for auditors: who did what to whom, when and why; and whether the chain is whole."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from zhicheng.core.ledger.public import ledger_gauges, list_entries, verify
from zhicheng.core.parties.public import list_account_names
from zhicheng.kit.clock import now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

_PAGE = 50


@require_GET
@needs_official("ledger.audit")
def entries(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, narrowed by subject or actor."""
    given, at = request.GET, now()
    actor, subject = given.get("actor", "")[:80], given.get("q", "").strip()[:80]
    page = list_entries(subject=subject, actor=actor, after=_cursor(given.get("after", "")), limit=_PAGE)
    gauges = ledger_gauges(at)
    waiting = f"还有 {gauges.unsealed_rows} 条待封存" if gauges.unsealed_rows else "全部条目已封存"
    following = f"?actor={actor}&q={subject}&after={page.after}" if page.after else ""
    context = {
        "chain": {
            "ok": True,
            "words": f"账本:{waiting}。",
            "oldest_words": "",
            "verify_url": "/workbench/audit/verify/",
        },
        "filters": {
            "action": request.path,
            "q": subject,
            "fields": [],
            "saved": [],
            "clear_url": request.path if given else "",
        },
        "pager": {"next_url": following, "previous_url": "", "words": f"每页 {_PAGE} 条"},
        "entries": _rows(page.entries),
    }
    return show(request, "workbench/audit.html", context)


@require_POST
@needs_official("ledger.audit")
def verify_chain(request: HttpRequest) -> HttpResponse:
    """Check every entry, the chain and the signed checkpoints."""
    report = verify(now=now())
    if report.is_intact:
        messages.success(request, f"账本完整:{report.entries:,} 条已封存,签名与摘要全部相符。")
    for finding in report.findings[:10]:
        messages.error(request, f"第 {finding.seq} 条起:{finding.text}")
    return HttpResponseRedirect("/workbench/audit/")


def _rows(found: Any) -> list[dict[str, Any]]:
    accounts = {entry.entry.actor.partition(":")[2] for entry in found if entry.entry.actor.startswith("account:")}
    names = {
        str(account): name for account, name in list_account_names([UUID(account) for account in accounts]).items()
    }
    rows = []
    for recorded in found:
        entry = recorded.entry
        kind, _, identifier = entry.actor.partition(":")
        rows.append(
            {
                "at": entry.at,
                "actor": names.get(identifier, "系统" if kind == "system" else entry.actor),
                "action": entry.action,
                "subject": entry.subject,
                "subject_url": "",
                "reason": entry.reason,
                "rule": entry.rule,
                "digest": recorded.digest.hex()[:12],
                "sealed": recorded.seq is not None,
            }
        )
    return rows


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
