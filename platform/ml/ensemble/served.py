"""The ensemble as it is served: trees and whoever earned a place beside them."""

from collections.abc import Mapping
from hashlib import sha256

import msgspec
import numpy as np
from scipy.special import expit

from ml.ensemble.weights import LAST_EVENTS, RING, TREES, UNUSUAL, Weights
from ml.features.layout import Floats
from ml.graph.served import Packed as PackedRing
from ml.graph.served import Ring
from ml.isolation.served import Isolation
from ml.isolation.served import Packed as PackedIsolation
from ml.sequence.served import LastEvents
from ml.sequence.served import Packed as PackedEvents
from ml.sequence.windows import Single
from ml.served import Contributions, Found, Windows
from ml.training.calibration import Calibration
from ml.trees.forest import ArtefactUnusable, Forest


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A member's calibration, and its mean log-odds of the events it was weighed on."""

    slope: float
    shift: float
    mean: float


class Packed(msgspec.Struct, frozen=True, kw_only=True, tag="ensemble"):
    """An ensemble's bytes.

    ``quick`` weighs those always asked; ``full`` those and the network of last events, which is
    asked where the quick ones say a probability from ``low`` to ``high``. ``ring`` is of the
    entities at ``sorts``.
    """

    forest: bytes
    places: dict[str, Place]
    quick: Weights
    full: Weights | None = None
    low: float = 0.0
    high: float = 1.0
    isolation: PackedIsolation | None = None
    ring: PackedRing | None = None
    sorts: tuple[int, ...] = ()
    events: PackedEvents | None = None


class Ensemble:
    """A served ensemble; ``version`` names its bytes, ``header`` is its trees'."""

    family = "ensemble"

    def __init__(self, artefact: bytes) -> None:
        """Raises ``ArtefactUnusable``."""
        try:
            self._parts = parts = msgspec.msgpack.decode(artefact, type=Packed)
            self.forest = Forest(parts.forest)
            self._isolation = Isolation(parts.isolation) if parts.isolation else None
            self._ring = Ring(parts.ring) if parts.ring else None
            self._events = LastEvents(parts.events) if parts.events else None
        except (msgspec.MsgspecError, RuntimeError) as error:
            raise ArtefactUnusable(f"This is no ensemble: {error}") from None
        self.header, self.version = self.forest.header, sha256(artefact).hexdigest()
        self.members = tuple(name for name in (UNUSUAL, RING, LAST_EVENTS) if name in parts.places)
        self.names = (*self.header.features, *self.members)
        self.usual = (*self.header.usual, *(None for _ in self.members))
        self.windowed = self._events is not None

    @property
    def ring(self) -> PackedRing | None:
        """The member that knows who was seen with whom."""
        return self._parts.ring

    @property
    def events(self) -> PackedEvents | None:
        """The member that reads last events."""
        return self._parts.events

    def probabilities(self, matrix: Floats) -> Floats:
        """The calibrated probability of each row by itself, without ids or last events."""
        return self.judge(matrix).probabilities

    def judge(
        self, matrix: Floats, ids: Floats | None = None, windows: Windows | None = None
    ) -> Found:
        """As all that is served; who is not known counts as usual."""
        margins = {TREES: self.forest.margins(matrix)}
        if self._isolation:
            margins[UNUSUAL] = self._calibrated(UNUSUAL, self._isolation.margins(matrix))
        if self._ring:
            usual = np.full(len(matrix), self._parts.places[RING].mean)
            margins[RING] = usual if ids is None else self._calibrated(
                RING, self._ring.margins(ids[:, list(self._parts.sorts)])
            )  # fmt: skip
        whole = self._parts.quick(margins)
        shown: dict[int, Single] = {}
        if self._events:
            margins[LAST_EVENTS] = np.full(len(matrix), np.nan)
            if windows is not None:
                shown = self._shown(expit(whole), windows)
                whole = self._asked(whole, margins, shown)
        beside = {name: found for name, found in margins.items() if name != TREES}
        return Found(probabilities=expit(whole), margins=beside, windows=shown)

    def explain(self, matrix: Floats, margins: Mapping[str, Floats] | None = None) -> Contributions:
        """What every feature and every other member adds to the log-odds of each row."""
        found = self.forest.explain(matrix)
        beside = self.judge(matrix).margins if margins is None else margins
        count = len(matrix)
        asked = ~np.isnan(beside.get(LAST_EVENTS, np.full(count, np.nan)))
        trees = self._weight(TREES, asked)
        columns, bias = [trees[:, None] * found.values], trees * found.bias
        bias = bias + np.where(asked, self._parts.full.shift if self._parts.full else 0.0,
                               self._parts.quick.shift)  # fmt: skip
        for name in self.members:
            place, weight = self._parts.places[name], self._weight(name, asked)
            own = np.nan_to_num(beside.get(name, np.full(count, place.mean)), nan=place.mean)
            columns.append((weight * (own - place.mean))[:, None])
            bias = bias + weight * place.mean
        return Contributions(values=np.concatenate(columns, axis=1), bias=bias)

    def _weight(self, name: str, asked: np.ndarray) -> Floats:
        """What a member weighs in each row."""
        full = self._parts.full.of.get(name, 0.0) if self._parts.full else 0.0
        return np.where(asked, full, self._parts.quick.of.get(name, 0.0))

    def _shown(self, sure: Floats, windows: Windows) -> dict[int, Single]:
        places = np.flatnonzero((sure >= self._parts.low) & (sure <= self._parts.high))
        if not places.size:
            return {}
        pairs = zip(places.tolist(), windows(places), strict=True)
        return {place: window for place, window in pairs if window is not None and len(window)}

    def _asked(
        self, whole: Floats, margins: dict[str, Floats], shown: Mapping[int, Single]
    ) -> Floats:
        """The log-odds of the whole once the network was asked about what it was shown."""
        if not shown or self._events is None or self._parts.full is None:
            return whole
        places = np.array(list(shown), dtype=np.int64)
        found = self._calibrated(LAST_EVENTS, self._events.margins(list(shown.values())))
        margins[LAST_EVENTS][places] = found
        both = self._parts.full({name: of[places] for name, of in margins.items()})
        answered = whole.copy()
        answered[places] = both
        return answered

    def _calibrated(self, name: str, margins: Floats) -> Floats:
        place = self._parts.places[name]
        return Calibration(slope=place.slope, shift=place.shift).margins(margins)


def packed(parts: Packed) -> bytes:
    """The bytes of an artefact."""
    return msgspec.msgpack.encode(parts)


def load(artefact: bytes) -> Forest | Ensemble:
    """Whatever is served from these bytes. Raises ``ArtefactUnusable``."""
    try:
        kind = msgspec.msgpack.decode(artefact, type=_Kind).type
    except msgspec.MsgspecError as error:
        raise ArtefactUnusable(f"This is no model: {error}") from None
    return Ensemble(artefact) if kind == "ensemble" else Forest(artefact)


class _Kind(msgspec.Struct, frozen=True, kw_only=True):
    type: str = "forest"
