"""The broker's process: writes the settings of the NATS server, then becomes it; see `brokering`."""

import os
import signal

from zhicheng.config.processes.brokering import prepare_server
from zhicheng.config.processes.lifeline import die_with_parent


def main() -> None:
    """Become the server: its signals, its log and its end are those of this process."""
    if "ZHICHENG_SUPERVISED" in os.environ:
        die_with_parent(signal.SIGTERM)
    command = prepare_server()
    os.execv(command[0], command)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()
