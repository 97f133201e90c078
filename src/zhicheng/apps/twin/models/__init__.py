"""Tables of the twin."""

from zhicheng.apps.twin.models.applications import TwinApplication
from zhicheng.apps.twin.models.commands import AskedQuestion, WatchedQuestion
from zhicheng.apps.twin.models.services import ServiceCalls, ServiceQuota

__all__ = ["AskedQuestion", "ServiceCalls", "ServiceQuota", "TwinApplication", "WatchedQuestion"]
