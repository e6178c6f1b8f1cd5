"""What was signed, checked: checkpoints against rows and keys, and one remembered elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from eventlog import canonical
from eventlog.merkle import notes
from eventlog.seal import queries, signing
from eventlog.seal.damage import Damage, Kind
from eventlog.seal.queries import SealedCheckpoint
from eventlog.seal.signing import SigningKey
from kernel.errors import DomainError, InvalidInput


class ForeignCheckpoint(InvalidInput):
    """A checkpoint that was to be compared with is not one of this log."""

    code = "foreign_checkpoint"
    title = "Not a checkpoint of this log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A checkpoint kept outside the database: what it says must still be true."""

    size: int
    root: bytes
    sealed: str
    missing: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Checkpoints of some sizes: the roots they sign, and what is wrong with their rows."""

    roots: tuple[tuple[int, bytes], ...]
    damages: tuple[Damage, ...]
    last_key: int


def remembered(note: str) -> Remembered:
    """A note from outside as something to compare with.

    Raises ``BadNote``, or ``ForeignCheckpoint`` when no key of this log signed it.
    """
    checkpoint, _ = notes.parse(note)
    if not notes.signers(note, [key.verifier for key in signing.known()]):
        raise ForeignCheckpoint("No key of this log signed that checkpoint.")
    return Remembered(size=checkpoint.size, root=checkpoint.root, sealed=checkpoint.sealed)


def largest_size() -> int:
    """The size of the largest checkpoint there is; 0 without any."""
    newest = queries.history(limit=1)
    return newest[0].size if newest else 0


def between(start: int, end: int, *, last_key: int, now: datetime) -> Signed:
    """Check the checkpoints of sizes start+1..end; ``last_key`` signed the one before them."""
    known = {key.version: key for key in signing.known()}
    roots, damages = [], []
    for each in queries.of_sizes(start + 1, end):
        wrong = _wrong(each, known, last_key)
        last_key = max(last_key, each.key_version)
        if wrong:
            told = f"The checkpoint of {each.size} leaves {wrong}"
            damages.append(
                Damage(kind=Kind.BAD_CHECKPOINT, leaf=each.size - 1, event=None, what=told)
            )
        else:
            roots.append((each.size, each.root))
    return Signed(roots=tuple(roots), damages=tuple(damages), last_key=last_key)


def keys(*, now: datetime) -> list[Damage]:
    """Keys whose private half is not what the master key protects: nobody of ours made them."""
    return [
        Damage(
            kind=Kind.BAD_KEY,
            leaf=None,
            event=None,
            what=f"Log key {key.version} was not made by this product, or was changed.",
        )
        for key in signing.known()
        if not _ours(key, now)
    ]


def _ours(key: SigningKey, now: datetime) -> bool:
    try:
        return notes.public_of(signing.private(key, now=now)) == key.verifier.public
    except DomainError:
        return False


def _wrong(row: SealedCheckpoint, known: dict[int, SigningKey], last_key: int) -> str:
    """What is wrong with a checkpoint's row; empty when it is what was signed."""
    key = known.get(row.key_version)
    if key is None:
        return "names a key that is not there."
    try:
        checkpoint, _ = notes.parse(row.note)
        signed = notes.signers(row.note, [key.verifier])
    except notes.BadNote as error:
        return f"can't be read or was not signed by its key: {error.detail}"
    if not signed:
        return "was not signed by the key it names."
    if row.key_version < last_key:
        return "was signed by a key that had been replaced before."
    said = (checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.sealed)
    kept = (key.verifier.name, row.size, row.root, canonical.timestamp(row.sealed_at))
    if said != kept:
        return "does not say what its row says."
    return "" if _covers(row) else "does not end where its last leaf stands."


def _covers(row: SealedCheckpoint) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xid, position FROM log_leaf WHERE leaf_index = %s", [row.size - 1])
        place: Sequence[int] | None = cursor.fetchone()
    return place is None or tuple(place) == tuple(row.cursor)
