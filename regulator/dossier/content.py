"""What a dossier's summary says, gathered from the projections, and the same for programs."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from charts.pictures import png
from evidence.bundle import Contents
from regulator import queries, queries_cases, queries_returns
from regulator.cases import saying
from regulator.contracts import Terms
from regulator.contracts_cases import Decision
from regulator.dossier import drawn, figures
from regulator.dossier.chosen import Scope
from regulator.dossier.figures import Comparison, Played
from regulator.dossier.said import Chart, Held, Summary, Told
from regulator.figures.projection import DAY, HOUR
from regulator.models import Return
from regulator.money import digits
from tenants import audit
from tenants.models import Tenant

_DRAWN = ("stakes", "ggr")


def summary(scope: Scope, *, tenant: Tenant, contents: Contents, now: datetime) -> Summary:
    """The summary of what ``scope`` chose; ``now`` is when it is made."""
    entry = queries.operator(scope.operator)
    scale = 10 ** digits(entry.currency)
    compared = comparisons(scope, now)
    held = _held(scope)
    case = queries_cases.case(UUID(scope.case)) if scope.case else None
    checkpoint = contents.checkpoint
    return Summary(
        organisation=tenant.name,
        title=scope.reference or f"{entry.name}, {scope.since:%-d %B %Y} to {_last(scope)}",
        operator=entry.operator, since=scope.since, until=scope.until, made_at=now,
        facts=_facts(scope, entry, compared, scale), about=case.about if case else (),
        decision=_decision(case.decision) if case and case.decision else "",
        charts=_charts(scope, entry, compared, held, scale), held=held, unit=entry.currency,
        scale=scale, timeline=_timeline(scope, tenant), events=contents.events,
        size=checkpoint.size, root=base64.b64encode(checkpoint.root).decode(),
        sealed_at=checkpoint.sealed_at, keys=contents.keys, sums=dict(contents.sums),
    )  # fmt: skip


def naming(found: Summary, sums: dict[str, str]) -> Summary:
    """``found`` with the hashes of the files it stands beside."""
    return replace(found, sums=sums)


def document(found: Summary, scope: Scope) -> bytes:
    """The summary for programs: JSON; amounts in smallest units, times in ISO 8601."""
    compared = comparisons(scope, found.made_at)
    told = {
        "organisation": found.organisation, "title": found.title, "operator": found.operator,
        "case": scope.case or None, "since": found.since.isoformat(),
        "until": found.until.isoformat(), "made_at": found.made_at.isoformat(),
        "currency": found.unit, "about": msgspec.to_builtins(found.about),
        "decision": found.decision or None, "figures": figures.rows(compared),
        "returns": [
            {"period": each.period, "vintage": each.vintage, "declared": each.declared,
             "feed": each.fed}
            for each in found.held
        ],
        "steps": [
            {"step": each.number, "at": each.at.isoformat(), "who": each.who, "what": each.label,
             "event": each.event}
            for each in found.timeline
        ],
        "events": found.events, "checkpoint": {"size": found.size, "root": found.root},
        "files": dict(sorted(found.sums.items())),
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(told)) + b"\n"


def comparisons(scope: Scope, now: datetime) -> list[Comparison]:
    """Every metric of the stretch, held against the weeks before it."""
    hourly = figures.hourly(scope.since, scope.until)
    step = timedelta(hours=1) if hourly else timedelta(days=1)
    _, end = figures.shown(scope.since, scope.until)
    found = queries.spans(
        scope.operator, span=HOUR if hourly else DAY,
        start=figures.longest_history(scope.since).date(), end=end.date(),
    )  # fmt: skip
    played = {
        each.start: Played(
            stakes=each.figures.stakes, payouts=each.figures.payouts,
            refunds=each.figures.refunds, events=each.figures.events,
        )
        for each in found
    }  # fmt: skip
    return [
        figures.compare(
            played, metric, since=scope.since, until=scope.until, step=step, known_until=now
        )
        for metric in figures.METRICS
    ]


def _charts(
    scope: Scope, entry: Terms, compared: list[Comparison], held: tuple[Held, ...], scale: int
) -> tuple[Chart, ...]:
    found = []
    for each in compared:
        if each.metric not in _DRAWN or not each.spans:
            continue
        spec = drawn.against_expected(
            each, since=scope.since, until=scope.until, unit=entry.currency, scale=scale
        )
        title = "GGR" if each.metric == "ggr" else each.metric.capitalize()
        note = figures.words(each, entry.currency, scale)
        found.append(Chart(title=f"{title}, the stretch shaded", png=png(spec), note=note))
    if held:
        off = sum(each.declared != each.fed for each in held if each.fed is not None)
        note = f"{off} of {len(held)} versions of returns declare another GGR than the feed holds."
        spec = drawn.against_feed(held, unit=entry.currency, scale=scale)
        found.append(Chart(title="GGR declared, and that of the feed", png=png(spec), note=note))
    return tuple(found)


def _facts(
    scope: Scope, entry: Terms, compared: list[Comparison], scale: int
) -> tuple[tuple[str, str], ...]:
    feed = queries.feed(scope.operator)
    by_name = {each.metric: each for each in compared}
    return (
        ("Operator", f"{entry.name} ({entry.operator}), licence {entry.licence}"),
        ("Stretch (UTC)", f"{scope.since:%-d %b %Y, %H:%M} to {scope.until:%-d %b %Y, %H:%M}"),
        ("GGR", figures.words(by_name["ggr"], entry.currency, scale)),
        ("Records", figures.words(by_name["events"], "", 1)),
        ("Receipts for its records", f"{len(scope.receipts):,}"),
        ("Numbers missing in the feed", f"{feed.missing:,} of {feed.highest:,}"),
        ("Expected", ("The median of the same hour of the week, or the same weekday, in the eight"
                     " weeks before the stretch.")),
    )  # fmt: skip


def _held(scope: Scope) -> tuple[Held, ...]:
    """Every version of the returns that the stretch touches, beside the feed of their days."""
    fed = {
        (each.filed.start, each.filed.end): each.fed
        for each in queries_returns.returns(scope.operator).held
    }
    rows = Return.objects.filter(event__in=scope.returns).order_by("start", "end", "place")
    found = []
    for row in rows:
        played = fed.get((row.start, row.end))
        found.append(
            Held(
                period=f"{row.start:%-d %b} to {row.end:%-d %b %Y}", vintage=str(row.vintage),
                declared=row.ggr,
                fed=None if played is None else played.stakes - played.payouts - played.refunds,
            )
        )  # fmt: skip
    return tuple(found)


def _timeline(scope: Scope, tenant: Tenant) -> tuple[Told, ...]:
    if not scope.case:
        return ()
    names = audit.people(tenant)
    return tuple(
        Told(
            number=each.number, at=each.at, label=each.label, event=str(each.event),
            who=names.get(each.step.actor) or f"former member {each.step.actor[:8]}",
            lines=tuple(saying.details(each.step, names)),
        )
        for each in queries_cases.timeline(UUID(scope.case))
    )  # fmt: skip


def _decision(decision: Decision) -> str:
    return f"{saying.decided(decision)}. {decision.reasons}"


def _last(scope: Scope) -> str:
    return f"{scope.until - timedelta(microseconds=1):%-d %B %Y}"
