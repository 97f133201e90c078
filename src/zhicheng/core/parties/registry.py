"""The registered code senders, identity provers and company registers, and sealed rows.

`settings.CODE_SENDER`, `IDENTITY_PROVER` and `COMPANY_REGISTER` name the one in use; `file`, `demo`, `demo` unless set.

A package above that seals fields with the personal-data key registers how its rows follow a rotation: the old key is
retired only when none of them needs it.
"""

from zhicheng.core.parties.base import CodeSender, CompanyRegister, IdentityProver, Reseal
from zhicheng.kit.registry import Registry

code_senders: Registry[CodeSender] = Registry("code sender")
identity_provers: Registry[IdentityProver] = Registry("identity prover")
company_registers: Registry[CompanyRegister] = Registry("company register")
sealed_rows: Registry[Reseal] = Registry("sealed rows")
