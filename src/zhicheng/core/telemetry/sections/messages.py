"""Messages that telemetry sends, whatever the processes of the pack say."""

from zhicheng.core.notices.public import needed_messages
from zhicheng.core.telemetry.operations.alarms.opening import MESSAGE


def register_messages() -> None:
    """Tell what an alarm says to the unit that has to act."""
    if MESSAGE not in needed_messages:
        needed_messages.add(MESSAGE, "设备告警交责任单位")
