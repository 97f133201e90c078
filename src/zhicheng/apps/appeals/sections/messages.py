"""Messages that submitting an appeal sends, whatever the processes of the pack say."""

from zhicheng.apps.appeals.operations.submit import ASSIGNED, SUBMITTED, TO_DISPATCH
from zhicheng.core.notices.public import needed_messages

needed_messages.add(SUBMITTED, "受理诉求、告知诉求人")
needed_messages.add(ASSIGNED, "诉求自动分拨到承办单位")
needed_messages.add(TO_DISPATCH, "诉求需要人工分拨")
