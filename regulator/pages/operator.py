"""One operator: what its feed brought, its returns, its receipts and keys."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from eventlog.seal import signing
from kernel import clock
from portal import daterange
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_returns
from regulator.contracts import Terms
from regulator.pages import operator_feed, operator_returns
from regulator.pages.findings import shown
from regulator.pages.forms import GAMES
from tenants import address
from tenants import commands as members
from tenants import queries as tenants
from tenants.contracts import IssuedKey, Permission
from tenants.pages import hosts

_SHOWN = 20


@require_GET
@page(Permission.VIEW_REPORTS)
def operator(request: HttpRequest, operator: str) -> HttpResponse:
    """The operator's page; ``?format=csv`` downloads what its chart shows."""
    return _shown(request, operator, None)


@never_cache
@require_POST
@page(Permission.MANAGE_KEYS)
def make_key(request: HttpRequest, operator: str) -> HttpResponse:
    """Make a key that writes this operator's feed; its text is in this one answer."""
    held = queries.operator(operator)
    issued = members.issue_feed_key(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        feed=held.operator,
        name=f"Feed of {held.name}"[:80],
        now=clock.now(),
        origin=address.short(request),
    )
    return _shown(request, operator, issued)


def _shown(request: HttpRequest, name: str, issued: IssuedKey | None) -> HttpResponse:
    entry, now = queries.operator(name), clock.now()
    asked = operator_feed.read(request, entry, now.date())
    if request.GET.get("format") == "csv":
        return csv_response(*operator_feed.table(asked, entry))
    feed, as_of = queries.feed(name), operator_returns.read(request)
    checked = queries_returns.checked(entry, feed, as_of=as_of, now=now)
    context = {
        "entry": entry,
        "games": [GAMES[each] for each in GAMES if each in entry.game_types],
        "feed": feed,
        "receipts": queries.receipts(name, limit=_SHOWN),
        "rows": [shown(each) for each in checked.findings[:_SHOWN]],
        "more": max(len(checked.findings) - _SHOWN, 0),
        "range": asked.days,
        "ranges": daterange.RANGES,
        **operator_feed.context(asked, entry, now),
        **operator_returns.context(checked.returns, entry, as_of),
        **_keys(request, entry, issued),
    }
    return render_page(request, "regulator/operator.html", context)


def _keys(request: HttpRequest, entry: Terms, issued: IssuedKey | None) -> dict[str, Any]:
    """Who may send for the operator, and what receipts are checked with."""
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    return {
        "verifier": signing.ensured(now=clock.now())[-1].verifier.text,
        "keys": [each for each in tenants.keys(tenant) if each.feed == entry.operator],
        "issued": issued,
        "events_url": hosts.bare(request, "/api/v1/gaming/events"),
        "now": clock.now(),
        "may": allowed(request),
    }
