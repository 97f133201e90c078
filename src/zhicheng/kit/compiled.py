"""Functions compiled to machine code at their first call and kept on disk."""

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from typing import Any, TypeVar, cast

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def compiled(kernel: _Kernel) -> _Kernel:
    """A loop over numpy arrays, compiled; it runs without the lock of the interpreter and must not touch other objects.

    What was compiled is kept beside the source, or in NUMBA_CACHE_DIR. The compiler takes 120 MB and half a second: a
    process that never calls a kernel never loads it.
    """
    return cast("_Kernel", _Compiled(kernel))


class _Compiled:
    """Stands for a kernel until it is called."""

    def __init__(self, kernel: Callable[..., Any]) -> None:
        update_wrapper(self, kernel)
        self._kernel = kernel
        self._made: Any = None

    def __call__(self, *values: Any, **named: Any) -> Any:
        return self.made(*values, **named)

    @property
    def made(self) -> Any:
        """What the compiler made; the kernels that this one calls are made as well, and stand for themselves then."""
        if self._made is None:
            known = self._kernel.__globals__
            self._made = import_module("numba").njit(self._kernel, cache=True, nogil=True)
            for name in self._kernel.__code__.co_names:
                if isinstance(called := known.get(name), _Compiled):
                    known[name] = called.made
        return self._made
