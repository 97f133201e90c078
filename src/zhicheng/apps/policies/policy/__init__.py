"""Pure decisions of policies: the library, what changed between versions, the order of matches, figures of a text."""

from zhicheng.apps.policies.policy.comparing import compare_versions
from zhicheng.apps.policies.policy.figures import missing_figures
from zhicheng.apps.policies.policy.library import Library
from zhicheng.apps.policies.policy.ranking import rank_matches

__all__ = ["Library", "compare_versions", "missing_figures", "rank_matches"]
