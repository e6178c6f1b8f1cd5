"""Wrap a secret under a key: AES-256-GCM (NIST SP 800-38D), pure functions of bytes.

A wrapped secret is: format (1 byte) || fingerprint of the wrapping key (8) || nonce (12) ||
ciphertext and tag. The fingerprint says which of several keys opens it, so keys can be replaced
while what the old ones wrapped still opens.
"""

import hashlib
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.errors import DomainError

KEY_BYTES = 32
_FORMAT = b"\x01"
_FINGERPRINT, _NONCE, _TAG = 8, 12, 16
_HEAD = len(_FORMAT) + _FINGERPRINT


class UnknownWrappingKey(DomainError):
    """None of the keys at hand wrapped this secret (or it was wrapped by no key of ours)."""

    code = "unknown_wrapping_key"
    http_status = 500
    title = "A stored key can't be opened"


class DamagedSecret(DomainError):
    """The wrapped secret, or what it was said to be for, is not what was wrapped."""

    code = "damaged_secret"
    http_status = 500
    title = "A stored key is damaged"


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


@lru_cache(maxsize=64)
def fingerprint(key: bytes) -> bytes:
    """8 bytes that name ``key`` without telling anything of it."""
    return hashlib.sha256(b"touchstone wrapping key\x00" + key).digest()[:_FINGERPRINT]


def wrap(secret: bytes, *, under: bytes, context: str) -> bytes:
    """``secret`` wrapped under the 32-byte key ``under``; opens with the same ``context`` only."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(under).encrypt(nonce, secret, context.encode())
    return b"".join((_FORMAT, fingerprint(under), nonce, sealed))


def unwrap(wrapped: bytes, *, under: Sequence[bytes], context: str) -> bytes:
    """The secret in ``wrapped``, by whichever key of ``under`` wrapped it.

    Raises ``UnknownWrappingKey`` when none did and ``DamagedSecret`` when bytes or context differ.
    """
    if wrapped[:1] != _FORMAT or len(wrapped) < _HEAD + _NONCE + _TAG:
        raise DamagedSecret("A stored key is not in a form this program knows.")
    name = wrapped[len(_FORMAT) : _HEAD]
    key = next((each for each in under if fingerprint(each) == name), None)
    if key is None:
        raise UnknownWrappingKey(f"The key {name.hex()} that wrapped a stored key is not at hand.")
    nonce, sealed = wrapped[_HEAD : _HEAD + _NONCE], wrapped[_HEAD + _NONCE :]
    try:
        return _cipher(key).decrypt(nonce, sealed, context.encode())
    except InvalidTag:
        raise DamagedSecret("A stored key was changed, or belongs to something else.") from None


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    """The cipher of a wrapping key: there are few, and one wraps many secrets."""
    return AESGCM(key)


def wrapped_under(wrapped: bytes, key: bytes) -> bool:
    """Whether ``key`` is the one that wrapped ``wrapped``."""
    return wrapped[len(_FORMAT) : _HEAD] == fingerprint(key)
