"""What others may read about behavioural profiles of the active tenant."""

from datetime import date

from attribution import queries
from attribution.profiles import report, store
from attribution.profiles.report import ProfilesReport
from attribution.projection import sums
from attribution.store.words import MICRO
from eventlog.contracts import Cursor

NEEDED = 200
"""People known well enough from which on profiles are looked for (``profiles.fit.FEWEST``)."""


def profiles() -> ProfilesReport:
    """The profiles of the last fit, which channels move them, and what their budgets would be."""
    fit = store.last_fit()
    details = fit.details if fit else {}
    kept = store.shown(fit)
    effects = details.get("effects") or {}
    start, end = (
        date.fromisoformat(effects[name]) if effects else None for name in ("first_day", "last_day")
    )
    known = fit.known if fit else 0
    names = {each.number: each.name for each in kept}
    cost = _cost(start, end) if start and end else {}
    found = report.groups(effects, names, cost) if effects else ()
    return ProfilesReport(
        fitted_at=fit.fitted_at if fit else None,
        log=Cursor(fit.xid, fit.position) if fit else queries.checkpoint(),
        people=fit.people if fit else 0,
        known=known,
        needed=NEEDED,
        profiles=tuple(
            report.view(each.number, each.name, each.people, known, each.details) for each in kept
        ),
        weighed=report.weighed(details),
        conversion_type=effects.get("conversion_type", ""),
        start=start,
        end=end,
        everybody=found[0] if found else None,
        groups=found[1:],
        budgets=report.budgets(found[1:]) if found else None,
        currency=queries.home(),
    )


def _cost(start: date, end: date) -> dict[str, float]:
    """What each channel cost in some days, by its label."""
    scope = sums.Scope(start=start, end=end, dimension=0, segment=None, conversion_type=None)
    labels = sums.labels(0)
    return {labels.get(key, str(key)): row[0] / MICRO for key, row in sums.spend(scope).items()}
