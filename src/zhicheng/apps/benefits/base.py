"""What carries money: the contract of a payment provider."""

from collections.abc import Iterable
from typing import Protocol

from zhicheng.apps.benefits.values import BatchHead, PayLine, ReturnFile, WrittenBatch


class PaymentProvider(Protocol):
    """A way to a bank. Both methods can be called again with the same and give the same."""

    def write(self, head: BatchHead, lines: Iterable[PayLine]) -> WrittenBatch:
        """Hand a batch over, whole or not at all."""
        ...

    def read(self, content: bytes) -> ReturnFile:
        """What the bank says about a batch.

        Raises:
            ReturnRefused: the file is not whole; `data["faults"]` lists all that is wrong.
        """
        ...
