"""Settings: how journeys are cut, and how far a change has come."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from attribution import deciding, queries
from attribution.journeys.rules import (
    ClicksWin,
    InvalidRules,
    Merging,
    Rules,
    SharedDevices,
    Views,
    Window,
)
from kernel import clock
from portal.pages import allowed, page, render_page
from tenants import acts
from tenants.contracts import Permission

_BLANK_ROWS = 2
CLICKS_WIN = {
    ClicksWin.NEVER: "Impressions count beside clicks",
    ClicksWin.CHANNEL: "A click or visit takes the place of its own channel's impressions",
    ClicksWin.JOURNEY: "Any click or visit but a direct one takes the place of all impressions",
}
SHARED_DEVICES = {
    SharedDevices.TOGETHER: "They are one person: everything is stitched together",
    SharedDevices.LATEST: "Each is a person: what happens belongs to whoever identified last",
}


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_REPORTS, post=Permission.MANAGE_JOURNEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The rules; changing them begins to cut the journeys anew."""
    fault: InvalidRules | None = None
    found = queries.rules()
    shown = found.rules
    if request.method == "POST":
        try:
            shown = _rules(request.POST)
            deciding.set_rules(
                rules=shown,
                actor=acts.pseudonym(request.tenant, request.user),  # type: ignore[attr-defined,arg-type]  # a member
                now=clock.now(),
            )
            return redirect(f"{request.path}?saved=1")
        except InvalidRules as error:
            fault = error
    context = {
        "found": found,
        "rules": shown,
        "windows": [*shown.windows, *[None] * _BLANK_ROWS],
        "channels": queries.channels(),
        "types": queries.conversion_types(),
        "origins": queries.origins(),
        "sources": "\n".join(shown.merging.sources),
        "clicks_win": CLICKS_WIN.items(),
        "shared_devices": SHARED_DEVICES.items(),
        "fault": fault,
        "saved": "saved" in request.GET,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "attribution/rules.html", context, status=400 if fault else 200)


def _rules(given: QueryDict) -> Rules:
    """The form as rules; raises ``InvalidRules`` for what is no number or no choice."""
    try:
        return Rules(
            lookback_days=int(given.get("lookback_days", "")),
            windows=_windows(given),
            views=Views(
                count="views_count" in given,
                days=_number(given.get("views_days")),
                viewable_only="viewable_only" in given,
                min_seconds=float(given.get("min_seconds") or 0),
                clicks_win=ClicksWin(given.get("clicks_win", "")),
            ),
            shared_devices=SharedDevices(given.get("shared_devices", "")),
            merging=Merging(
                sources=tuple(
                    line.strip() for line in given.get("sources", "").splitlines() if line.strip()
                ),
                minutes=_number(given.get("minutes")) or 0,
            ),
        )
    except ValueError:
        raise InvalidRules("Days, seconds and minutes are numbers.") from None


def _windows(given: QueryDict) -> tuple[Window, ...]:
    columns: tuple[list[Any], ...] = tuple(
        given.getlist(name) for name in ("window_channel", "window_type", "window_days")
    )
    return tuple(
        Window(channel=channel, conversion_type=kind, days=int(days))
        for channel, kind, days in zip(*columns, strict=False)
        if days.strip()
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip() else None
