"""Keys of simulated people and companies: hashes of running numbers, of the shape that the lake's keys have."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhicheng.core.lake.public import splitmix

PERSON, COMPANY, HOUSEHOLD = 1, 2, 3
_DIGITS = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), "<u2")


def simulated_keys(kind: int, seed: int, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """One key a number: 32 hexadecimal digits. Equal for equal kind, seed and number; otherwise distinct."""
    start = splitmix(np.uint64((seed << 8) + kind) + splitmix(numbers.astype(np.uint64)))
    halves = np.stack([start, splitmix(start ^ np.uint64(0xA5A5A5A5A5A5A5A5))], axis=1).astype(">u8")
    text = _DIGITS[halves.view(np.uint8)].tobytes()
    offsets = np.arange(0, 32 * len(numbers) + 1, 32, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text))
