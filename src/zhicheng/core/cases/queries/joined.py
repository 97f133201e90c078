"""Cases joined to another one: who made them is told what the main case is answered, and reads the answer.

A process joins a case by the fact `merged_into`, the number of the main case; an action whose `notify` names `joined`
is an answer to all that are joined, however many cases lie between.
"""

import re
from collections.abc import Sequence

from django.db import connection

from zhicheng.core.cases.gate import COLUMNS, case_row, process_of
from zhicheng.core.cases.models import Case, HistoryRow
from zhicheng.core.cases.values import CaseRow, HistoryItem
from zhicheng.core.knowledge.public import mask_personal

JOINED = "joined"
_LONGEST_CHAIN = 20
_SHOWN = frozenset({"text", "outcome"})
_ADDRESSED = re.compile(r"(?:尊敬的)?[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐|同志)")
_JOINED_TO = f"""
WITH RECURSIVE joined AS (
  SELECT id, number FROM cases_case WHERE facts ? 'merged_into' AND facts ->> 'merged_into' = %s
  UNION
  SELECT c.id, c.number FROM cases_case c JOIN joined j
  ON c.facts ? 'merged_into' AND c.facts ->> 'merged_into' = j.number
)
SELECT {COLUMNS} FROM cases_case c WHERE c.id IN (SELECT id FROM joined) ORDER BY c.id
"""


def joined_cases(number: str) -> list[CaseRow]:
    """The cases that were joined to the one with a number, directly or by way of others."""
    with connection.cursor() as cursor:
        cursor.execute(_JOINED_TO, (number,))
        return [case_row(row) for row in cursor.fetchall()]


def joined_answers(case: CaseRow) -> Sequence[HistoryItem]:
    """What the main case was answered, for the requester of a joined one; nothing that tells of the other requester.

    Shown are the words of public answers, personal data masked, and which unit gave them: no files, no person.
    """
    main = _main_of(case)
    if main is None:
        return ()
    process = process_of(main.definition)
    answers = [action.code for action in process.actions.values() if JOINED in action.notify]
    rows = HistoryRow.objects.filter(case_id=main.pk, action__in=answers, public=True).exclude(
        action__in=[action.code for action in process.actions.values() if "requester" in action.who]
    )
    return [_answer(row) for row in rows.order_by("version")]


def _main_of(case: CaseRow) -> Case | None:
    number, main = case.facts.get("merged_into"), None
    for _ in range(_LONGEST_CHAIN):
        if not number:
            break
        main = Case.objects.filter(number=number).first()
        number = main.facts.get("merged_into") if main is not None else None
    return main


def _answer(row: HistoryRow) -> HistoryItem:
    given = {name: value for name, value in row.input.items() if name in _SHOWN}
    if "text" in given:
        given["text"] = _ADDRESSED.sub("诉求人", mask_personal(str(given["text"])))
    return HistoryItem(
        at=row.at,
        kind=row.kind,
        action=row.action,
        label=f"{row.label}（合并办理）",
        actor="",
        from_state="",
        to_state="",
        from_unit=row.from_unit,
        to_unit=row.from_unit,
        input=given,
        rule="",
        public=True,
    )
