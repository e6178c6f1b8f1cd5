"""Signed notes and checkpoints: what a log says of itself, signed with Ed25519.

Sources: C2SP signed-note (text, key ids, signature lines, verifier keys) and C2SP tlog-checkpoint
(origin, size, root). One extension line follows the root: when the tree was sealed.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from eventlog.merkle.tree import HASH_BYTES
from kernel.errors import InvalidInput

_ED25519 = b"\x01"
_ID_BYTES, _SIGNATURE_BYTES = 4, 64
_DASH = "\N{EM DASH}"
_SEALED = "sealed "
_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(InvalidInput):
    """A text is no signed note, or its text no checkpoint."""

    code = "bad_note"
    title = "Not a checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log's statement: at ``size`` leaves its root was ``root``; ``sealed`` is RFC 3339 text."""

    origin: str
    size: int
    root: bytes
    sealed: str

    @property
    def text(self) -> str:
        """The note's text, which is what is signed; ends in a newline."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{_SEALED}{self.sealed}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A public key with its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name || newline || 0x01 || public key)."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The verifier key as others' tools take it: name+id+key."""
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


def new_private_key() -> bytes:
    """32 random bytes: an Ed25519 private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    """The public key of a private one, 32 bytes each."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def sign(checkpoint: Checkpoint, *, by: Sequence[bytes]) -> str:
    """The signed note of ``checkpoint``, a signature line for each private key of ``by``."""
    return sign_text(checkpoint.text, name=checkpoint.origin, by=by)


def sign_text(text: str, *, name: str, by: Sequence[bytes]) -> str:
    """The signed note of any ``text`` that ends in a newline; ``name`` is that of the keys."""
    lines = []
    for private in by:
        key = Verifier(name=name, public=public_of(private))
        signature = Ed25519PrivateKey.from_private_bytes(private).sign(text.encode())
        signed = base64.b64encode(key.key_id + signature).decode()
        lines.append(f"{_DASH} {key.name} {signed}\n")
    return text + "\n" + "".join(lines)


def parse(note: str) -> tuple[Checkpoint, tuple[Signature, ...]]:
    """The checkpoint and the signature lines of a note, not verified; raises ``BadNote``."""
    text, separator, tail = note.rpartition("\n\n")
    lines = text.split("\n")
    if not separator or not tail.endswith("\n") or len(lines) != 4:
        raise BadNote("A checkpoint has four lines, an empty one, and signatures.")
    origin, size, root, sealed = lines
    if not origin or _NUMBER.fullmatch(size) is None or not sealed.startswith(_SEALED):
        raise BadNote("The checkpoint's lines are not origin, size, root and time.")
    checkpoint = Checkpoint(
        origin=origin,
        size=int(size),
        root=_bytes(root, HASH_BYTES),
        sealed=sealed.removeprefix(_SEALED),
    )
    return checkpoint, tuple(_signature(line) for line in tail[:-1].split("\n"))


def signers(note: str, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Those of ``verifiers`` whose signature on ``note`` holds; raises ``BadNote``.

    A signature of a known key that does not hold makes the whole note bad, as signed-note asks.
    """
    checkpoint, signatures = parse(note)
    found = []
    for key in verifiers:
        for each in signatures:
            if (each.name, each.key_id) != (key.name, key.key_id):
                continue
            _verify(key, each, checkpoint.text)
            found.append(key)
    return tuple(found)


def signed_text(note: str, key: Verifier) -> str:
    """The text of ``note``, when ``key`` has signed it; raises ``BadNote``."""
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise BadNote("A signed note is a text, an empty line, and signatures.")
    text += "\n"
    for each in map(_signature, tail[:-1].split("\n")):
        if (each.name, each.key_id) == (key.name, key.key_id):
            _verify(key, each, text)
            return text
    raise BadNote(f"The key {key.key_id.hex()} did not sign this.")


def _verify(key: Verifier, signature: Signature, text: str) -> None:
    try:
        public = Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(signature.signature, text.encode())
    except InvalidSignature:
        raise BadNote(f"The signature of key {key.key_id.hex()} does not hold.") from None


def _signature(line: str) -> Signature:
    words = line.split(" ")
    if len(words) != 3 or words[0] != _DASH or _NAME.fullmatch(words[1]) is None:
        raise BadNote("A signature line is a dash, a name and a signature.")
    raw = _bytes(words[2], _ID_BYTES + _SIGNATURE_BYTES)
    return Signature(name=words[1], key_id=raw[:_ID_BYTES], signature=raw[_ID_BYTES:])


def _bytes(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != length:
        raise BadNote(f"Expected {length} bytes in base64.")
    return raw
