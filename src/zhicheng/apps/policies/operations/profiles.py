"""Keeping a profile: checked against the columns that rules read, sealed, one for each kind of entity."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhicheng.apps.policies.errors import ProfileNeedsAccount
from zhicheng.apps.policies.models import PolicyProfile
from zhicheng.apps.policies.queries.library import get_library
from zhicheng.apps.policies.queries.profiles import list_questions, open_answers, seal_answers
from zhicheng.apps.policies.values import FactValue, ProfileQuestion
from zhicheng.core.parties.errors import OutsideMandate
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text

_MOST = Decimal(10) ** 15


def questions_for(entity: str, on: date) -> list[ProfileQuestion]:
    """What the policies in force ask about an entity."""
    return list_questions(entity, [policy.rule for policy in get_library().with_rules(entity, on)])


def save_profile(entity: str, given: Mapping[str, str], *, actor: Actor, now: datetime) -> int:
    """Keep one's own answers, all anew; what is empty is not known. Returns how many were kept.

    Raises:
        ProfileNeedsAccount: nobody is signed in.
        OutsideMandate: the company does not let its agent do this.
        FieldErrors: an answer cannot be right; nothing is stored.
    """
    if actor.party_id is None:
        raise ProfileNeedsAccount()
    if not actor.may("policies"):
        raise OutsideMandate(act="填写企业情况")
    questions = questions_for(entity, now.astimezone(CHINA).date())
    answers, errors = _read(questions, given, now)
    if errors:
        raise FieldErrors(errors)
    with transaction.atomic():
        row = PolicyProfile.objects.select_for_update().filter(party_id=actor.party_id, entity=entity).first()
        row_id = row.pk if row else uuid7(now)
        columns = {**seal_answers(row_id, answers), "updated_at": now, "id": row_id}
        PolicyProfile.objects.update_or_create(party_id=actor.party_id, entity=entity, defaults=columns)
    return len(answers)


def reseal_profiles(current: int, batch: int) -> int:
    """Re-seal up to `batch` profiles under the current key; how many are still under another."""
    old = PolicyProfile.objects.filter(Q(key_id__lt=current) | Q(key_id__gt=current))
    with transaction.atomic():
        for row in old.select_for_update(skip_locked=True).order_by("id")[:batch]:
            PolicyProfile.objects.filter(pk=row.pk).update(**seal_answers(row.pk, open_answers(row)))
    return old.count()


def _read(
    questions: list[ProfileQuestion], given: Mapping[str, str], now: datetime
) -> tuple[dict[str, FactValue], dict[str, list[str]]]:
    answers: dict[str, FactValue] = {}
    errors: dict[str, list[str]] = {}
    for question in questions:
        text = clean_text(given.get(question.code, ""))
        if not text:
            continue
        try:
            answers[question.code] = _READERS[question.type](question, text, now)
        except ValueError as error:
            errors[question.code] = [str(error)]
    return answers, errors


def _boolean(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    return _chosen(question, text) == "true"


def _choice(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    chosen = _chosen(question, text)
    return int(chosen) if all(code.isdigit() for code in question.choices) else chosen


def _chosen(question: ProfileQuestion, text: str) -> str:
    if text not in question.choices:
        raise ValueError(f"{question.label}请从列出的选项里选择")
    return text


def _integer(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    number = _number(question, text)
    if number != number.to_integral_value():
        raise ValueError(f"{question.label}要填整数")
    return int(number)


def _decimal(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    return _number(question, text)


def _money(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    cents = _number(question, text) * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{question.label}最多写到分")
    return int(cents)


def _number(question: ProfileQuestion, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(f"{question.label}要填数字") from None
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise ValueError(f"{question.label}不能是负数，也不能这么大")
    return number


def _date(question: ProfileQuestion, text: str, now: datetime) -> FactValue:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{question.label}请写成 2020-01-31 这样的日期") from None
    if not date(1900, 1, 1) <= day <= now.astimezone(CHINA).date():
        raise ValueError(f"{question.label}不能晚于今天，也不能早于 1900 年")
    return day


def _text(question: ProfileQuestion, text: str, _now: datetime) -> FactValue:
    if len(text) > 60:
        raise ValueError(f"{question.label}请控制在 60 个字以内")
    return text


_READERS: dict[str, Any] = {
    "boolean": _boolean,
    "choice": _choice,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _date,
    "text": _text,
}
