"""Doing things at the same time, each thread with its own connection, within a bound."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import DatabaseError, connection

from zhicheng.kit.errors import ZhichengError

BOUND_S = 30


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Start all jobs at one instant; their results or errors in order. Fails after 30 seconds."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(BOUND_S)
            return job()
        except (ZhichengError, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(run, job) for job in jobs]
        return [future.result(BOUND_S) for future in futures]


def split(results: Sequence[Any]) -> tuple[list[Any], list[Exception]]:
    """Results and errors."""
    errors = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if not isinstance(result, Exception)], errors
