"""What changed between versions of a feed: what was known when, and which change is an incident.

Each version is compared with what is trusted: every figure as it was last seen outside an incident.
A brand whose changed or new figures are another brand's, or the market's total, is mixed up; one
most of whose history changes at once is replaced by something unknown; neither is trusted until
its figures are back. Figures that disappear are a shrunken history; a newest period in which
brands are missing that lately reported is incomplete. Exact comparisons: no chance is involved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from regulator.detectors.anomaly import Anomaly, Kind

Key = tuple[int, str]
"""A period (its number in the order of periods) and a brand."""
Version = Mapping[Key, tuple[float, ...]]

LEAST = 3
"""Figures of a brand that must be another's before the two are said to be mixed up."""
TOLERANCE = 2.0
"""Currency units by which the same figure differs when it is written by another program."""
RECENT = 4
TOTAL = "the market's total"
UNKNOWN = "an unknown series"


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What earlier versions leave behind: trusted figures, and incidents that are not over."""

    trusted: Version = field(default_factory=dict)
    mixed: Mapping[str, str] = field(default_factory=dict)
    """Brands whose figures are not their own, and whose they are."""
    gone: frozenset[Key] = frozenset()
    rows: int = 0


def examine(known: Known, now: Version) -> tuple[list[Anomaly], Known]:
    """What a new version shows against all before it, and what is known after it."""
    if not known.trusted:
        return _incomplete(now, now), Known(trusted=dict(now), rows=len(now))
    view = {**known.trusted, **{key: now[key] for key in now if key not in known.trusted}}
    trusted, mixed, found = dict(known.trusted), {}, []
    for brand in sorted({name for _, name in now}):
        new = {key: now[key] for key in now if key[1] == brand and key not in known.trusted}
        changed = {
            key: now[key] for key in now
            if key[1] == brand and key in known.trusted
            and not _same(now[key], known.trusted[key])
        }  # fmt: skip
        source = _source(brand, {**new, **changed}, len(changed), view)
        if source:
            mixed[brand] = source
            if known.mixed.get(brand) != source:
                found.append(_mix_up(brand, source, {**new, **changed}))
            continue
        if brand in known.mixed:
            found.append(_restated(brand, new | changed, was=known.mixed[brand]))
        elif changed:
            found.append(_restated(brand, changed))
        trusted |= new | changed
    gone = frozenset(key for key in known.trusted if key not in now)
    found += _shrunken(known, now, gone)
    found += _incomplete({**trusted, **now}, now)
    return found, Known(trusted=trusted, mixed=mixed, gone=gone, rows=len(now))


def replay(versions: Iterable[Version]) -> list[list[Anomaly]]:
    """The findings of each version in its turn."""
    known, told = Known(), []
    for each in versions:
        found, known = examine(known, each)
        told.append(found)
    return told


def _same(one: tuple[float, ...], other: tuple[float, ...], addends: int = 1) -> bool:
    return all(abs(a - b) <= TOLERANCE * addends for a, b in zip(one, other, strict=True))


def _source(brand: str, rows: Version, changed: int, view: Version) -> str | None:
    """Whose figures a brand's changed and new rows are; None where they are its own."""
    if len(rows) < LEAST:
        return None
    others = sorted({name for _, name in view if name != brand})
    hits = {
        name: sum(
            (period, name) in view and _same(row, view[period, name])
            for (period, _), row in rows.items()
        )
        for name in others
    } | {TOTAL: sum(_same(row, *_total(view, period)) for (period, _), row in rows.items())}
    best = max(hits, key=lambda name: hits[name])
    if hits[best] >= max(LEAST, len(rows) / 2):
        return best
    mine = sum(name == brand for _, name in view)
    return UNKNOWN if changed >= max(LEAST, mine / 2) else None


def _total(view: Version, period: int) -> tuple[tuple[float, ...], int]:
    """A period's sum over all brands, and over how many."""
    rows = [row for (when, _), row in view.items() if when == period]
    return tuple(map(sum, zip(*rows, strict=True))), len(rows)


def _span(rows: Iterable[Key]) -> tuple[int, int]:
    periods = [period for period, _ in rows]
    return min(periods), max(periods)


def _mix_up(brand: str, source: str, rows: Version) -> Anomaly:
    started, ended = _span(rows)
    return Anomaly(
        kind=Kind.BRAND_MIX_UP, started=started, ended=ended, severity=0.9, score=float(len(rows)),
        evidence={"brand": brand, "source": source, "rows": len(rows)},
        explanation=f"{len(rows)} figures of {brand} are no longer its own: they are those of "
        f"{source}.",
    )  # fmt: skip


def _restated(brand: str, rows: Version, *, was: str | None = None) -> Anomaly:
    started, ended = _span(rows) if rows else (0, 0)
    words = f"The figures of {brand} are its own again; they had been those of {was}."
    return Anomaly(
        kind=Kind.RESTATEMENT, started=started, ended=ended, severity=0.1 if was else 0.3,
        score=float(len(rows)), evidence={"brand": brand, "rows": len(rows), "was": was},
        explanation=words if was else f"{len(rows)} figures of {brand} were restated.",
    )  # fmt: skip


def _shrunken(known: Known, now: Version, gone: frozenset[Key]) -> list[Anomaly]:
    """Trusted figures that have just disappeared; or fewer rows, where untrusted ones left."""
    lost = gone - known.gone
    if not lost and len(now) >= known.rows:
        return []
    brands = sorted({brand for _, brand in lost})
    started, ended = _span(lost) if lost else (0, 0)
    fewer = known.rows - len(now)
    return [
        Anomaly(
            kind=Kind.SHRUNKEN_HISTORY, started=started, ended=ended,
            severity=0.7 if lost else 0.2, score=float(len(lost) or fewer),
            evidence={"brands": brands, "lost": len(lost), "fewer": fewer},
            explanation=f"{len(lost)} figures that earlier versions held are gone: "
            f"{', '.join(brands)}." if lost
            else f"The feed has {fewer} rows less: rows that were not trusted were withdrawn.",
        )
    ]  # fmt: skip


def _incomplete(view: Version, now: Version) -> list[Anomaly]:
    """Brands that reported in half of the last periods and not in the newest one."""
    periods = sorted({period for period, _ in view})
    if not now or len(periods) < RECENT + 1:
        return []
    newest = max(period for period, _ in now)
    before = [each for each in periods if each < newest][-RECENT:]
    seen: dict[str, int] = {}
    for period, brand in view:
        if period in before:
            seen[brand] = seen.get(brand, 0) + 1
    active = {brand for brand, times in seen.items() if 2 * times >= len(before)}
    missing = sorted(brand for brand in active if (newest, brand) not in now)
    if not missing:
        return []
    return [
        Anomaly(
            kind=Kind.INCOMPLETE_PERIOD, started=newest, ended=newest, severity=0.4,
            score=len(missing) / len(active),
            evidence={"missing": missing, "active": len(active)},
            explanation=f"The newest period has {len(active) - len(missing)} of {len(active)} "
            f"brands; missing: {', '.join(missing)}.",
        )
    ]  # fmt: skip
