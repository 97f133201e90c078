"""Tables of the assistant."""

from zhicheng.apps.assistant.models.conversation import ConversationRecord, TurnRecord

__all__ = ["ConversationRecord", "TurnRecord"]
