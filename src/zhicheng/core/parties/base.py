"""What may be plugged into parties: doors of sign-in codes, identity and the company register; others' sealed rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from zhicheng.core.parties.values.identities import IdentityClaim


class CodeSender(Protocol):
    """Takes a message to a telephone. Raises `CodeNotSent` when the provider refuses it."""

    def __call__(self, to: str, text: str, *, now: datetime) -> None:
        """Hand the message over; return when the provider has taken it."""


# Re-seals up to a number of another package's rows under the key with this id; how many are still under another key.
Reseal = Callable[[int, int], int]


class ProofOutcome(Enum):
    """What a provider of identity proofs says of a claim."""

    PROVEN = "proven"
    NOT_MATCHING = "not_matching"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True)
class ProofAnswer:
    """An outcome; of a proven claim also how sure it is (`values.PROOF_LEVELS`)."""

    outcome: ProofOutcome
    level: str = ""


class IdentityProver(Protocol):
    """Says whether a name and an ID number belong together, and to whoever asks. Raises nothing: see the outcomes."""

    label: str

    def prove(self, claim: IdentityClaim, *, now: datetime) -> ProofAnswer:
        """Ask the provider, within a few seconds."""


@dataclass(frozen=True)
class RegisteredCompany:
    """A company as its register has it; one that is not `active` was revoked or cancelled."""

    uscc: str
    name: str
    active: bool = True


class CompanyRegister(Protocol):
    """Says of which companies a person is the legal representative. Raises nothing."""

    def companies_of(self, claim: IdentityClaim, *, now: datetime) -> Sequence[RegisteredCompany] | None:
        """All of them, of a proven person; None where the register does not answer."""
