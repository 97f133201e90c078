"""Messages that code names, and the placeholders that only they have."""

from zhicheng.apps.benefits.operations.telling import FAILED, GRANTED, RECLAIM
from zhicheng.core.notices.public import needed_messages, placeholders

placeholders.add("amount", "金额")
needed_messages.add(GRANTED, "免申即享：有补贴发给您")
needed_messages.add(FAILED, "免申即享：补贴支付失败")
needed_messages.add(RECLAIM, "免申即享：有补贴需要退回")
