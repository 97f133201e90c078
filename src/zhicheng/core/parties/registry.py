"""The registered code senders and identity provers, and sealed rows.

`settings.CODE_SENDER` and `settings.IDENTITY_PROVER` name the one in use; `file` and `demo` unless set.

A package above that seals fields with the personal-data key registers how its rows follow a rotation: the old key is
retired only when none of them needs it.
"""

from zhicheng.core.parties.base import CodeSender, IdentityProver, Reseal
from zhicheng.kit.registry import Registry

code_senders: Registry[CodeSender] = Registry("code sender")
identity_provers: Registry[IdentityProver] = Registry("identity prover")
sealed_rows: Registry[Reseal] = Registry("sealed rows")
