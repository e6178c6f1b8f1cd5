"""Identifiers: time-ordered UUIDs, UUIDs derived from clients' own ids, keyed pseudonyms."""

import hashlib
import secrets
import uuid
from datetime import datetime
from functools import lru_cache

import msgspec

_CLIENT_IDS = uuid.UUID("7f1c2a54-51f0-5a0e-9d1f-6a52c1b0e6d4")


def uuid7(now: datetime) -> uuid.UUID:
    """A random UUID whose first 48 bits are ``now`` in milliseconds (RFC 9562 §5.7)."""
    millis = int(now.timestamp() * 1000) & 0xFFFFFFFFFFFF
    value = (millis << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def event_id(text: str) -> uuid.UUID:
    """The id of an event a client named ``text``: the UUID itself, or one derived from the text.

    Clients name messages freely ("node-next-1699-…"); the same name always gives the same id, so a
    retry is recognised.
    """
    if len(text) in (32, 36):
        try:
            return msgspec.convert(text, uuid.UUID)
        except msgspec.ValidationError:
            pass
    return uuid.uuid5(_CLIENT_IDS, text)


@lru_cache(maxsize=131_072)
def pseudonym(secret: bytes, kind: str, raw: str) -> str:
    """The tenant's pseudonym of ``raw``: 32 hex digits of BLAKE2b keyed with its secret.

    ``kind`` is ``"a"`` for anonymous ids, ``"u"`` for user ids. Without the secret nobody can test
    a guess, and two tenants' pseudonyms can't be joined.
    Source: RFC 7693. Remembered, since people send many events.
    """
    keyed = _keyed(secret).copy()
    keyed.update(f"{kind}:{raw}".encode("utf-8", "surrogatepass"))
    return keyed.hexdigest()


@lru_cache(maxsize=1024)
def _keyed(secret: bytes) -> "hashlib.blake2b":
    """BLAKE2b about to hash under ``secret``; its own key is 64 bytes at most."""
    key = secret if len(secret) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.sha512(secret).digest()
    return hashlib.blake2b(key=key, digest_size=16)
