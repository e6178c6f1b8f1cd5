"""Settings: exchange rates, and the amounts that wait for one."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from attribution import commands, queries, queries_money
from kernel import clock
from kernel.errors import DomainError, InvalidInput, NotFound
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_LISTED, _EXPORTED = 100, 100_000
_TEN_YEARS = timedelta(days=3650)
_SOURCE = "portal"


@require_http_methods(["GET", "POST"])
@page(Permission.IMPORT_DATA)
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a rate, setting one, and all rates; a bad one is said beside the form."""
    problem, field = "", ""
    if request.method == "POST":
        try:
            _set(request)
        except DomainError as error:
            problem, field = error.detail, str(error.data.get("field", ""))
        else:
            messages.success(request, "The rate is set. Figures follow within moments.")
            return redirect("rates")
    if request.GET.get("format") == "csv":
        return _csv()
    today, home = clock.now().date(), queries.home()
    currency = request.GET.get("currency", "").upper()
    found = queries_money.rates(
        currency=currency or None, cursor=request.GET.get("cursor") or None, limit=_LISTED
    )
    context = {
        "home": home,
        "today": today,
        "waiting": queries_money.aside(start=today - _TEN_YEARS, end=today),
        "rates": found.items,
        "next_cursor": found.next_cursor,
        "typed": request.POST if problem else {"currency": currency},
        "problem": problem,
        "field": field,
        "currency": currency,
        "example": "USD" if home != "USD" else "EUR",
    }
    status = 400 if problem else 200
    return render_page(request, "attribution/rates.html", context, status=status)


@require_POST
@page(Permission.IMPORT_DATA)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back a rate that was set by mistake."""
    currency, day = request.POST.get("currency", ""), _day(request.POST.get("day", ""))
    known = queries_money.rate(currency=currency, day=day)
    if known is None:
        raise NotFound("There is no such rate any more.")
    commands.withdraw_rate(
        currency=currency, day=day, base=known.base, source=_SOURCE, now=clock.now()
    )
    messages.success(request, "The rate is withdrawn. Figures follow within moments.")
    return redirect("rates")


def _set(request: HttpRequest) -> None:
    home, now = queries.home(), clock.now()
    rate = commands.checked_rate(
        day=_day(request.POST.get("day", "")),
        currency=request.POST.get("currency", ""),
        rate=request.POST.get("rate", "").replace(",", "."),
        base=None,
        home=home,
        now=now,
    )
    commands.set_rates(rates=[rate], home=home, source=_SOURCE, now=now)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Choose the day the rate holds from.", field="day") from None


def _csv() -> HttpResponse:
    header = ["day", "currency", "rate", "base", "used", "until"]
    rows = queries_money.rates(limit=_EXPORTED).items
    lines = [[getattr(row, name) for name in header] for row in rows]
    return csv_response("exchange-rates.csv", header, lines)
