"""Write an evidence bundle: events, proofs, checkpoint, keys, a cover page, the verifier.

``SHA256SUMS`` names every other file's hash, in the form that the program sha256sum checks.
"""

import base64
import hashlib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from django.template.loader import render_to_string

from eventlog.merkle import tiles, tree
from eventlog.merkle.tiles import Fetch, Place
from eventlog.merkle.tree import Range
from eventlog.seal import queries as sealed
from eventlog.seal import signing
from eventlog.seal.queries import SealedCheckpoint
from evidence import queries
from evidence.contracts import NothingSelected, Selection

VERIFIER = Path(__file__).with_name("verifier.py")
_TILES_KEPT = 4_096
_HASHES_KEPT = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a bundle holds."""

    events: int
    checkpoint: SealedCheckpoint
    sums: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stands in a bundle so far: for files that tell of the others. ``sums``: SHA-256, hex."""

    events: int
    checkpoint: SealedCheckpoint
    keys: tuple[str, ...]
    sums: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Further files: what each is, by name; how they are made from what stands there by then."""

    named: Mapping[str, str]
    made: Callable[[Contents], Mapping[str, bytes]]


NO_MORE = More(named={}, made=lambda _contents: {})


def write(
    path: Path,
    *,
    selection: Selection,
    organisation: str,
    now: datetime,
    since: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    more: More = NO_MORE,
) -> Written:
    """Write the bundle of ``selection`` to ``path``, whole or not at all.

    ``since`` is the size of an earlier checkpoint the reader remembers. ``progress`` is told events
    done and in all. ``more`` are further files. Raises ``TooManySelected``,
    ``NoCheckpoint``, ``SizeOutOfRange``.
    """
    checkpoint = sealed.latest()
    total = queries.count(selection, upto=checkpoint.cursor)
    if not total:
        raise NothingSelected("No sealed event is what was asked for.")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as bundle:
        sums: dict[str, str] = {}
        done = _events(bundle, sums, selection, checkpoint, lambda count: progress(count, total))
        keys = tuple(key.verifier.text for key in signing.known())
        cover = _cover(selection, organisation, checkpoint, done, now) | {"more": more.named}
        files = {
            "index.html": render_to_string("evidence/cover.html", cover).encode(),
            "README.txt": render_to_string("evidence/cover.txt", cover).encode(),
            "manifest.json": _manifest(cover),
            "checkpoint.txt": checkpoint.note.encode(),
            "consistency.json": _consistency(checkpoint, since),
            "keys.txt": "".join(f"{key}\n" for key in keys).encode(),
            "verifier.py": VERIFIER.read_bytes(),
        }
        _put(bundle, sums, files)
        told = Contents(events=done, checkpoint=checkpoint, keys=keys, sums=dict(sums))
        _put(bundle, sums, more.made(told))
        bundle.writestr("SHA256SUMS", "".join(f"{sums[each]}  {each}\n" for each in sorted(sums)))
    partial.replace(path)
    return Written(events=done, checkpoint=checkpoint, sums=sums)


def _put(bundle: zipfile.ZipFile, sums: dict[str, str], files: Mapping[str, bytes]) -> None:
    for name, raw in files.items():
        sums[name] = hashlib.sha256(raw).hexdigest()
        bundle.writestr(name, raw)


def _events(
    bundle: zipfile.ZipFile,
    sums: dict[str, str],
    selection: Selection,
    checkpoint: SealedCheckpoint,
    progress: Callable[[int], None],
) -> int:
    """Both files at once: a zip is written one file at a time, so proofs wait in a file beside."""
    done, path = 0, _paths(_remembering(sealed.fetch))
    proofs = Path(f"{bundle.filename}.proofs")
    of_lines, of_proofs = hashlib.sha256(), hashlib.sha256()
    try:
        with bundle.open("events.jsonl", "w", force_zip64=True) as lines, proofs.open("wb") as held:
            for page in queries.selected(selection, upto=checkpoint.cursor):
                indexes = queries.leaf_indexes([(each.id, each.occurred_at) for each in page])
                for event in page:
                    line = event.line + b"\n"
                    lines.write(line)
                    of_lines.update(line)
                    index = indexes[event.id, event.occurred_at]
                    ranges = tree.inclusion_ranges(index, checkpoint.size)
                    proof = _proof(str(event.id), index, path(ranges))
                    held.write(proof)
                    of_proofs.update(proof)
                done += len(page)
                progress(done)
        bundle.write(proofs, "proofs.jsonl")
        sums["events.jsonl"], sums["proofs.jsonl"] = of_lines.hexdigest(), of_proofs.hexdigest()
    finally:
        proofs.unlink(missing_ok=True)
    return done


def _proof(id: str, index: int, path: list[bytes]) -> bytes:
    return msgspec.json.encode(
        {"id": id, "leaf_index": index, "path": [_text(each) for each in path]}
    ) + b"\n"  # fmt: skip


def _consistency(checkpoint: SealedCheckpoint, since: int | None) -> bytes:
    proofs = []
    if since is not None and since != checkpoint.size:
        path = sealed.consistency(old=since, new=checkpoint.size)
        proofs = [{"from": since, "to": checkpoint.size, "path": [_text(each) for each in path]}]
    return msgspec.json.encode(proofs) + b"\n"


def _cover(
    selection: Selection,
    organisation: str,
    checkpoint: SealedCheckpoint,
    events: int,
    now: datetime,
) -> dict[str, object]:
    return {
        "organisation": organisation,
        "selection": selection.words,
        "events": events,
        "size": checkpoint.size,
        "root": _text(checkpoint.root),
        "sealed_at": checkpoint.sealed_at,
        "note": checkpoint.note,
        "keys": [(key.verifier, key.created_at) for key in signing.known()],
        "made_at": now,
    }


def _manifest(cover: dict[str, object]) -> bytes:
    kept = ("organisation", "selection", "events", "size", "root", "sealed_at", "made_at")
    return msgspec.json.format(msgspec.json.encode({name: cover[name] for name in kept})) + b"\n"


def _paths(fetch: Fetch) -> Callable[[Sequence[Range]], list[bytes]]:
    """Hashes of subtrees computed once: of a leaf's path its neighbour shares all but a few."""
    held: dict[Range, bytes] = {}

    def path(ranges: Sequence[Range]) -> list[bytes]:
        missing = [each for each in ranges if each not in held]
        if len(held) > _HASHES_KEPT:
            held.clear()
            missing = list(ranges)
        held.update(zip(missing, tiles.hashes_of(missing, fetch), strict=True))
        return [held[each] for each in ranges]

    return path


def _remembering(fetch: Fetch) -> Fetch:
    """Tiles read once for all proofs; neighbours share nearly all of them."""
    held: dict[Place, bytes] = {}

    def cached(places: frozenset[Place]) -> dict[Place, bytes]:
        missing = frozenset(place for place in places if place not in held)
        if missing:
            if len(held) > _TILES_KEPT:
                held.clear()
                missing = places
            held.update(fetch(missing))
        return held

    return cached


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
