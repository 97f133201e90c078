"""Tables of parties, one aggregate a file. Reached only from inside this package."""

from zhicheng.core.parties.models.accounts import Account, AccountSession
from zhicheng.core.parties.models.consents import Consent, ConsentUse
from zhicheng.core.parties.models.grants import Role, RoleGrant
from zhicheng.core.parties.models.identities import IdentityProof
from zhicheng.core.parties.models.memberships import Membership
from zhicheng.core.parties.models.parties import Party
from zhicheng.core.parties.models.signin import ApiKey, SignInThrottle, SmsCode
from zhicheng.core.parties.models.units import Unit

__all__ = [
    "Account",
    "AccountSession",
    "ApiKey",
    "Consent",
    "ConsentUse",
    "IdentityProof",
    "Membership",
    "Party",
    "Role",
    "RoleGrant",
    "SignInThrottle",
    "SmsCode",
    "Unit",
]
