"""Messages that the assistant sends, whatever the processes of the pack say."""

from zhicheng.apps.assistant.operations.handing_over import HANDED_OVER
from zhicheng.core.notices.public import needed_messages

needed_messages.add(HANDED_OVER, "在线咨询转人工")
