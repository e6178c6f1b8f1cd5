"""Features declared once: a function of columns and readings, with what people need to know of it.

``FeatureSet.feature`` registers one under its function's name. A family that differs in one word
alone (a window, an entity) is declared in a loop with ``name`` and ``doc``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from kernel.errors import InvalidInput
from ml.features.layout import READING, Entities, Floats

_PLACES = {name: place for place, name in enumerate(READING)}


class FeaturesUnusable(InvalidInput):
    """A feature that is declared twice, or without its words."""

    code = "invalid_features"
    title = "The features can't be used"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one entity's states said, a column of length n per name of ``READING``.

    ``numbers``: ``READING_WIDTH`` x n.
    """

    numbers: Floats

    def __getitem__(self, name: str) -> Floats:
        """The column ``name``; NaN where the event names no such entity."""
        column: Floats = self.numbers[_PLACES[name]]
        return column


@dataclass(frozen=True, slots=True, eq=False)
class _Watched(Reading):
    """A reading that notes what is asked of it."""

    seen: set[int]

    def __getitem__(self, name: str) -> Floats:
        self.seen.add(_PLACES[name])
        return Reading.__getitem__(self, name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Events and what was read before each.

    ``columns``: what the events say about themselves, by name, each of length n, NaN where
    unknown. ``readings``: n x entities x ``READING_WIDTH``.
    """

    entities: Entities
    columns: Mapping[str, Floats]
    readings: Floats
    _of: dict[str, Reading] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay the readings out by entity: most features ask for few columns of each."""
        for name, numbers in zip(
            self.entities.names, np.ascontiguousarray(self.readings.transpose(1, 2, 0)), strict=True
        ):
            self._of[name] = Reading(numbers)

    def __len__(self) -> int:
        """How many events."""
        return len(self.readings)

    def of(self, entity: str) -> Reading:
        """The readings of ``entity``."""
        return self._of[entity]

    def __getitem__(self, column: str) -> Floats:
        """The column of that name."""
        return self.columns[column]


Compute = Callable[[Table], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A number about an event. ``window`` says in words what it looks back on."""

    name: str
    group: str
    unit: str
    window: str
    doc: str
    compute: Compute


@dataclass(slots=True)
class FeatureSet:
    """The features of a model in the order they were declared: its input's order."""

    groups: tuple[str, ...]
    _features: dict[str, Feature] = field(default_factory=dict)

    def feature(
        self, group: str, *, unit: str, window: str = "", name: str = "", doc: str = ""
    ) -> Callable[[Compute], Compute]:
        """Declare a feature; raises ``FeaturesUnusable`` for a known name, group or no words."""

        def register(compute: Compute) -> Compute:
            called = name or compute.__name__
            words = " ".join((doc or compute.__doc__ or "").split())
            if called in self._features:
                raise FeaturesUnusable(f"The feature {called!r} is declared twice.")
            if group not in self.groups or not words or not unit:
                raise FeaturesUnusable(f"The feature {called!r} needs a group, a unit and words.")
            self._features[called] = Feature(
                name=called, group=group, unit=unit, window=window or "this event", doc=words,
                compute=compute,
            )  # fmt: skip
            return compute

        return register

    def __iter__(self) -> Iterator[Feature]:
        """The features, in order."""
        return iter(self._features.values())

    def __len__(self) -> int:
        """How many."""
        return len(self._features)

    def __getitem__(self, name: str) -> Feature:
        """The feature ``name``."""
        return self._features[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the columns of ``matrix``."""
        return tuple(self._features)

    def reads(self, table: Table) -> dict[str, list[int]]:
        """By entity, the places of the readings that some feature looks at; ``table`` is any."""
        seen: dict[str, set[int]] = {}
        watched = replace(table)
        for name in table.entities.names:
            watched._of[name] = _Watched(watched._of[name].numbers, seen.setdefault(name, set()))
        self.matrix(watched)
        return {name: sorted(places) for name, places in seen.items()}

    def matrix(self, table: Table) -> Floats:
        """All features of each event, n x features; NaN where one can't be known."""
        found = np.empty((len(table), len(self)))
        with np.errstate(divide="ignore", invalid="ignore"):
            for place, feature in enumerate(self):
                found[:, place] = feature.compute(table)
        # What divides by nothing knows nothing.
        found[~np.isfinite(found)] = np.nan
        return found
