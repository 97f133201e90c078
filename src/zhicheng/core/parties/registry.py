"""The registered code senders. `settings.CODE_SENDER` names the one in use; `file` unless set."""

from zhicheng.core.parties.base import CodeSender
from zhicheng.kit.registry import Registry

code_senders: Registry[CodeSender] = Registry("code sender")
