"""What is under way in a conversation, and the words with which people go on or stop."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.values import Button, Talk
from zhicheng.core.packs.public import current_pack

FILL, APPEAL, AGREE, PERSON_TASK = "fill", "appeal", "agree", "person"
_STOP = re.compile(
    r"^(?:算了|取消|不(?:用|要|想)?(?:提交|投诉|反映|办|说|填)了?|退出|停|先不(?:办|说|填|投诉)了?|不提交了)$"
)
_YES = re.compile(
    r"^(?:是的?|对的?|好的?|可以|行|嗯+|同意|确认|确定|没问题|没错|ok|yes|提交吧?|(?:我)?(?:确认|同意)(?:提交|使用|查看)?|就这样提交?|确认无误)$"
)
_NO = re.compile(r"^(?:不|不是|不对|不行|不同意|不要|否|no|先不|不用)$")
SIGN_IN = "这要先知道您是谁。请先登录，登录后这次对话还在，接着说就行。"


def wants_stop(text: str) -> bool:
    """Whether a message ends what is under way."""
    return bool(_STOP.match(plain(text)))


def says_yes(text: str) -> bool:
    """Whether a message is nothing but a yes."""
    return bool(_YES.match(plain(text)))


def says_no(text: str) -> bool:
    """Whether a message is nothing but a no."""
    return bool(_NO.match(plain(text)))


def with_task(talk: Talk, task: str, memory: Mapping[str, Any]) -> Talk:
    """The conversation with a task under way."""
    return replace(talk, task=task, memory=memory, misses=0, missed="", offered=())


def without_task(talk: Talk) -> Talk:
    """The conversation with nothing under way."""
    return replace(talk, task="", memory={})


def sign_in_button(conversation: object) -> Button:
    """The way to sign in and back to the conversation."""
    return Button("登录", url=f"/signin/?next=/assistant/{conversation}/" if conversation else "/signin/")


def hotline_words() -> str:
    """The telephone, as a sentence part; empty where the city has none."""
    number = current_pack().text("hotline")
    return f"，也可以拨打 {number}" if number else ""
