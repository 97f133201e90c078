"""Kernels: made at the first call, with what they call, seen by other threads only then."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from types import FunctionType, SimpleNamespace

import numpy as np
import pytest

from zhicheng.kit import compiled as under_test
from zhicheng.kit.compiled import compiled


@compiled
def _doubled(value: float) -> float:
    return 2.0 * value


@compiled
def _sum_of_doubles(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    total = 0.0
    for value in values:
        total += _doubled(value)
    return total


@compiled
def _factorial(number: int) -> int:
    if number < 2:
        return 1
    return number * _factorial(number - 1)


_called: object = None


def _caller() -> object:
    return _called


class TestCompiled:
    def test_calls_the_kernels_that_it_names(self) -> None:
        assert _sum_of_doubles(np.array([1.0, 2.5])) == 7.0

    def test_may_call_itself(self) -> None:
        assert _factorial(5) == 120

    def test_no_thread_sees_a_kernel_before_those_it_calls_are_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of two requests that came at once the second one had a name compiled that stood for a kernel still unmade."""
        monkeypatch.setattr(under_test, "import_module", lambda _: SimpleNamespace(njit=lambda kernel, **_: kernel))
        begun, go_on, finished = threading.Event(), threading.Event(), object()

        class Slow(under_test._Compiled):
            @property
            def made(self) -> object:
                begun.set()
                go_on.wait(10)
                return finished

        known = {"_called": Slow(lambda: None)}
        kernel = under_test._Compiled(FunctionType(_caller.__code__, known, "kernel"))
        with ThreadPoolExecutor(2) as threads:
            first = threads.submit(kernel)
            assert begun.wait(10)
            second = threads.submit(kernel)
            wait([second], 0.2)
            go_on.set()
            assert [first.result(10), second.result(10)] == [finished, finished]
