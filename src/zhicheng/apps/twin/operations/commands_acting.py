"""Acts: a case or a task is drafted first and made only when somebody says yes."""

from dataclasses import dataclass
from datetime import datetime

from zhicheng.apps.twin.errors.commands import CommandRefused, CommandUnusable
from zhicheng.apps.twin.queries.commands_asking import run_command
from zhicheng.apps.twin.values.commands import Answer, Draft, Scene, Understood
from zhicheng.core.cases.public import earlier_case, new_case, store_case
from zhicheng.core.cases.values import CaseDraft, OpenedCase
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.engines.commands.values import Act

PROCESS = "task"
MAY = ("cases.triage", "cases.supervise")
_MOST_KEYS = 500


@dataclass(frozen=True)
class Yes:
    """What somebody agreed to, over what their map showed. `unit` and `text` may differ from the draft.

    `key` makes it happen once: said again, it gets the case that was made.
    """

    understood: Understood
    unit: str
    text: str
    key: IdempotencyKey | None = None
    scene: Scene | None = None


def draft_act(answer: Answer, *, actor: Actor) -> Draft:
    """What an understood act would do.

    Raises:
        CommandRefused: the actor may not give tasks.
        CommandUnusable: the command is no such act, or its answer is empty.
    """
    understood, command = answer.understood, answer.command
    if command is None or command.act not in (Act.CASE, Act.TASK):
        raise CommandUnusable(why="这个问题不要求建工单或派任务。")
    if not actor.permissions & set(MAY):
        raise CommandRefused(what="派任务、建工单")
    count = int(answer.total or 0)
    if not count:
        raise CommandUnusable(why="没有符合条件的对象，不需要派任务。")
    unit = command.unit or _own_unit(actor)
    what = understood.sentence.split("，")[0]
    title = f"{command.task or '处理'}：{what}（{count}）"
    text = f"请{command.task or '核实处理'}以下{count}个对象：{what}。"
    return Draft(command, understood.sentence, title[:200], unit, unit_label(unit), text, count)


def do_act(yes: Yes, *, actor: Actor, now: datetime) -> OpenedCase:
    """Make the case. What it is about is asked again, so that it is as of now.

    Raises:
        CommandRefused: the actor may not.
        CommandUnusable: nothing is found any more, or there is no such unit.
        QueryTooSlow: asking took too long.
        IdempotencyKeyReused: the key came before with something else.
    """
    if (earlier := earlier_case(yes.key, now)) is not None:
        return earlier
    answer = run_command(yes.understood, actor=actor, now=now, scene=yes.scene)
    draft = draft_act(answer, actor=actor)
    tree = get_unit_tree()
    if yes.unit not in tree or tree.get(yes.unit).ended_date is not None:
        raise CommandUnusable(why="没有这个单位，请从名单里选择。")
    facts = {
        "question": yes.understood.text[:200],
        "sentence": yes.understood.sentence[:600],
        "table": draft.command.table,
        "count": draft.count,
        "keys": list(answer.keys[:_MOST_KEYS]),
        "text": yes.text[:2000],
    }
    case = CaseDraft(process=PROCESS, unit=yes.unit, title=draft.title, facts=facts, creator=actor.account_id)
    return store_case(new_case(case, actor, now), key=yes.key, now=now)


def unit_label(code: str) -> str:
    """A unit's name; its code where it is unknown."""
    tree = get_unit_tree()
    return tree.get(code).name if code in tree else code


def _own_unit(actor: Actor) -> str:
    grant = next((grant for grant in actor.grants if grant.permissions & set(MAY)), None)
    return grant.unit if grant else ""
