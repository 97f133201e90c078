"""Tables of rules: bulk runs. Definitions are pinned by packs; results lie in the lake."""

from zhicheng.core.rules.models.run import RuleRun

__all__ = ["RuleRun"]
