"""A chat model may put a question in other words; whether these are a query, the grammar decides."""

from dataclasses import replace
from datetime import datetime

from zhicheng.apps.twin.queries.commands_asking import understand
from zhicheng.apps.twin.queries.commands_vocabulary import current_words
from zhicheng.apps.twin.values.commands import Understood
from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.public import ask_chat, has_chat
from zhicheng.core.inference.values import ChatMessage, ChatRequest

_PURPOSE = "map_command"
_MOST = 120
_ASKED = (
    "把用户的话改写成一句查询城市地图的话，只用下面的对象和用词，不要添加用户没有说的条件，不要回答问题。"
    "改写不了就只写“无”。对象：{tables}。例句：福田区100米以上的办公楼；上周龙岗区噪音投诉最多的十个社区；"
    "离福田口岸2公里内有空位的充电站；各街道养老院数量。"
)


def understand_or_rewrite(text: str, *, now: datetime) -> Understood:
    """What a text means. Where it means nothing and there is a model, what the model's rewriting of it means.

    A rewriting that the grammar does not understand changes nothing; one that it does is shown as such.
    """
    found = understand(text, now=now)
    if found.refusal is None or found.refusal.code not in ("not_understood", "no_subject") or not has_chat():
        return found
    tables = "、".join(table.label for table in current_words().vocabulary.tables)
    messages = (ChatMessage("system", _ASKED.format(tables=tables)), ChatMessage("user", text[:_MOST]))
    try:
        said = ask_chat(ChatRequest(messages, _PURPOSE, max_tokens=_MOST), now=now).text
    except ModelFailed:
        return found
    lines = said.strip().splitlines()
    rewritten = understand(lines[0][:_MOST], now=now) if lines else found
    if rewritten.command is None:
        return found
    return replace(rewritten, notes=(f"原话没有听懂，已由模型改写为“{rewritten.text}”，请核对。",))
