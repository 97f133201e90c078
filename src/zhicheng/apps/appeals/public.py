"""The only door to appeals."""

from zhicheng.apps.appeals.operations.learning import train_from_pack
from zhicheng.apps.appeals.operations.submit import MOST_PHOTOS, PROCESS, check_draft, submit_appeal
from zhicheng.apps.appeals.operations.support import support_appeal
from zhicheng.apps.appeals.policy.wording import LONGEST
from zhicheng.apps.appeals.queries.appeals import get_appeal
from zhicheng.apps.appeals.queries.directory import get_taxonomy
from zhicheng.apps.appeals.queries.levels import service_levels, today_numbers
from zhicheng.apps.appeals.queries.understanding import CLASSIFIER, alike_of, assist_unit_of, find_alike, understand

__all__ = [
    "CLASSIFIER",
    "LONGEST",
    "MOST_PHOTOS",
    "PROCESS",
    "alike_of",
    "assist_unit_of",
    "check_draft",
    "find_alike",
    "get_appeal",
    "get_taxonomy",
    "service_levels",
    "submit_appeal",
    "support_appeal",
    "today_numbers",
    "train_from_pack",
    "understand",
]
