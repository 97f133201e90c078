"""Messages that disclosure sends, whatever the processes of the pack say."""

from zhicheng.apps.disclosure.operations.consulting import ASKED_PARTY, ASKED_UNIT
from zhicheng.apps.disclosure.operations.submitting import ASSIGNED, SUBMITTED
from zhicheng.core.notices.public import needed_messages

needed_messages.add(SUBMITTED, "收到公开申请、告知申请人")
needed_messages.add(ASSIGNED, "公开申请交受理机关")
needed_messages.add(ASKED_PARTY, "就公开申请征求第三方意见")
needed_messages.add(ASKED_UNIT, "就公开申请征求其他机关意见")
