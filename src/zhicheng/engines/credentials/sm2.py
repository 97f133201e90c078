"""SM2 signatures with SM3, on gmssl's curve arithmetic, with the checks of range and curve that gmssl leaves out.

Source: GB/T 32918.1, .2 and .5 (SM2 on the recommended 256-bit curve), GM/T 0009 (identity `1234567812345678`).
Python integers, so not in constant time: for keys on a machine of one's own, not beside strangers.
"""

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from gmssl.sm2 import CryptSM2, default_ecc_table

from zhicheng.engines.credentials.faults import MalformedCredential

_N, _P, _A, _B = (int(default_ecc_table[name], 16) for name in "npab")
_IDENTITY = b"1234567812345678"
_BYTES = 32


def public_of(secret: bytes) -> bytes:
    """The public point of a private key: x and y, 64 bytes.

    Raises:
        MalformedCredential: the number is not between 1 and the order of the curve less 2.
    """
    number = int.from_bytes(secret, "big")
    if not 0 < number < _N - 1:
        raise MalformedCredential("this number is no private SM2 key")
    return bytes.fromhex(_curve(b"")._kg(number, default_ecc_table["g"]))


def checked_point(raw: bytes) -> bytes:
    """The same 64 bytes, when they are a point of the curve.

    Raises:
        MalformedCredential: they are not.
    """
    x, y = int.from_bytes(raw[:_BYTES], "big"), int.from_bytes(raw[_BYTES:], "big")
    if len(raw) != 2 * _BYTES or not (x < _P and y < _P) or (y * y - _right_side(x)) % _P:
        raise MalformedCredential("this is no point of the SM2 curve")
    return raw


def compressed(raw: bytes) -> bytes:
    """A point as 33 bytes: parity of y, then x."""
    return bytes([2 + (raw[-1] & 1)]) + raw[:_BYTES]


def expanded(data: bytes) -> bytes:
    """The point of 33 bytes, as 64.

    Raises:
        MalformedCredential: they are no point of the curve.
    """
    x = int.from_bytes(data[1:], "big")
    if len(data) != 1 + _BYTES or data[0] not in (2, 3) or x >= _P:
        raise MalformedCredential("this is no point of the SM2 curve")
    y = pow(_right_side(x), (_P + 1) // 4, _P)  # p is 3 modulo 4
    y = y if y & 1 == data[0] & 1 else _P - y
    return checked_point(data[1:] + y.to_bytes(_BYTES, "big"))


def sign(secret: bytes, raw: bytes, message: bytes, *, nonce: int = 0) -> bytes:
    """A signature, r and s in 64 bytes; the nonce follows from key and message unless one is given (for vectors)."""
    digest = message_digest(raw, message)
    curve = _curve(raw)
    curve.private_key = secret.hex()
    for attempt in range(256):
        number = nonce or _nonce(secret, digest, attempt)
        signed = curve.sign(digest, f"{number:064x}") if 0 < number < _N else None
        if signed:
            return bytes.fromhex(signed)
    raise MalformedCredential("no nonce suits this key")


def verify(raw: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is this key's over the message."""
    r, s = int.from_bytes(signature[:_BYTES], "big"), int.from_bytes(signature[_BYTES:], "big")
    if len(signature) != 2 * _BYTES or not (0 < r < _N and 0 < s < _N):
        return False
    try:
        return bool(_curve(raw).verify(signature.hex(), message_digest(raw, message)))
    except TypeError:  # gmssl: the sum of the two points is the point at infinity, which no signature gives
        return False


def message_digest(raw: bytes, message: bytes) -> bytes:
    """SM3 over the signer's identity, curve and key (GB/T 32918.2, 5.5), then the message."""
    curve = "".join(default_ecc_table[name] for name in "abg")
    length = (8 * len(_IDENTITY)).to_bytes(2, "big")
    return _sm3(_sm3(length + _IDENTITY + bytes.fromhex(curve) + raw) + message)


def _curve(raw: bytes) -> CryptSM2:
    """Curve object of gmssl; the key is set afterwards because its constructor strips leading zeros and fours."""
    curve = CryptSM2("", "")
    curve.public_key = raw.hex()
    return curve


def _right_side(x: int) -> int:
    return (x * x * x + _A * x + _B) % _P


def _nonce(secret: bytes, digest: bytes, attempt: int) -> int:
    mac = HMAC(secret, SM3())
    mac.update(digest + bytes([attempt]))
    return int.from_bytes(mac.finalize(), "big")


def _sm3(data: bytes) -> bytes:
    hasher = Hash(SM3())
    hasher.update(data)
    return hasher.finalize()
