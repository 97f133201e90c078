"""The message that a fitting policy sends."""

from zhicheng.apps.policies.operations.pushing import MESSAGE
from zhicheng.core.notices.public import needed_messages

needed_messages.add(MESSAGE, "告知适合的政策")
