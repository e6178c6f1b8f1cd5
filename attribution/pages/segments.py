"""Segments: one budget for all beside one for each profile, and who the profiles are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries_profiles
from attribution.profiles.report import BudgetLine, Effect, Group, ProfilesReport, ProfileView
from charts.specs import Bar, points
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_CHARTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One half of the split screen: a title, a sentence, columns, and a row for each channel."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    sums: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A profile with its conversions, and the channels that differ for it, most first."""

    profile: ProfileView
    group: Group | None
    movers: tuple[Effect, ...]
    chart: dict[str, Any] | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """A channel's return for everybody, and its effect in each group."""

    channel: str
    roas: float | None
    effects: tuple[Effect, ...]


@page(Permission.VIEW_REPORTS)
def split(request: HttpRequest) -> HttpResponse:
    """The split screen: everybody alike on the left, each profile on the right."""
    found = queries_profiles.profiles()
    if request.GET.get("format") == "csv":
        return _budget_csv(found)
    context = {
        **_context(request, found),
        "sides": _sides(found),
        "multipliers": _multipliers(found),
        "between": "of budget lies with other people",
        "here": "split",
    }
    return render_page(request, "attribution/segments.html", context)


@page(Permission.VIEW_REPORTS)
def profiles(request: HttpRequest) -> HttpResponse:
    """Who the profiles are, how sure that is, and what moves them."""
    found = queries_profiles.profiles()
    if request.GET.get("format") == "csv":
        asked = request.GET.get("table")
        return _effects_csv(found) if asked == "effects" else _profiles_csv(found)
    context = {**_context(request, found), "cards": _cards(found), "here": "profiles"}
    return render_page(request, "attribution/profiles.html", context)


def _context(request: HttpRequest, found: ProfilesReport) -> dict[str, Any]:
    clear = sum(each.clear * each.people for each in found.profiles)
    members = sum(each.people for each in found.profiles)
    return {
        "found": found,
        "currency": found.currency,
        "members": members,
        "clear": clear / members if members else None,
        "known_share": found.known / found.people if found.people else None,
        "groups": [found.everybody, *found.groups] if found.everybody else [],
        "needs": f"Profiles need {found.needed} people with three visits or more; there are "
        f"{found.known} so far.",
        "api": request.build_absolute_uri(reverse("api-segments")),
        "inputs": [
            ("the journeys", reverse("journeys")),
            ("what people did: pages, searches, arrivals, orders", reverse("events")),
            ("the cost of channels", reverse("channels")),
        ],
    }


def _sides(found: ProfilesReport) -> tuple[Side, Side] | None:
    budgets = found.budgets
    if budgets is None:
        return None
    names = tuple(group.name for group in found.groups)
    left = Side(
        title="One size fits all",
        text="Each channel gets budget for the value it causes among all people, and spends it on "
        "whom it reaches.",
        columns=("Spent", "Budget"),
        rows=tuple((line.channel, (line.spent, line.one)) for line in budgets.lines),
        sums=(budgets.total, sum(line.one for line in budgets.lines)),
    )
    right = Side(
        title="Each profile its own",
        text="Each channel gets budget for the value it causes among each profile's people.",
        columns=names,
        rows=tuple((line.channel, line.by_group) for line in budgets.lines),
        sums=_sums(budgets.lines, len(names)),
    )
    return left, right


def _multipliers(found: ProfilesReport) -> list[Multipliers]:
    """The channels, those that caused most first."""
    if found.everybody is None:
        return []
    rows = [
        Multipliers(
            channel=each.channel,
            roas=each.roas,
            effects=tuple(group.effects[place] for group in found.groups),
        )
        for place, each in enumerate(found.everybody.effects)
    ]
    caused = {each.channel: each.caused for each in found.everybody.effects}
    return sorted(rows, key=lambda row: -caused[row.channel])


def _sums(lines: Sequence[BudgetLine], size: int) -> tuple[float, ...]:
    return tuple(sum(line.by_group[place] for line in lines) for place in range(size))


def _cards(found: ProfilesReport) -> list[Card]:
    groups = {group.number: group for group in found.groups}
    return [_card(each, groups.get(each.number)) for each in found.profiles]


def _card(profile: ProfileView, group: Group | None) -> Card:
    effects = [each for each in group.effects if each.multiplier is not None] if group else []
    shown = sorted(effects, key=lambda each: -each.caused)[:_CHARTED]
    movers = sorted((each for each in effects if each.decided), key=lambda e: -(e.multiplier or 0))
    rows = [
        Bar(
            label=each.channel,
            value=round(each.multiplier or 0.0, 3),
            low=each.multiplier_low,
            high=each.multiplier_high,
            undecided=not each.decided,
        )
        for each in shown
    ]
    return Card(
        profile=profile,
        group=group,
        movers=tuple(movers),
        chart=points(title="Return against everybody's", rows=rows, baseline=1.0) if rows else None,
        summary=_said(movers),
    )


def _said(movers: Sequence[Effect]) -> str:
    """What moves these people more than others, and what less, in a sentence."""
    more = [each.channel for each in movers if (each.multiplier or 0) > 1]
    less = [each.channel for each in movers if (each.multiplier or 0) < 1]
    parts = []
    if more:
        parts.append(f"Moved more than others by {_list(more)}")
    if less:
        parts.append(f"{'less' if more else 'Moved less than others'} by {_list(less[::-1])}")
    return f"{', '.join(parts)}." if parts else "No channel moves them otherwise beyond chance."


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _budget_csv(found: ProfilesReport) -> HttpResponse:
    names = [group.name for group in found.groups]
    header = [
        "channel",
        "spent",
        "one_for_all",
        *(f"one_for_all: {each}" for each in names),
        *names,
    ]
    lines = found.budgets.lines if found.budgets else ()
    rows = [
        [line.channel, line.spent, line.one, *line.one_by_group, *line.by_group] for line in lines
    ]
    return csv_response("segment-budgets.csv", header, rows)


def _profiles_csv(found: ProfilesReport) -> HttpResponse:
    figures = list(found.profiles[0].figures) if found.profiles else []
    header = ["profile", "people", "share", "clear", "visits", "pages", "intent", *figures]
    rows = [
        [each.name, each.people, each.share, each.clear, each.visits, each.pages, each.intent,
         *each.figures.values()]
        for each in found.profiles
    ]  # fmt: skip
    return csv_response("profiles.csv", header, rows)


def _effects_csv(found: ProfilesReport) -> HttpResponse:
    names = (
        "touches", "caused", "caused_low", "caused_high", "value", "last", "last_value", "cost",
        "roas", "roi", "multiplier", "multiplier_low", "multiplier_high",
    )  # fmt: skip
    groups = [found.everybody, *found.groups] if found.everybody else []
    rows = [
        [group.name, each.channel, *(getattr(each, name) for name in names)]
        for group in groups
        for each in group.effects
    ]
    return csv_response("profile-effects.csv", ["profile", "channel", *names], rows)
