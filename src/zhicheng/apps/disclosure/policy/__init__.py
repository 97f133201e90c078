"""Pure decisions of disclosure: what an answer says, how a year is counted."""

from zhicheng.apps.disclosure.policy.answers import answer_of, decision_faults
from zhicheng.apps.disclosure.policy.reporting import Counted, count_year

__all__ = ["Counted", "answer_of", "count_year", "decision_faults"]
