"""Pure decisions of policies: the library, what changed between versions, the order of matches."""

from zhicheng.apps.policies.policy.comparing import compare_versions
from zhicheng.apps.policies.policy.library import Library
from zhicheng.apps.policies.policy.ranking import rank_matches

__all__ = ["Library", "compare_versions", "rank_matches"]
