"""演示: the embedded company register reads the file that the simulator writes for the companies of a demo city."""

from collections.abc import Sequence
from datetime import datetime

from zhicheng.core.parties.base import RegisteredCompany
from zhicheng.core.parties.operations.demo_proofs import demo_companies_of
from zhicheng.core.parties.values.identities import IdentityClaim


class DemoCompanyRegister:
    """Companies by the keyed hash of their legal representative's ID number."""

    def companies_of(self, claim: IdentityClaim, *, now: datetime) -> Sequence[RegisteredCompany] | None:
        """Those of the file; None where there is none."""
        del now
        return demo_companies_of(claim.id_number)
