"""演示: the embedded identity prover compares with the file that the simulator writes for the people of a demo city.

Whoever knows a demo resident's name and number is believed to be them; `doctor` warns of it in production.
"""

from datetime import datetime

from zhicheng.core.parties.base import ProofAnswer, ProofOutcome
from zhicheng.core.parties.operations.demo_proofs import is_demo_proof
from zhicheng.core.parties.values.identities import IdentityClaim


class DemoProver:
    """Compares name and number with keyed hashes; there is neither a face nor a PIN."""

    label = "演示核验（与模拟人口库比对，不是真实核验）"

    def prove(self, claim: IdentityClaim, *, now: datetime) -> ProofAnswer:
        """Proven at level `demo` where the file has the pair."""
        del now
        found = is_demo_proof(claim.name, claim.id_number)
        if found is None:
            return ProofAnswer(ProofOutcome.NOT_AVAILABLE)
        return ProofAnswer(ProofOutcome.PROVEN, "demo") if found else ProofAnswer(ProofOutcome.NOT_MATCHING)
