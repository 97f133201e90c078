"""The policy library: finding and reading documents, comparing versions, what fits me and what is missing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.apps.policies.public import (
    PURPOSE,
    agree_to_pushes,
    compare_versions,
    get_library,
    get_profile_of,
    get_reading,
    gets_pushes,
    issuer_name,
    known_facts,
    list_policies,
    match_policies,
    push_to,
    questions_for,
    save_profile,
    stop_pushes,
)
from zhicheng.apps.policies.values import (
    AUDIENCES,
    NOT_BINDING,
    STATUS_LABELS,
    FactValue,
    KnownFact,
    Match,
    Policy,
    PolicyFilter,
    ProfileQuestion,
    Reading,
)
from zhicheng.core.lake.public import get_entity
from zhicheng.core.lake.values import EntityTable
from zhicheng.core.parties.errors import OutsideMandate
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_account

_PAGE = 20
_TONES = {"in_force": "success", "coming": "action", "ended": ""}
_KINDS = {"boolean": "radio", "choice": "select", "date": "date"}
_CONTEST = (
    "匹配结果只作提示，不影响您申请。情况有出入的，请在“填写情况”里更正；"
    "对审批结果有异议的，可以申请人工复核或行政复议。"
)
_OUTCOMES = {"yes": "fits", "unknown": "open", "no": "near"}


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Policies: searched, or by topic, audience and status."""
    on, words = _today(), request.GET.get("q", "").strip()[:60]
    wanted = PolicyFilter(
        text=words,
        topic=request.GET.get("topic", "")[:20],
        audience=_one_of(request.GET.get("for", ""), AUDIENCES),
        status=_one_of(request.GET.get("status", ""), STATUS_LABELS),
        after=_number(request.GET.get("after", "")),
        limit=_PAGE,
    )
    page = list_policies(wanted, on=on)
    query = {key: value for key, value in request.GET.items() if key != "after" and value}
    context = {
        "section": "services",
        "narrow": True,
        "search": {"action": "/policies/", "placeholder": "找政策：研发补助、租房补贴、文号……", "value": words},
        "wanted": wanted,
        "rows": [_row(policy, on) for policy in page.policies],
        "total": page.total,
        "topics": get_library().topics(),
        "audiences": AUDIENCES.items(),
        "statuses": STATUS_LABELS.items(),
        "pager": {
            "next_url": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
            "words": f"共 {page.total} 项",
        },
    }
    return render(request, "portal/policies/front.html", context)


@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """A document in one of its versions, each clause with its anchor."""
    on, library = _today(), get_library()
    policy = library.get(code)
    asked = request.GET.get("version", "")
    version = library.version(code, asked) if asked else policy.current(on)
    older = [each for each in policy.versions if each.from_date < version.from_date]
    context = {
        "section": "services",
        "narrow": True,
        "policy": policy,
        "version": version,
        "is_current": version == policy.current(on),
        "in_force": version.covers(on),
        "tag": _tag(policy, on),
        "issuer": issuer_name(policy.issuer, policy.region),
        "versions": list(reversed(policy.versions)),
        "compare_url": f"/policies/{code}/compare/?old={older[-1].code}&new={version.code}" if older else "",
        "apply_url": _apply_url(policy, on),
        "match_url": f"/policies/match/{policy.audience[0]}/" if policy.rule else "",
        "reading": _reading(get_reading(code, version.code)),
        "not_binding": NOT_BINDING,
    }
    return render(request, "portal/policies/detail.html", context)


@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions side by side: what is gone, what is new."""
    library = get_library()
    policy = library.get(code)
    newest = policy.versions[-1]
    earlier = policy.versions[-2] if len(policy.versions) > 1 else newest
    old = library.version(code, request.GET.get("old", "") or earlier.code)
    new = library.version(code, request.GET.get("new", "") or newest.code)
    context = {
        "section": "services",
        "narrow": True,
        "policy": policy,
        "old": old,
        "new": new,
        "versions": policy.versions,
        "changes": compare_versions(old, new),
    }
    return render(request, "portal/policies/compare.html", context)


@require_GET
@needs_account
def matches(request: HttpRequest, entity: str) -> HttpResponse:
    """What fits me or my company, why, and what is missing for the next one."""
    party, table = _party(request, entity), get_entity(entity)
    found = match_policies(party, entity, on=_today()) if party else []
    groups: dict[str, list[dict[str, Any]]] = {"fits": [], "open": [], "near": [], "other": []}
    for match in found:
        groups[_OUTCOMES.get(match.outcome, "other")].append(_match(match))
    context = {
        "section": "services",
        "narrow": True,
        "entity": entity,
        "entities": _entities(request),
        "groups": groups,
        "count": len(found),
        "facts": [_known(each, table) for each in known_facts(party, entity).values() if each.code != table.key]
        if party
        else [],
        "pushed": bool(party) and gets_pushes(party),
        "purpose": PURPOSE,
    }
    return render(request, "portal/policies/matches.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@needs_account
def profile(request: HttpRequest, entity: str) -> HttpResponse:
    """What policies ask about me or my company; every answer is optional."""
    party = _party(request, entity)
    questions = questions_for(entity, _today())
    if request.method != "POST":
        known = get_profile_of(party, entity) if party else None
        answers = known.answers if known else {}
        values = {each.code: _typed(each, answers[each.code]) for each in questions if each.code in answers}
        return _profile(request, entity, values, {})
    check_rate(request, "submit")
    given = {each.code: request.POST.get(each.code, "")[:200] for each in questions}
    at = now()
    try:
        save_profile(entity, given, actor=request_actor(request), now=at)
    except FieldErrors as error:
        return _profile(request, entity, given, error.fields, status=422)
    if party:
        push_to(party, entity, now=at)
    return HttpResponseRedirect(f"/policies/match/{entity}/")


@require_POST
@needs_account
def pushes(request: HttpRequest) -> HttpResponse:
    """Agree to be told about policies that fit, or stop it."""
    check_rate(request, "submit")
    actor, at = request_actor(request), now()
    if request.POST.get("agree") == "1":
        told = agree_to_pushes(actor=actor, now=at)
        messages.success(
            request, f"已开启。现在适合的有 {told} 项，已发到“消息”。" if told else "已开启，有适合的政策就告诉您。"
        )
    else:
        stop_pushes(actor=actor, now=at)
        messages.success(request, "已关闭，不再发送政策消息。")
    return HttpResponseRedirect(f"/policies/match/{_one_of(request.POST.get('entity', ''), AUDIENCES) or 'person'}/")


def _party(request: HttpRequest, entity: str) -> Any:
    """The party of whoever is signed in; None for officials, who have none.

    Raises:
        OutsideMandate: somebody acts for a company that does not let them, or asks about people.
    """
    if entity not in AUDIENCES:
        raise Http404()
    actor = request_actor(request)
    if actor.mandate is not None and (entity != "company" or not actor.may("policies")):
        raise OutsideMandate(act="匹配个人的政策" if entity != "company" else "匹配政策")
    return actor.party_id


def _entities(request: HttpRequest) -> list[tuple[str, str]]:
    acting = request_actor(request).mandate is not None
    return [(code, label) for code, label in AUDIENCES.items() if code == "company" or not acting]


def _known(fact: KnownFact, table: EntityTable) -> dict[str, Any]:
    """A fact with its value in words and its source."""
    column, value = table.column(fact.code), fact.value
    if isinstance(value, bool):
        text = "是" if value else "否"
    elif fact.code.endswith("_cents") and isinstance(value, int):
        text = f"{Decimal(value) / 100:,.2f} 元"
    else:
        text = column.codes.get(str(value), str(value)) if column.codes else f"{value} {column.unit}".strip()
    return {"label": fact.label, "text": text, "source": fact.source, "held": fact.held}


def _profile(
    request: HttpRequest, entity: str, values: Mapping[str, str], errors: Mapping[str, list[str]], *, status: int = 200
) -> HttpResponse:
    context = {
        "section": "services",
        "narrow": True,
        "entity": entity,
        "entity_label": AUDIENCES[entity],
        "questions": [_field(each) for each in questions_for(entity, _today())],
        "values": values,
        "errors": errors,
    }
    return render(request, "portal/policies/profile.html", context, status=status)


def _field(question: ProfileQuestion) -> dict[str, Any]:
    label = f"{question.label}（{question.unit}）" if question.unit else question.label
    options = list(question.choices.items())
    if question.type == "boolean":
        options = [*options, ("", "不清楚")]
    return {
        "kind": _KINDS.get(question.type, "text"),
        "name": question.code,
        "label": label,
        "options": options,
        "numeric": question.type in {"integer", "decimal", "money"},
    }


def _typed(question: ProfileQuestion, value: FactValue) -> str:
    """An answer as the form wrote it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if question.type == "money" and isinstance(value, int):
        return f"{Decimal(value) / 100:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _match(match: Match) -> dict[str, Any]:
    policy = match.policy
    held = [each for each in match.conditions if each.met is not False]
    return {
        "label": policy.label,
        "url": f"/policies/{policy.code}/",
        "support": policy.support,
        "issuer": issuer_name(policy.issuer, policy.region),
        "apply_url": _apply_url(policy, _today()) if match.outcome == "yes" else "",
        "benefit": bool(policy.benefit) and not policy.item,
        "unmet": match.unmet,
        "missing": match.missing,
        "failed": match.outcome == "failed",
        "why": {
            "title": "为什么",
            "steps": [f"{each.text}{f'（{each.source}）' if each.source else ''}" for each in (*held, *_unmet(match))],
            "rule": {
                "label": match.rule_label or match.rule,
                "version": match.rule_version,
                "effective_date": date.fromisoformat(match.effective_from) if match.effective_from else None,
                "source": match.legal_source,
            },
            "contest": _CONTEST,
        },
    }


def _unmet(match: Match) -> list[Any]:
    return [condition for condition in match.conditions if condition.met is False]


def _reading(reading: Reading | None) -> list[dict[str, Any]]:
    """Questions with what answers them; statements that follow each other under one question share it."""
    asked: list[dict[str, Any]] = []
    for statement in reading.statements if reading else ():
        if not asked or asked[-1]["question"] != statement.question:
            asked.append({"question": statement.question, "statements": []})
        asked[-1]["statements"].append(statement)
    return asked


def _row(policy: Policy, on: date) -> dict[str, Any]:
    version = policy.current(on)
    return {
        "label": policy.label,
        "url": f"/policies/{policy.code}/",
        "summary": policy.summary,
        "issuer": issuer_name(policy.issuer, policy.region),
        "number": version.number,
        "tag": _tag(policy, on),
        "topics": policy.topics,
    }


def _tag(policy: Policy, on: date) -> dict[str, str]:
    status = policy.status(on)
    return {"label": STATUS_LABELS[status], "tone": _TONES[status]}


def _apply_url(policy: Policy, on: date) -> str:
    return f"/services/items/{policy.item}/apply/" if policy.item and policy.status(on) == "in_force" else ""


def _today() -> date:
    return now().astimezone(CHINA).date()


def _one_of(text: str, known: Mapping[str, str]) -> str:
    return text if text in known else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
