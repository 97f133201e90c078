"""The registered code senders (`settings.CODE_SENDER` names the one in use; `file` unless set), and sealed rows.

A package above that seals fields with the personal-data key registers how its rows follow a rotation: the old key is
retired only when none of them needs it.
"""

from zhicheng.core.parties.base import CodeSender, Reseal
from zhicheng.kit.registry import Registry

code_senders: Registry[CodeSender] = Registry("code sender")
sealed_rows: Registry[Reseal] = Registry("sealed rows")
