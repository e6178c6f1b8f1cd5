"""Seal fields and open them again: pure functions of bytes.

Sealed fields are: format (1 byte) || nonce (12) || ciphertext and tag. A nonce is drawn at random
per event; a key serves one subject, far below the 2**32 messages at which SP 800-38D §8.3 draws the
line for random nonces.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kernel.errors import DomainError

_FORMAT = b"\x01"
_NONCE, _TAG = 12, 16
_DOMAIN = b"touchstone sealed fields\x00"


class DamagedSeal(DomainError):
    """The sealed fields, or the event they are in, are not what was sealed."""

    code = "damaged_seal"
    http_status = 500
    title = "Sealed fields are damaged"


def seal(
    cipher: AESGCM,
    plain: bytes,
    *,
    tenant: str,
    subject: str,
    event_id: UUID,
    nonce: bytes | None = None,
) -> bytes:
    """``plain`` sealed; ``open_sealed`` gives it back for the same tenant, subject and event.

    ``nonce`` is one of ``nonces()``, for who seals many; drawn here where none is given.
    """
    nonce = nonce or os.urandom(_NONCE)
    bound = associated(tenant, subject, event_id)
    return b"".join((_FORMAT, nonce, cipher.encrypt(nonce, plain, bound)))


def nonces(count: int) -> Iterator[bytes]:
    """``count`` nonces, each for one use; the system is asked once, which costs as much as one."""
    drawn = os.urandom(_NONCE * count)
    return (drawn[start : start + _NONCE] for start in range(0, len(drawn), _NONCE))


def open_sealed(
    cipher: AESGCM, sealed: bytes, *, tenant: str, subject: str, event_id: UUID
) -> dict[str, Any]:
    """The fields in ``sealed``, by dotted name. Raises ``DamagedSeal``."""
    if sealed[:1] != _FORMAT or len(sealed) < 1 + _NONCE + _TAG:
        raise DamagedSeal("Sealed fields are not in a form this program knows.")
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        plain = cipher.decrypt(nonce, rest, associated(tenant, subject, event_id))
    except InvalidTag:
        raise DamagedSeal("Sealed fields were changed, or belong to another event.") from None
    fields: dict[str, Any] = msgspec.json.decode(plain)
    return fields


def associated(tenant: str, subject: str, event_id: UUID) -> bytes:
    """What sealed fields are bound to; NUL occurs in neither text, so no two events share it."""
    return b"".join((_bound_to(tenant), subject.encode(), b"\x00", event_id.bytes))


@lru_cache(maxsize=1024)
def _bound_to(tenant: str) -> bytes:
    return b"".join((_DOMAIN, tenant.encode(), b"\x00"))
