"""The part of a pack that policies read, and the message that they send."""

from zhicheng.apps.policies.sections import messages, policies, readings

__all__ = ["messages", "policies", "readings"]
