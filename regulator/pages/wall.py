"""The wall: every operator's feed as a tile, the most urgent first."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kernel import clock
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator.wall import queries, states
from regulator.wall.states import Signs, State
from tenants.contracts import Permission

HEADER = [
    "operator", "name", "state", "last_heard", "records_per_minute", "usual_per_minute", "missing",
    "late", "refused", "last_receipt", "receipt_at",
]  # fmt: skip
SIZES = ((12, "few"), (40, "some"))
"""Up to how many tiles are how large."""
_RATE_DIGITS = 3


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """All feeds as they stand now; the page's script asks for it again when one has changed."""
    now = clock.now()
    ranked = states.ranked(queries.signs(now), now)
    if request.GET.get("format") == "csv":
        return csv_response("feeds.csv", HEADER, [_line(*each) for each in ranked])
    counts = states.counts(word for word, _ in ranked)
    context = {
        "tiles": [_tile(word, signs, now) for word, signs in ranked],
        "counts": [(word, states.WORDS[word], count) for word, count in counts.items()],
        "size": next((name for most, name in SIZES if len(ranked) <= most), "many"),
        "now": now,
        "may": Permission.MANAGE_OPERATORS in allowed(request),
    }
    return render_page(request, "regulator/wall.html", context)


def _tile(word: State, signs: Signs, now: datetime) -> dict[str, Any]:
    heard = signs.heard_at
    return {
        "signs": signs, "state": str(word), "word": states.WORDS[word],
        "silence": None if heard is None else (now - heard).total_seconds(),
        "rhythm": None if signs.rhythm is None else signs.rhythm.total_seconds(),
        "share": signs.share,
    }  # fmt: skip


def _line(word: State, signs: Signs) -> list[Any]:
    usual = None if signs.usual is None else round(signs.usual, _RATE_DIGITS)
    return [
        signs.operator, signs.title, states.WORDS[word], signs.heard_at,
        round(signs.per_minute, _RATE_DIGITS), usual, signs.missing, signs.late, signs.refused,
        signs.receipt or None, signs.receipt_at,
    ]  # fmt: skip
