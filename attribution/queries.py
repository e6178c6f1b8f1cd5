"""What others may read: dataclasses from the read models of the active tenant, never querysets.

Every figure of a date range is a sum over the daily stores (plus one small solve for Markov), so a
page costs the same at one million touches and at five million.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from attribution import tasks
from attribution.contracts import (
    EVERY,
    LEARNED,
    AttributionReport,
    By,
    ClickTimes,
    Comparison,
    JourneyItem,
    Model,
    Overview,
    PerformanceRow,
    PersonDetail,
)
from attribution.credit.paths import Paths
from attribution.decided import DecisionDetail, DecisionItem
from attribution.learned.store import last_fit, note
from attribution.projection import (
    acquisition,
    certainty,
    decided,
    money_reads,
    names,
    report,
    sums,
    timeline,
)
from attribution.projection import click_times as click_times_
from attribution.projection.report import InvalidOrder
from attribution.store import chains
from attribution.store.words import ADDITIVE, CONVERSION_TYPE, DIMENSIONS, FIRST_PROFILE, MICRO
from eventlog.contracts import Cursor
from eventlog.tenancy import active_schema
from kernel.errors import InvalidInput
from kernel.ids import pseudonym
from kernel.paging import Page
from tenants.models import Tenant

__all__ = [
    "DecisionItem", "InvalidOrder", "InvalidRange", "audit", "decisions", "merged_reports",
    "origins", "rules",
]  # fmt: skip
audit, decisions, merged_reports = decided.audit, decided.decisions, decided.merged_reports
origins, rules = decided.origins, decided.rules

_LONGEST = 3_660
_OCCURRING = "SELECT DISTINCT segment FROM attribution_daily_total"


class InvalidRange(InvalidInput):
    """The range of days is backwards or longer than ten years."""

    code = "invalid_range"
    title = "Invalid date range"


def attribution(
    *,
    model: Model,
    start: date,
    end: date,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    order: int = 1,
    intervals: bool = True,
    new_customers: bool = False,
    wait: bool = False,
) -> AttributionReport:
    """Credit under ``model`` of the conversions of the days ``start``..``end``, both included.

    ``order`` (1-4) is Markov's; other models ignore it. ``intervals`` adds 95 % bounds to the rows
    and what they allow to be said; for very many journeys the worker is asked for them and the
    report says ``pending``, unless it is to ``wait``. ``new_customers`` adds those won and what
    each cost. Raises ``InvalidRange`` when the end is
    before the start, ``InvalidOrder`` outside 1-4.
    """
    scope = scope_of(start, end, by, segment, conversion_type)
    conversions, nulls, value, alone, alone_value = report.column_sums(sums.totals(scope))
    earned, effects = report.credit(model, scope, order, conversions - alone, value - alone_value)
    bounds: Mapping[int, certainty.Bounds] | None = {}
    if intervals:
        bounds = certainty.bounds(
            model, scope, order, earned, journeys=conversions + nulls, wait=wait
        )
    won = None
    if new_customers:
        won = acquisition.won(model, scope, order, intervals=intervals, wait=wait)
    pending = bounds is None or (won is not None and won.pending)
    if pending:
        tasks.ask_for_intervals(
            model=model, start=start, end=end, by=by, segment=segment,
            conversion_type=conversion_type, order=order, new_customers=new_customers,
        )  # fmt: skip
    sure = report.confidence(model, scope)
    rows = report.credit_rows(
        scope, earned, effects, conversions - alone, bounds or {}, sure, won=won
    )
    fitted = last_fit(model) if model in LEARNED else None
    return AttributionReport(
        model=model,
        params=report.params(model, order),
        by=by,
        segment=segment,
        conversion_type=conversion_type,
        start=start,
        end=end,
        rows=rows,
        totals=report.credit_totals(scope, rows, won),
        currency=home(),
        log=Cursor(fitted.xid, fitted.position) if fitted else Cursor(*sums.checkpoint()),
        fitted_at=fitted.fitted_at if fitted else None,
        note=note(model) if model in LEARNED else "",
        pending=pending,
        aside=money_reads.aside(start, end),
    )


def compare(
    *,
    models: Sequence[Model],
    start: date,
    end: date,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    order: int = 1,
    intervals: bool = True,
) -> Comparison:
    """The same range under several models; every label of any of them, by name.

    ``order`` and ``intervals`` as for ``attribution``. Raises as ``attribution`` does.
    """
    reports = tuple(
        attribution(
            model=model,
            start=start,
            end=end,
            by=by,
            segment=segment,
            conversion_type=conversion_type,
            order=order,
            intervals=intervals,
        )
        for model in models
    )
    cells = {each.model: {row.label: row for row in each.rows} for each in reports}
    labels = tuple(sorted({label for rows in cells.values() for label in rows}))

    def credit(label: str, attribute: str) -> dict[Model, float]:
        return {
            model: getattr(rows[label], attribute) if label in rows else 0.0
            for model, rows in cells.items()
        }

    return Comparison(
        models=tuple(models),
        labels=labels,
        conversions={label: credit(label, "conversions") for label in labels},
        value={label: credit(label, "value") for label in labels},
        reports=reports,
    )


def observed_paths(
    *,
    start: date,
    end: date,
    by: By = By.CHANNEL,
    segment: str = EVERY,
    conversion_type: str = EVERY,
) -> Paths:
    """The journeys of the range as paths of labels, as often as they were taken; value in money."""
    scope = scope_of(start, end, by, segment, conversion_type)
    found, labels = chains.paths_of(sums.paths(scope)), sums.labels(scope.dimension)
    return dataclasses.replace(
        found,
        channels=tuple(labels.get(int(key), key) for key in found.channels),
        value=found.value / MICRO,
        value_squares=None,
    )


def overview(*, start: date, end: date) -> Overview:
    """The headline of the period and of the equally long one before it, and a daily series."""
    _check(start, end)
    length = (end - start).days + 1
    days = report.series(start - timedelta(days=length), end)
    return Overview(
        start=start,
        end=end,
        current=report.figures(days[length:]),
        previous=report.figures(days[:length]),
        days=days[length:],
        freshness=report.freshness(),
        currency=home(),
    )


def performance(
    *,
    by: By,
    start: date,
    end: date,
    model: Model = Model.LAST_NON_DIRECT,
    segment: str = EVERY,
    conversion_type: str = EVERY,
    new_customers: bool = False,
) -> tuple[PerformanceRow, ...]:
    """The channel or campaign table: touches, clicks, cost, and credit under ``model``.

    ``new_customers`` as for ``attribution``. Holds every key with touches, spend or credit in the
    range; sorted by value, then label.
    """
    found = attribution(
        model=model,
        start=start,
        end=end,
        by=by,
        segment=segment,
        conversion_type=conversion_type,
        new_customers=new_customers,
    )
    scope = scope_of(start, end, by, segment, conversion_type)
    touches, spend = sums.touches(scope), sums.spend(scope)
    rows = [
        PerformanceRow(
            **{field.name: getattr(row, field.name) for field in dataclasses.fields(row)},
            impressions=touches.get(row.key, (0, 0, 0))[2] + spend.get(row.key, (0, 0, 0))[1],
            clicks=touches.get(row.key, (0, 0, 0))[1] + spend.get(row.key, (0, 0, 0))[2],
        )
        for row in found.rows
    ]
    return tuple(sorted(rows, key=lambda row: (-row.value, row.label)))


def journeys(
    *,
    cursor: str | None = None,
    limit: int = 50,
    converted: bool | None = None,
    channel: str | None = None,
    subject: str | None = None,
    conversion_type: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Page[JourneyItem]:
    """Journeys, newest end first. ``channel``: the path contains it; ``subject``: of this person.

    ``subject`` may be any stitched subject or the person itself, the beginning of a person's id (at
    least 6 characters), or an anonymous or user id as the customer's own systems know it. The days
    are those of the journeys' ends, both included. Raises ``InvalidCursor``.
    """
    asked = timeline.conditions(
        converted=converted,
        channel=channel,
        subjects=_subjects(subject.strip()) if subject else (),
        conversion_type=conversion_type,
        start=start,
        end=end,
    )
    return timeline.items(cursor=cursor, limit=limit, conditions=asked)


def person(*, subject: str) -> PersonDetail:
    """The journeys of the person ``subject`` belongs to, with per-touch credit under each model.

    Raises ``NotFound`` when no touch or conversion of this subject is known.
    """
    found, subjects, details = timeline.details(subject)
    converted = [detail.journey for detail in details if detail.journey.converted]
    return PersonDetail(
        person=found,
        subjects=subjects,
        journeys=details,
        conversions=len(converted),
        value=sum(journey.value for journey in converted),
        currency=home(),
        log=Cursor(*sums.checkpoint()),
    )


def decision(event_id: str, *, model: Model = Model.LAST_NON_DIRECT) -> DecisionDetail:
    """A rejection or restoration with what it moved under an additive ``model``.

    Raises ``NotFound``, and ``InvalidInput`` for models whose credit is no sum over journeys.
    """
    if model not in ADDITIVE:
        raise InvalidInput("Choose a model whose credit is a sum over journeys.", field="model")
    return decided.decision(event_id, model=model, currency=home())


def click_times(*, start: date, end: date, conversion_type: str) -> ClickTimes:
    """Times from the last ad click to the newest conversions. Raises ``InvalidRange``."""
    _check(start, end)
    return click_times_.click_times(start=start, end=end, conversion_type=conversion_type)


def spend_by_source(*, start: date, end: date) -> dict[str, float]:
    """What each source cost, in the tenant's currency. Raises ``InvalidRange``."""
    found = sums.spend(scope_of(start, end, By.SOURCE, EVERY, EVERY))
    labels = sums.labels(DIMENSIONS.index(By.SOURCE))
    return {labels[key]: row[0] / MICRO for key, row in found.items() if row[0]}


def checkpoint() -> Cursor:
    """The place in the log up to which reports know everything."""
    return Cursor(*sums.checkpoint())


def fitted() -> frozenset[Model]:
    """The learned models that have been fitted at least once."""
    return frozenset(model for model in LEARNED if last_fit(model) is not None)


def segments() -> tuple[str, ...]:
    """The segments that occur (without ``EVERY``), by name: devices, profiles, and any others."""
    found = {key for (key,) in sums.rows(_OCCURRING, [])}
    return tuple(
        sorted(
            label
            for label, keys in names.segment_groups().items()
            if found.intersection(keys) and not (len(keys) == 1 and keys[0] >= FIRST_PROFILE)
        )
    )


def conversion_types() -> tuple[str, ...]:
    """The conversion types that occur, in alphabetical order (without ``EVERY``)."""
    return tuple(sorted(sums.ids(CONVERSION_TYPE)))


def labels(by: By) -> dict[int, str]:
    """Id -> label of every channel, campaign or source."""
    return sums.labels(DIMENSIONS.index(by))


def channels() -> tuple[str, ...]:
    """The labels of the channels that occur, in alphabetical order."""
    return tuple(sorted(sums.ids(0)))


def sources() -> tuple[str, ...]:
    """The labels of the sources that occur, in alphabetical order."""
    return tuple(sorted(label for label in sums.ids(2) if label != "(not set)"))


def scope_of(start: date, end: date, by: By, segment: str, conversion_type: str) -> sums.Scope:
    """What the stores' sums take for a range and its filters; raises as ``attribution`` does."""
    _check(start, end)
    every = conversion_type == EVERY
    return sums.Scope(
        start=start,
        end=end,
        dimension=DIMENSIONS.index(by),
        segment=None if segment == EVERY else _index(segment),
        conversion_type=None if every else sums.ids(CONVERSION_TYPE).get(conversion_type, -1),
    )


def _index(segment: str) -> tuple[int, ...]:
    known = names.segment_groups()
    if segment not in known:
        raise InvalidInput(f"There is no segment {segment!r}.", segments=[EVERY, *known])
    return known[segment]


def _check(start: date, end: date) -> None:
    if not 0 <= (end - start).days < _LONGEST:
        raise InvalidRange("The range must not end before it starts, nor exceed ten years.")


def home() -> str:
    """The tenant's own currency: every amount a report gives is in it."""
    found = Tenant.objects.filter(schema_name=active_schema()).values_list("currency", flat=True)
    return found.first() or "EUR"


def _subjects(text: str) -> tuple[str, ...]:
    """Whom ``text`` may mean: a subject as it stands, or a raw id behind its pseudonym."""
    secrets = Tenant.objects.filter(schema_name=active_schema()).values_list("secret", flat=True)
    raw = [pseudonym(bytes(secret), kind, text) for secret in secrets for kind in ("a", "u")]
    return (text, *raw)
