"""The work list of knowledge: what was not answered, rated badly or answered by a person becomes a case.

The same question, asked again, is counted where it stands.
"""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import F

from zhicheng.apps.assistant.models import Proposal
from zhicheng.apps.assistant.queries.centre import centre_unit
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import NewEntry
from zhicheng.core.cases.errors import ProcessUnknown
from zhicheng.core.cases.public import get_case, new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.knowledge.public import mask_personal, put_documents
from zhicheng.core.knowledge.values import DocumentText
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import system_actor
from zhicheng.engines.text.similarity import fingerprint, likeness
from zhicheng.kit.clock import CHINA
from zhicheng.kit.sqltext import insert_rows

PROCESS = "knowledge_entry"
UNANSWERED, RATED, CLERK = "unanswered", "rated", "clerk"
PROVIDER = "clerk"
_SAME, _LOOKED, _SHORTEST = 0.75, 300, 4
_fingerprint = lru_cache(4 * _LOOKED)(fingerprint)


def propose_entry(entry: NewEntry, *, now: datetime) -> UUID | None:
    """Put a question on the work list, or count it where it stands there already; its case.

    None where it is too short to be one, or the city keeps no such list.
    """
    text = mask_personal(entry.question).strip()[:300]
    unit = centre_unit(get_terms())
    if len(text) < _SHORTEST or not unit:
        return None
    known = _same(text)
    if known is not None:
        changes = {
            "asked": F("asked") + 1,
            **({"answer": mask_personal(entry.answer)} if entry.origin == CLERK else {}),
        }
        Proposal.objects.filter(pk=known).update(**changes)
        return known
    try:
        case = new_case(CaseDraft(process=PROCESS, unit=unit, title=text[:120]), system_actor("assistant"), now)
    except ProcessUnknown:
        return None
    row = {
        "case_id": case.id,
        "question": text,
        "answer": mask_personal(entry.answer)[:4000],
        "origin": entry.origin,
        "document": entry.document[:120],
        "department": entry.department[:40],
        "asked": 1,
        "open": True,
    }
    store_case(case, extra=[insert_rows("proposal", "assistant_proposal", [row])], now=now)
    return case.id


def publish_entry(case_id: UUID, now: datetime) -> None:
    """Put a confirmed entry into knowledge, or close one that was dropped. Idempotent."""
    details = get_case(system_actor("assistant"), case_id)
    Proposal.objects.filter(pk=case_id).update(open=not details.row.final)
    said = next((item for item in reversed(details.history) if item.action == "confirm"), None)
    if said is None or details.row.state != "published":
        return
    tree, proposal = get_unit_tree(), Proposal.objects.get(pk=case_id)
    unit = tree.get(details.row.unit).name if details.row.unit in tree else details.row.unit
    day = said.at.astimezone(CHINA).date()
    also = (proposal.question,) if proposal.question != said.input["question"] else ()
    document = DocumentText(
        code=f"faq:clerk.{details.row.number.lower()}",
        kind="faq",
        title=str(said.input["question"]),
        also=also,
        sections=(((), str(said.input["text"])),),
        source=f"{said.input.get('source') or '工作人员答复'}（{unit}{day:%Y年%m月}确认）",
        valid_from=day,
        refs={"department": (proposal.department,)} if proposal.department else {},
    )
    put_documents(PROVIDER, [document], now=now, is_complete=False)


def _same(text: str) -> UUID | None:
    """The open proposal of the same question."""
    wanted = _fingerprint(text)
    rows = Proposal.objects.filter(open=True).order_by("-asked").values_list("pk", "question")[:_LOOKED]
    return next((case for case, question in rows if likeness(wanted, _fingerprint(question)) >= _SAME), None)
