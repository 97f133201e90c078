"""Functions compiled to machine code at their first call and kept on disk."""

from collections.abc import Callable
from functools import update_wrapper
from importlib import import_module
from threading import RLock
from typing import Any, TypeVar, cast

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])
_making = RLock()  # one for all: kernels that call each other are made together


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
        """What the compiler made; the kernels that this one calls are made as well, and stand for themselves then.

        No thread sees it before that: compiled with a name that stands for itself no more, a call would fail.
        """
        if self._made is None:
            with _making:
                if self._made is None:
                    self._made = self._make()
        return self._made

    def _make(self) -> Any:
        known = self._kernel.__globals__
        for name in self._kernel.__code__.co_names:
            if isinstance(called := known.get(name), _Compiled) and called is not self:
                known[name] = called.made
        made = import_module("numba").njit(self._kernel, cache=True, nogil=True)
        if known.get(self._kernel.__name__) is self:  # it may call itself
            known[self._kernel.__name__] = made
        return made
