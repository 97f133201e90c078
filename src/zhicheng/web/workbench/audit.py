"""The ledger for auditors: who did what to whom, when and why; and whether the chain is whole."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from zhicheng.core.cases.public import list_numbers, processes
from zhicheng.core.ledger.public import ledger_gauges, list_entries, verify
from zhicheng.core.parties.public import list_account_names
from zhicheng.kit.clock import now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.account import ACCOUNT_ACTS
from zhicheng.web.workbench.frame import show

_PAGE = 50
_CLOCK_WORDS = {
    "open": "提交",
    "clock_warning": "时限提醒",
    "clock_overdue": "时限已到",
    "clock_escalation": "超时上报",
    "clock_recomputed": "时限重新计算",
}
_WORDS = {
    **{code: label for code, (label, _) in ACCOUNT_ACTS.items()},
    "ledger.retry_parked": "重新投递搁置的事件",
    "notices.retry_failed": "重新发送失败的消息",
    "party.revealed": "查看个人信息",
    "party.amended": "更正个人信息",
    "party.erased": "删除个人信息",
    "packs.installed": "安装城市包",
    "knowledge.classifier_trained": "训练分类器",
    "appeals.supported": "加入同一诉求",
}
_WHO = {"system": "系统", "anonymous": "未登录的人", "resident": "居民"}


@require_GET
@needs_official("ledger.audit")
def entries(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, narrowed by subject or actor."""
    given, at = request.GET, now()
    actor, subject = given.get("actor", "")[:80], given.get("q", "").strip()[:80]
    page = list_entries(subject=subject, actor=actor, after=_cursor(given.get("after", "")), limit=_PAGE)
    gauges = ledger_gauges(at)
    waiting = f"还有 {gauges.unsealed_rows} 条待封存" if gauges.unsealed_rows else "全部条目已封存"
    following = f"?{urlencode({'actor': actor, 'q': subject, 'after': page.after})}" if page.after else ""
    context = {
        "chain": {
            "ok": True,
            "words": f"账本：{waiting}。",
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
        messages.success(request, f"账本完整：{report.entries:,} 条已封存，签名与摘要全部相符。")
    for finding in report.findings[:10]:
        messages.error(request, f"第 {finding.seq} 条起：{finding.text}")
    return HttpResponseRedirect("/workbench/audit/")


def action_words(code: str) -> str:
    """What was done, in Chinese where the process or the list names it; the code itself otherwise."""
    area, _, rest = code.partition(".")
    process, _, action = rest.partition(".")
    known = processes()
    if area == "cases" and process in known:
        if action in known[process].actions:
            return f"{known[process].label}：{known[process].actions[action].label}"
        return f"{known[process].label}：{_CLOCK_WORDS.get(action, action)}"
    return _WORDS.get(code, code)


def _rows(found: Any) -> list[dict[str, Any]]:
    accounts = {entry.entry.actor.partition(":")[2] for entry in found if entry.entry.actor.startswith("account:")}
    names = {
        str(account): name for account, name in list_account_names([UUID(account) for account in accounts]).items()
    }
    numbers = _numbers(found)
    rows = []
    for recorded in found:
        entry = recorded.entry
        kind, _, identifier = entry.actor.partition(":")
        rows.append(
            {
                "at": entry.at,
                "actor": names.get(identifier) or _WHO.get(kind, entry.actor),
                "action": action_words(entry.action),
                "subject": numbers.get(entry.subject, entry.subject),
                "subject_url": "",
                "reason": entry.reason,
                "rule": entry.rule,
                "digest": recorded.digest.hex()[:12],
                "sealed": recorded.seq is not None,
            }
        )
    return rows


def _numbers(found: Any) -> dict[str, str]:
    """Case numbers by subject reference."""
    ids = {UUID(entry.entry.subject.partition(":")[2]) for entry in found if entry.entry.subject.startswith("case:")}
    return {f"case:{case_id}": number for case_id, number in list_numbers(ids).items()}


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
