"""What a device may do at the broker."""

import structlog
from django.db import Error, connection

from zhicheng.core.telemetry.gate.passwords import may_connect

_log = structlog.get_logger("zhicheng.broker")
_SENSORTHINGS = "sta"  # d1+sta: the device d1, which publishes under the topics of SensorThings
_STREAMS = (
    "SELECT d.id FROM telemetry_datastream d JOIN telemetry_thing t ON t.id = d.thing_id "
    "WHERE t.key = %s AND t.state = 'active' ORDER BY d.id"
)


def subjects_for(user: str, password: str) -> list[str] | None:
    """The subjects under which a connection may publish and subscribe; None where it may not connect.

    A device has its own topic without any look-up. Only one that says so gets the topics of its datastreams as well,
    which asks the database.
    """
    device, _, way = user.partition("+")
    if way not in {"", _SENSORTHINGS} or not may_connect(device, password):
        return None
    own = [f"zc.v1.{device}.>"]
    if not way:
        return own
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STREAMS, [device])
            streams = [int(number) for (number,) in cursor.fetchall()]
    except Error as error:
        _log.warning("the database is away: the device has to come again", error=str(error)[:200])
        connection.close()
        return None
    return own + [f"v1//1.Datastreams({number}).Observations" for number in streams]  # NATS writes a topic's dot so
