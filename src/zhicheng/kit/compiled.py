"""Functions compiled to machine code at their first call and kept on disk."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def compiled(kernel: _Kernel) -> _Kernel:
    """A loop over numpy arrays, compiled; it runs without the lock of the interpreter and must not touch other objects.

    What was compiled is kept beside the source, or in NUMBA_CACHE_DIR.
    """
    return cast("_Kernel", njit(kernel, cache=True, nogil=True))
