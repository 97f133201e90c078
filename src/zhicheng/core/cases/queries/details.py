"""One case in full: clocks, history, children, files, what the actor may do now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.gate import COLUMNS, case_row, process_of
from zhicheng.core.cases.gate.acting import act_context
from zhicheng.core.cases.models import Attachment, Case, ClockRow, HistoryRow
from zhicheng.core.cases.policy import Concern, capacities
from zhicheng.core.cases.queries.joined import joined_answers
from zhicheng.core.cases.queries.paging import row_of
from zhicheng.core.cases.queries.visibility import RELEASED, Purpose, find_by_secret, find_visible, visible_cases
from zhicheng.core.cases.values import AttachmentInfo, CaseRow, HistoryItem
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.engines.statetable.definition import Action, Process
from zhicheng.engines.statetable.transition import CaseState, available_actions


@dataclass(frozen=True)
class CaseDetails:
    """Everything a case page shows. `held` are the actor's capacities."""

    row: CaseRow
    process: Process
    clocks: Sequence[Clock]
    history: Sequence[HistoryItem]
    attachments: Sequence[AttachmentInfo]
    children: Sequence[CaseRow]
    parent: CaseRow | None
    actions: Sequence[Action]
    held: frozenset[str]

    @property
    def state_label(self) -> str:
        """The state in officials' words."""
        return self.process.states[self.row.state].label

    @property
    def public_state(self) -> str:
        """The state in the requester's words."""
        return self.process.states[self.row.state].public


def get_case(actor: Actor, case: UUID | str, purpose: Purpose = Purpose.ANY) -> CaseDetails:
    """A case that concerns the actor.

    Raises:
        CaseNotFound: there is none, or it does not concern the actor.
    """
    found = find_visible(actor, case, purpose)
    return _details(found, actor, _held(found, actor))


def get_case_by_secret(number: str, code: str) -> CaseDetails:
    """A case for whoever knows its number and secret code: seen as its requester sees it.

    Raises:
        CaseNotFound: number and code do not belong together.
    """
    return _details(find_by_secret(number, code), None, frozenset({"requester"}))


def get_case_as_requester(case_id: UUID) -> CaseDetails:
    """A case for the bearer of a link whose signature the edge has checked.

    Raises:
        CaseNotFound: there is none.
    """
    found = Case.objects.filter(pk=case_id).first()
    if found is None:
        raise CaseNotFound()
    return _details(found, None, frozenset({"requester"}))


def list_children(case_id: UUID) -> list[CaseRow]:
    """The child cases of a case, in the order of their opening, without asking who looks: for apps' own operations."""
    return [row_of(child) for child in Case.objects.filter(parent_id=case_id).order_by("opened_at", "id")]


def get_row(case_id: UUID) -> CaseRow:
    """The bare row of a case, without asking who looks: for receivers and for apps inside their own operations.

    Plain SQL: every event of every case comes by here.

    Raises:
        CaseNotFound: there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM cases_case c WHERE c.id = %s", (case_id,))
        found = cursor.fetchone()
    if found is None:
        raise CaseNotFound()
    return case_row(found)


def list_numbers(case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Numbers of cases: for the audit's pages, which show references, not cases."""
    return dict(Case.objects.filter(pk__in=list(case_ids)).values_list("pk", "number"))


def visible_numbers(actor: Actor, numbers: Iterable[str]) -> set[str]:
    """Those of some numbers whose cases concern the actor: a link to another one would lead nowhere."""
    wanted = list(numbers)
    if not wanted:
        return set()
    return set(visible_cases(actor, Purpose.ANY).filter(number__in=wanted).values_list("number", flat=True))


def find_open_by_number(number: str, process: str) -> CaseRow | None:
    """The open case of a process with a number, or None; shows nothing personal."""
    found = Case.objects.filter(number=number.strip().upper(), process=process, final=False).first()
    return row_of(found) if found else None


def find_open_visible(actor: Actor, number: str) -> CaseRow | None:
    """The open case with a number if it concerns the actor; None for one that does not exist as for somebody else's."""
    try:
        found = find_visible(actor, number)
    except CaseNotFound:
        return None
    return None if found.final else row_of(found)


def get_attachment(
    actor: Actor | None, attachment_id: UUID, *, proof_case: UUID | None = None
) -> tuple[AttachmentInfo, str]:
    """A file's description and digest, for whoever may see its case.

    `proof_case` is a case to which the edge has verified the requester's access; then only public files and the
    requester's own are shown.

    Raises:
        CaseNotFound: there is no such file, or it does not concern the actor.
    """
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None:
        raise CaseNotFound()
    if found.case_id is None:
        allowed = actor is not None and actor.account_id is not None and found.owner == actor.ref
    elif proof_case is not None and proof_case == found.case_id:
        allowed = found.public
    else:
        allowed = actor is not None and _may_see(actor, found)
    if not allowed:
        raise CaseNotFound()
    return attachment_of(found), found.sha256


def attachment_of(row: Attachment) -> AttachmentInfo:
    """A model row as a typed value."""
    return AttachmentInfo(
        row.id,
        row.name,
        row.media_type,
        row.size_bytes,
        row.width_px,
        row.height_px,
        row.created_at,
        row.owner,
        row.public,
    )


def _may_see(actor: Actor, attachment: Attachment) -> bool:
    case = visible_cases(actor, Purpose.ANY).filter(pk=attachment.case_id or UUID(int=0)).first()
    if case is None:
        return False
    only_requester = _held(case, actor) <= {"requester", "creator"}
    return attachment.public or not only_requester


def _held(case: Case, actor: Actor) -> frozenset[str]:
    parent_unit = case.parent.unit_id if case.parent else ""
    children = Case.objects.filter(parent_id=case.pk).exclude(RELEASED).values_list("unit_id", flat=True)
    concern = Concern(case.unit_id, case.requester_id, case.creator_id, parent_unit, frozenset(children))
    return capacities(actor, concern, get_unit_tree())


def _details(case: Case, actor: Actor | None, held: frozenset[str]) -> CaseDetails:
    row, process = row_of(case), process_of(case.definition)
    clocks = [clock_of(stored) for stored in ClockRow.objects.filter(case_id=case.pk).order_by("id")]
    children = [row_of(child) for child in Case.objects.filter(parent_id=case.pk).order_by("opened_at")]
    official = bool(held - {"requester", "creator"})
    history = HistoryRow.objects.filter(case_id=case.pk).order_by("version", "at", "id")
    files = Attachment.objects.filter(case_id=case.pk).order_by("created_at")
    if not official:
        history, files = history.filter(public=True), files.filter(public=True)
    return CaseDetails(
        row=row,
        process=process,
        clocks=clocks,
        history=_whole_history(map(_history_item, history), () if official else joined_answers(row)),
        attachments=[attachment_of(stored) for stored in files],
        children=children if official else (),
        parent=_parent_for(actor, case) if official else None,
        actions=_actions(row, process, clocks, children, actor, held),
        held=held,
    )


def _parent_for(actor: Actor | None, case: Case) -> CaseRow | None:
    """The parent, for whom it concerns, too."""
    if actor is None or case.parent is None:
        return None
    if not visible_cases(actor, Purpose.ANY).filter(pk=case.parent.pk).exists():
        return None
    return row_of(case.parent)


def _whole_history(own: Iterable[HistoryItem], joined: Sequence[HistoryItem]) -> list[HistoryItem]:
    """A case's own history, and behind it or between it what the case it was joined to was answered."""
    return sorted([*own, *joined], key=lambda item: item.at) if joined else list(own)


def _actions(  # noqa: PLR0913
    row: CaseRow,
    process: Process,
    clocks: Sequence[Clock],
    children: Sequence[CaseRow],
    actor: Actor | None,
    held: frozenset[str],
) -> list[Action]:
    state = CaseState(row.state, row.unit, row.facts, clocks, row.title)
    open_children = sum(1 for child in children if not child.final)
    context: dict[str, Any] = {"open_children": open_children}
    if actor is not None:
        context |= act_context(row, actor)
    return available_actions(process, state, held, context)


def _history_item(row: HistoryRow) -> HistoryItem:
    return HistoryItem(
        row.at,
        row.kind,
        row.action,
        row.label,
        row.actor,
        row.from_state,
        row.to_state,
        row.from_unit,
        row.to_unit,
        row.input,
        row.rule,
        row.public,
    )


def clock_of(row: ClockRow) -> Clock:
    """A model row as the engine's value."""
    return Clock(
        code=row.code,
        round=row.round,
        calendar=row.calendar,
        limit=row.allowance,
        state=row.state,  # type: ignore[arg-type]  # a text column holding the engine's literal
        started_at=row.started_at,
        run_from=row.run_from,
        remaining_s=row.remaining_s,
        total_s=row.total_s,
        due_at=row.due_at,
        next_fire_at=row.next_fire_at,
        stage=row.stage,
        ended_at=row.ended_at,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason,
    )
