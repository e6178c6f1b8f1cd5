"""Scores of members that are no model yet: both ways, any number of components. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.autoencoder.linear import Components
from ml.autoencoder.served import Autoencoder
from ml.isolation.served import Isolation
from regulator.features.series import Floats
from regulator.learned.fitting import Fits
from regulator.learned.members import (
    BASELINE,
    ISOLATION,
    LEAST_PAST,
    NETWORK,
    Compresses,
    Prepared,
    baseline,
    course,
    isolation,
    rows,
)
from regulator.learned.tails import PAST, against_past


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """Scores [hours, operators] by each operator's own past before the hour ``first``."""

    fits: Fits
    first: int

    def __call__(self, given: Prepared, names: Sequence[str]) -> dict[str, Floats]:
        """Of baseline and isolation; of the network, and of the numbers of components ``names``."""
        told = rows(given.series, self._past)
        plain = {
            BASELINE: baseline(given),
            ISOLATION: isolation(Isolation(self.fits.forest), told),
        }
        return self._by_past(plain) | self.courses(given, names)

    def courses(self, given: Prepared, names: Sequence[str]) -> dict[str, Floats]:
        """Of the ways of compressing windows alone."""
        ways: dict[str, Compresses] = {NETWORK: Autoencoder(self.fits.network)}
        ways |= {name: Components(self.fits.components[int(name)]) for name in names}
        plain = {
            name: course({name: way}, {}, name, given, first=self.first - PAST)
            for name, way in ways.items()
        }
        return self._by_past(plain)

    @property
    def _past(self) -> slice:
        return slice(self.first - PAST, self.first)

    def _by_past(self, plain: Mapping[str, Floats]) -> dict[str, Floats]:
        return {
            name: against_past(each, self._past, least=LEAST_PAST, together=True)
            for name, each in plain.items()
        }
