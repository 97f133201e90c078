"""A photo sent into a conversation: a material of the form under way, read like any other upload."""

from datetime import datetime
from uuid import UUID

from zhicheng.apps.assistant.errors import ConversationBusy
from zhicheng.apps.assistant.operations.doing.filling import resume
from zhicheng.apps.assistant.operations.doing.submitting import open_slots
from zhicheng.apps.assistant.operations.doing.tasks import FILL
from zhicheng.apps.assistant.operations.running import Run
from zhicheng.apps.assistant.operations.turns import Said, store_reply
from zhicheng.apps.assistant.queries.conversations import open_content, own_record
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import Ask, Attach, Reply, Talk, Turn
from zhicheng.core.forms.public import add_document, find_material, get_draft
from zhicheng.core.forms.values import Document, Draft, NewDocument
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors

_NO_FORM = "现在没有在填申请表。先告诉我要办哪件事，开始填以后再传照片。"
_ENOUGH = "这份申请的材料已经齐了。要换一张，请打开表单的材料页。"


def attach(command: Attach, *, actor: Actor, now: datetime) -> Turn:
    """Keep a photo for the form under way, and say what it is taken for.

    Raises:
        ConversationNotFound: there is no such conversation of the owner.
        FieldErrors: nothing is being filled in, or no material is open.
        MaterialRefused, FileRefused, FileTooLarge: the file cannot be taken.
        ConversationBusy: messages came in between.
    """
    record = own_record(command.conversation, command.owner)
    title, talk = open_content(record)
    if talk.task != FILL:
        raise FieldErrors({"photo": [_NO_FORM]})
    ask = Ask("", actor, command.owner, now, channel=record.channel, conversation=record.id)
    document, label = _keep(command, ask, talk)
    run = Run(ask, talk, get_terms())
    reading = "正在读，读好了我把认出的内容填进去。" if document.state == "waiting" else ""
    answer, remembered = resume(run, f"收到《{label}》。{reading}")
    reply = Reply(answer, remembered, tuple(run.recorder.records), FILL)
    stored = store_reply(record, Said(f"（照片：{label}）", title, ""), reply, now)
    if stored is None:
        raise ConversationBusy()
    return stored


def _keep(command: Attach, ask: Ask, talk: Talk) -> tuple[Document, str]:
    draft = get_draft(UUID(talk.memory["draft"]), owner=command.owner, now=ask.now)
    material = command.material or _first_open(draft, ask)
    new = NewDocument(draft.id, material, command.name, command.content)
    document = add_document(new, owner=command.owner, now=ask.now)
    found = find_material(material)
    return document, found.label if found else material


def _first_open(draft: Draft, ask: Ask) -> str:
    slots = open_slots(draft, ask)
    if not slots:
        raise FieldErrors({"photo": [_ENOUGH]})
    return slots[0].type.code
