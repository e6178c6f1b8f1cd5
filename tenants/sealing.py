"""Secrets of people in the shared schema: sealed with AES-256-GCM, for one purpose each.

A letter that waits, the seed of one-time codes: a dump of the database must not give them away.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kernel.errors import DomainError

_NONCE = 12


class SealBroken(DomainError):
    """What was sealed can't be opened: another key, another purpose, or damaged."""

    code = "seal_broken"
    http_status = 500
    title = "A stored secret can't be opened"


def seal(secret: bytes, *, context: str) -> bytes:
    """``secret``, readable again for the same ``context`` only."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, context.encode())


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What ``seal`` was given; raises ``SealBroken``."""
    try:
        return AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
    except InvalidTag:
        raise SealBroken("A stored secret was sealed under another key.") from None


def _key() -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"touchstone sealing")
    return derived.derive(settings.SECRET_KEY.encode())
