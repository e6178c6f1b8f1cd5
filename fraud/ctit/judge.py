"""Which sources' installs show which fraud: tests of each against norms and neighbours. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from fraud.contracts import FraudType
from fraud.ctit import statistics
from fraud.ctit.clicks import Clicks, Floats, Ints
from fraud.ctit.norms import DAY, FLOODED, HIJACKED, HOUR, INJECTED, Norms, Window

WINDOWS: Mapping[FraudType, Window] = {
    FraudType.CLICK_INJECTION: INJECTED,
    FraudType.INSTALL_HIJACK: HIJACKED,
    FraudType.CLICK_FLOODING: FLOODED,
}
"""Where the installs of a kind of fraud crowd; click spam has no such place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A source shows a kind of fraud.

    ``share`` of its ``of`` installs (of clicks, for spam), against ``usual``, the share that was
    allowed; ``p`` the probability of that much by chance, adjusted for all tests made.
    ``excess`` are the installs beyond what is usual, with a 95 % interval: what should not have
    been paid for.
    """

    source: str
    kind: FraudType
    found: int
    of: int
    share: float
    usual: float
    p: float
    excess: float
    excess_low: float
    excess_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A source's figures, whatever was found.

    ``within_hour`` and ``within_day`` are shares of its installs; ``median`` the middle CTIT in
    seconds; ``flatness`` that of 2 to 24 hours in nats per install; ``clicks`` ``None`` where
    unknown; ``detectable`` the smallest share of hijacked installs that so many would show in four
    of five cases, ``None`` where they are too few to show any.
    """

    source: str
    installs: int
    clicks: int | None
    median: float | None
    within_hour: float | None
    within_day: float | None
    flatness: float
    detectable: float | None
    findings: tuple[Finding, ...] = ()

    @property
    def excess(self) -> float:
        """Installs that should not have been paid for.

        The largest of its findings', as the same install can stand out in several.
        """
        return max((each.excess for each in self.findings), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All sources, those with most excess (then installs) first, and what they were held to."""

    standings: tuple[Standing, ...]
    norms: Norms
    installs: int
    tests: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, by standing."""
        return tuple(each for standing in self.standings for each in standing.findings)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Test:
    """One test of every source, in columns of the length of ``sources``."""

    kind: FraudType
    found: Ints
    of: Ints
    usual: Floats
    p: Floats
    holds: NDArray[np.bool_]


def judge(clicks: Clicks, norms: Norms | None = None) -> Judgement:
    """Test every source; the false discoveries among all tests together are controlled.

    The order of rows plays no part. A source has to differ both from the norm and from what is
    usual elsewhere in the data: where everybody's users are slow, nobody is called a fraud for it.
    """
    norms = norms or Norms()
    flat = statistics.flatness(clicks.source, clicks.seconds, len(clicks.sources), FLOODED)
    tests = _tests(clicks, norms, flat)
    adjusted = _adjusted([each.p for each in tests])
    found: dict[int, list[Finding]] = {}
    for test, p in zip(tests, adjusted, strict=True):
        for place in np.flatnonzero(test.holds & (p <= norms.false_discoveries)).tolist():
            found.setdefault(place, []).append(
                _finding(clicks.sources[place], test, place, float(p[place]))
            )
    standings = _standings(clicks, norms, flat, found, size=norms.false_discoveries)
    return Judgement(
        standings=tuple(sorted(standings, key=_worst_first)),
        norms=norms,
        installs=int(clicks.source.size),
        tests=sum(int((each.of > 0).sum()) for each in tests),
    )


def _worst_first(standing: Standing) -> tuple[float, int, int, str]:
    return -standing.excess, -standing.installs, -(standing.clicks or 0), standing.source


def _tests(clicks: Clicks, norms: Norms, flat: Floats) -> list[_Test]:
    always = np.ones(len(clicks.sources), dtype=bool)
    tests = [
        _crowded(clicks, FraudType.CLICK_INJECTION, norms.injected, always),
        _crowded(clicks, FraudType.INSTALL_HIJACK, norms.hijacked, always),
        _crowded(clicks, FraudType.CLICK_FLOODING, norms.flooded, flat > 0),
    ]
    # Where nothing is known to have led to an install, installs are not recorded: no sign of spam.
    if clicks.clicks is not None and clicks.source.size:
        tests.append(_spam(clicks.clicks, clicks.installs(), norms.spam))
    return tests


def _crowded(clicks: Clicks, kind: FraudType, norm: float, holds: NDArray[np.bool_]) -> _Test:
    window = WINDOWS[kind]
    found, of = clicks.counts(window.low, window.high), clicks.installs()
    usual = np.maximum(statistics.usual_elsewhere(found, of), norm)
    return _Test(
        kind=kind, found=found, of=of, usual=usual,
        p=statistics.above(found, of, usual), holds=holds,
    )  # fmt: skip


def _spam(clicks: Ints, installs: Ints, norm: float) -> _Test:
    """Clicks that lead to nothing. Its p asks whether a source at the norm would do so badly."""
    found = np.minimum(installs, clicks)
    return _Test(
        kind=FraudType.CLICK_SPAM, found=found, of=clicks, usual=np.full(len(clicks), norm),
        p=statistics.below(found, clicks, norm), holds=np.ones(len(clicks), dtype=bool),
    )  # fmt: skip


def _adjusted(p: list[Floats]) -> list[Floats]:
    """Benjamini and Hochberg's adjustment over all tests of all sources."""
    sizes = [each.size for each in p]
    if not sum(sizes):
        return p
    adjusted = stats.false_discovery_control(np.concatenate(p), method="bh")
    return np.split(adjusted, np.cumsum(sizes)[:-1])


def _finding(source: str, test: _Test, place: int, p: float) -> Finding:
    found, of, usual = int(test.found[place]), int(test.of[place]), float(test.usual[place])
    low, high = statistics.share_interval(found, of)
    spam = test.kind is FraudType.CLICK_SPAM
    # Who spams clicks has caused none of the installs it claims.
    excess = (found, found, found) if spam else tuple(
        max(of * (share - usual), 0.0) for share in (found / of, low, high)
    )  # fmt: skip
    return Finding(
        source=source, kind=test.kind, found=found, of=of, share=found / of, usual=usual, p=p,
        excess=float(excess[0]), excess_low=float(excess[1]), excess_high=float(excess[2]),
    )  # fmt: skip


def _standings(
    clicks: Clicks,
    norms: Norms,
    flat: Floats,
    found: Mapping[int, list[Finding]],
    *,
    size: float,
) -> list[Standing]:
    installs = clicks.installs()
    hour, day = clicks.counts(0.0, HOUR), clicks.counts(0.0, DAY)
    median = statistics.medians(clicks.source, clicks.seconds, len(clicks.sources))
    detectable = statistics.detectable(installs, norms.hijacked, size)
    standings = []
    for place, source in enumerate(clicks.sources):
        of = int(installs[place])
        standings.append(
            Standing(
                source=source,
                installs=of,
                clicks=None if clicks.clicks is None else int(clicks.clicks[place]),
                median=_known(median[place]),
                within_hour=float(hour[place]) / of if of else None,
                within_day=float(day[place]) / of if of else None,
                flatness=float(flat[place]),
                detectable=_known(detectable[place]),
                findings=tuple(found.get(place, ())),
            )
        )
    return standings


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
