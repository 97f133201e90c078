"""Lets devices in at the broker: makes the stream that keeps what they send, then answers who may connect.

A thread of the collector: it needs what the collector has loaded, and little time. While it is away nobody new gets in;
who is connected stays, and what they send is kept by the broker.
"""

import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog

from zhicheng.config import environment
from zhicheng.config.processes.brokering import COLLECTOR, DOORKEEPER, Listening, find_broker, own_signer, say_open
from zhicheng.config.processes.callout import LIFE_S, SUBJECT, answer
from zhicheng.core.telemetry.errors import BrokerAway
from zhicheng.core.telemetry.public import BrokerConnection, ensure_stream, subjects_for

_log = structlog.get_logger("zhicheng.broker")
_RETRY_S, _WAIT_S = 0.1, 0.5
_MIB = 1024 * 1024


class Doorkeeper(threading.Thread):
    """Answers the broker of one home until the process ends."""

    def __init__(self, home: Path) -> None:
        super().__init__(name="doorkeeper", daemon=True)
        self._home = home
        self._signer = own_signer()
        self._life_s = environment.integer("ZHICHENG_DEVICE_CONNECTION_S", LIFE_S)
        self._most_bytes = environment.integer("ZHICHENG_BROKER_MIB", 0) * _MIB or -1

    def run(self) -> None:
        """Connect, answer, and connect again when the server hangs up."""
        while True:
            if listening := find_broker(self._home):
                with suppress(BrokerAway):  # not there yet, or gone: the supervisor starts it again
                    self._serve(listening)
            time.sleep(_RETRY_S)

    def _serve(self, listening: Listening) -> None:
        with BrokerConnection(listening.nats_url(DOORKEEPER)) as connection:
            ensure_stream(listening.nats_url(COLLECTOR), most_bytes=self._most_bytes)
            connection.subscribe(SUBJECT, 1)
            say_open(self._home, listening)
            _log.info("devices are let in", mqtt=f"{listening.host}:{listening.mqtt_port}")
            while True:
                self._answer_all(connection)

    def _answer_all(self, connection: BrokerConnection) -> None:
        found = connection.wait(_WAIT_S)
        if found is None:
            return
        for row in found.rows:
            request = found.data[row[2] : row[3]].tobytes()
            line = found.data[: row[6]].tobytes().rpartition(SUBJECT.encode())[2].split()
            connection.publish(line[1].decode(), answer(request, self._signer, subjects_for, life_s=self._life_s))
