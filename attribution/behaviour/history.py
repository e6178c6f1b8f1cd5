"""A subject's acts as bytes: sixteen for each, its microsecond since 1970 and its packed ``Act``.

A history is a set sorted by time, cut to its newest acts. Joining is a union, so neither the order
of batches nor the time at which two subjects turn out to be one person leaves a trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST = 1_000
"""Acts that are kept of a subject, and of a person: the newest."""

_KIND = np.dtype(">i8")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Acts of many people in compressed rows: person ``i`` has ``[offsets[i]:offsets[i + 1]]``.

    By time within a person. ``at`` in microseconds since 1970; the rest are numbers of
    ``vocabulary``'s words.
    """

    offsets: Ints
    at: Ints
    kind: Ints
    page: Ints
    intent: Ints
    arrival: Ints
    device: Ints
    coupon: Ints

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def person(self) -> Ints:
        """The row of the person of each act."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))


def joined(known: bytes, fresh: Sequence[tuple[int, int]]) -> bytes:
    """The history ``known`` with ``fresh`` acts (time, packed act)."""
    rows = np.frombuffer(known, dtype=_KIND).reshape(-1, 2).tolist()
    merged = sorted([*map(tuple, rows), *fresh])[-MOST:]
    return np.array(merged, dtype=_KIND).tobytes()


def since(known: bytes, moment: int) -> bytes:
    """The history ``known`` from ``moment`` (microseconds since 1970) on."""
    acts = np.frombuffer(known, dtype=_KIND).reshape(-1, 2)
    return acts[acts[:, 0] >= moment].tobytes()


def histories(packed: Sequence[bytes], person: Ints, size: int) -> Histories:
    """Subjects' histories brought together by ``person``, rows in 0..``size`` - 1."""
    acts = np.frombuffer(b"".join(packed), dtype=_KIND).reshape(-1, 2).astype(np.int64)
    whose = np.repeat(person, [len(each) // 16 for each in packed]).astype(np.int64)
    order = np.lexsort((acts[:, 1], acts[:, 0], whose))
    whose, acts = whose[order], acts[order]
    counts = np.bincount(whose, minlength=size)
    after = np.repeat(np.cumsum(counts), counts) - np.arange(len(whose))
    kept = after <= MOST
    code = acts[kept, 1]
    return Histories(
        offsets=np.concatenate([[0], np.cumsum(np.minimum(counts, MOST))]).astype(np.int64),
        at=acts[kept, 0],
        kind=code & 15,
        page=code >> 4 & 15,
        intent=code >> 8 & 7,
        arrival=code >> 11 & 15,
        device=code >> 15 & 3,
        coupon=code >> 17 & 1,
    )
