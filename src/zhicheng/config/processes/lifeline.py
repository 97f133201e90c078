"""Processes that end when the one that started them is gone, however it went."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends; Linux only, elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() == 1:  # the parent was gone before the call
            os.kill(os.getpid(), number)


def dying_with_parent(number: int) -> Callable[[], None]:
    """The same as a hook that runs in a child between fork and exec."""
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)

    def hook() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)

    return hook


def run_in_child(work: Callable[[], None]) -> None:
    """Do something in a copy of this process that ends with it: nothing of it stays in memory here.

    Call it while this process has one thread only.

    Raises:
        SystemExit: it failed; it has said why.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _end_with(work)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(os.waitstatus_to_exitcode(status))


def _end_with(work: Callable[[], None]) -> NoReturn:
    """Do it, say why it failed, and end: nothing of the caller's goes on in a child."""
    code = 1
    try:
        die_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        work()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
        sys.stderr.write(f"{error.code}\n" if isinstance(error.code, str) else "")
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
