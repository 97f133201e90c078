"""进度: where one's own case is, from its history. Strangers need number and code."""

from dataclasses import replace

from zhicheng.apps.assistant.operations.doing.tasks import sign_in_button
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.policy.plain import pairs
from zhicheng.apps.assistant.queries.casework import progress_card, row_card
from zhicheng.apps.assistant.values import Answer, Button
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, Purpose, get_case, get_case_by_secret, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.parties.values import ActorKind
from zhicheng.kit.ids import is_case_number

_SHOWN, _LOOKED = 4, 20
_WRONG = "没有找到这件事。请核对编号和查询码；用账号提交的，请登录后再问。"
_NUMBER_ONLY = (
    "为了保护隐私，查这一件还要查询码（提交时给您的八位字母数字），把编号和查询码一起发给我；用账号提交的，登录就能查。"
)
_WHO = "查自己的事，请先登录；匿名提交的，把编号和查询码一起发给我也能查。"


def show_progress(run: Run, meaning: Meaning) -> Answered:
    """Where a case is: by number and code, or among one's own."""
    answer = run.recorder.run(
        "retrieve",
        lambda: _progress(run, meaning),
        instead=lambda: Answer("failed", ("暂时查不到进度，请稍后再试。",)),
        judge=lambda made: (made.outcome, ()),
    )
    return answer, replace(run.talk, misses=0, missed="", offered=())


def _progress(run: Run, meaning: Meaning) -> Answer:
    if meaning.number:
        return _one(run, meaning)
    return _mine(run) if _is_known(run) else Answer("doing", (_WHO,), options=(sign_in_button(run.ask.conversation),))


def _is_known(run: Run) -> bool:
    return run.ask.actor.kind is ActorKind.RESIDENT and run.ask.actor.party_id is not None


def _one(run: Run, meaning: Meaning) -> Answer:
    if not is_case_number(meaning.number):
        return Answer("doing", ("这个编号不对，请再核对一遍（少了字、多了字或者看错了字母）。",))
    try:
        return _shown(run, *_details(run, meaning))
    except CaseNotFound:
        ask_code = not meaning.code and not _is_known(run)
        return Answer("doing", (_NUMBER_ONLY if ask_code else _WRONG,), options=(sign_in_button(run.ask.conversation),))


def _details(run: Run, meaning: Meaning) -> tuple[CaseDetails, bool]:
    """The case and whether it was opened by its code.

    Raises:
        CaseNotFound: it is not the asker's, and the code is missing or wrong.
    """
    if _is_known(run):
        try:
            return get_case(run.ask.actor, meaning.number, Purpose.OWN), False
        except CaseNotFound:
            if not meaning.code:
                raise
    if not meaning.code:
        raise CaseNotFound()
    return get_case_by_secret(meaning.number, meaning.code), True


def _shown(run: Run, details: CaseDetails, secret: bool) -> Answer:
    card = progress_card(details, run.ask.now, secret=secret)
    return Answer("doing", (f"「{details.row.title}」：{details.public_state}。",), cards=(card,), confidence=1.0)


def _mine(run: Run) -> Answer:
    wanted = CaseFilter(tops_only=True, order="newest")
    rows = list(list_cases(run.ask.actor, wanted, purpose=Purpose.OWN, limit=_LOOKED).rows)
    meant = _meant(run.ask.text, rows)
    if not meant:
        button = Button("我的事", url="/my/")
        return Answer(
            "doing",
            ("您名下没有查到办理中的事。",) if not rows else ("没有对得上的，您的事都在这里：",),
            options=(button,),
        )
    if len(meant) == 1:
        return _shown(run, get_case(run.ask.actor, meant[0].id, Purpose.OWN), False)
    cards = tuple(row_card(row, process_of(row.definition).states[row.state].public) for row in meant[:_SHOWN])
    more = (Button("全部", url="/my/"),) if len(meant) > _SHOWN else ()
    return Answer("doing", (f"您有 {len(meant)} 件，问的是哪一件？",), cards=cards, options=more)


def _meant(text: str, rows: list[CaseRow]) -> list[CaseRow]:
    """The cases whose title shares the most with the question; else those still open; else the newest."""
    said = pairs(text)
    scored = [(len(said & pairs(row.title)), row) for row in rows]
    best = max((score for score, _ in scored), default=0)
    if best > 0:
        return [row for score, row in scored if score == best]
    return [row for row in rows if not row.final] or rows[:1]
