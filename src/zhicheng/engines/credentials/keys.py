"""Keys that sign and check credentials: Ed25519, and SM2 behind the same interface.

Source: RFC 8032 (Ed25519); GB/T 32918.2 and .5 (SM2), GB/T 32905 (SM3), GM/T 0009 (the default identity);
the multicodec table for the headers of Multikeys (`sm2-pub` is a draft there).
"""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash, HashAlgorithm

from zhicheng.engines.credentials import sm2
from zhicheng.engines.credentials.faults import MalformedCredential
from zhicheng.engines.credentials.multibase import from_base58, to_base58

EDDSA, SM2 = "eddsa-jcs-2022", "sm2-jcs"  # the second name is ours: no standard names one yet
_ED25519_PUBLIC, _ED25519_SECRET, _SM2_PUBLIC = b"\xed\x01", b"\x80\x26", b"\x86\x24"
_ED25519_BYTES = 32


class PublicKey(Protocol):
    """Checks signatures of one cryptosuite."""

    @property
    def cryptosuite(self) -> str:
        """The name that proofs under this key carry."""
        ...

    @property
    def multikey(self) -> str:
        """The key as text."""
        ...

    def digest(self, data: bytes) -> bytes:
        """The hash that goes with this suite, 32 bytes."""
        ...

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature (64 bytes) is this key's over the message."""
        ...


class SigningKey(Protocol):
    """Makes signatures of one cryptosuite."""

    @property
    def public(self) -> PublicKey:
        """The key that checks them."""
        ...

    def sign(self, message: bytes) -> bytes:
        """A signature over the message, 64 bytes."""
        ...


class Ed25519Public:
    """An Ed25519 key for cryptosuite eddsa-jcs-2022, with SHA-256."""

    cryptosuite = EDDSA

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(raw)
        self.multikey = to_base58(_ED25519_PUBLIC + raw)

    def digest(self, data: bytes) -> bytes:
        """SHA-256."""
        return _hashed(SHA256(), data)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Ed25519Signing:
    """A private Ed25519 key, of 32 secret bytes."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = Ed25519Public(self._key.public_key().public_bytes_raw())

    @classmethod
    def from_multikey(cls, text: str) -> "Ed25519Signing":
        """The private key in a Multikey text, as test vectors give it.

        Raises:
            MalformedCredential: it is none.
        """
        data = from_base58(text)
        if data[:2] != _ED25519_SECRET or len(data) != 2 + _ED25519_BYTES:
            raise MalformedCredential("this is no private Ed25519 key")
        return cls(data[2:])

    def sign(self, message: bytes) -> bytes:
        """A deterministic signature."""
        return self._key.sign(message)


class Sm2Public:
    """An SM2 key, with SM3 and the default identity `1234567812345678`; `raw` is x and y, 64 bytes.

    Raises:
        MalformedCredential: the point is not on the curve.
    """

    cryptosuite = SM2

    def __init__(self, raw: bytes) -> None:
        self._raw = sm2.checked_point(raw)
        self.multikey = to_base58(_SM2_PUBLIC + sm2.compressed(raw))

    def digest(self, data: bytes) -> bytes:
        """SM3."""
        return _hashed(SM3(), data)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        return sm2.verify(self._raw, signature, message)


class Sm2Signing:
    """A private SM2 key, of 32 secret bytes.

    Raises:
        MalformedCredential: the number is not between 1 and the order of the curve less 2.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._raw = sm2.public_of(secret)
        self.public = Sm2Public(self._raw)

    def sign(self, message: bytes) -> bytes:
        """A signature under a nonce that follows from key and message, as RFC 6979 does it."""
        return sm2.sign(self._secret, self._raw, message)


def read_multikey(text: str) -> PublicKey:
    """The public key in a Multikey text.

    Raises:
        MalformedCredential: it is none, or of a kind not known here.

    >>> read_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").cryptosuite
    'eddsa-jcs-2022'
    """
    data = from_base58(text)
    head, raw = data[:2], data[2:]
    if head == _ED25519_PUBLIC and len(raw) == _ED25519_BYTES:
        return Ed25519Public(raw)
    if head == _SM2_PUBLIC:
        return Sm2Public(sm2.expanded(raw))
    raise MalformedCredential("this key is of no known kind")


def _hashed(algorithm: HashAlgorithm, data: bytes) -> bytes:
    hasher = Hash(algorithm)
    hasher.update(data)
    return hasher.finalize()
