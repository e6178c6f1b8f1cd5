"""The query string of a report page, read once and strictly; and where its default range ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from attribution import markov_order, queries, queries_money
from attribution.contracts import EVERY, MODEL_LABELS, By, Model
from kernel import clock
from kernel.errors import InvalidInput
from portal import daterange
from portal.daterange import RANGES, DateRange

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a report page was asked for."""

    days: DateRange
    model: Model
    by: By
    segment: str
    conversion_type: str
    order: int
    chosen: markov_order.ChosenOrder | None
    """How the order was chosen, where that was left to us."""
    api: str
    """The request that gets the same figures through the API, as an address."""

    @property
    def scope(self) -> dict[str, Any]:
        """The keyword arguments that every report query takes."""
        return {
            "start": self.days.start,
            "end": self.days.end,
            "segment": self.segment,
            "conversion_type": self.conversion_type,
        }


def read(request: HttpRequest, *, by: By | None = None, preset: str = "30d") -> Filters:
    """The filters of a request; raises ``InvalidInput`` for what can't be meant.

    ``by`` is the dimension of a page that has just one; ``preset`` the days nobody chose.
    """
    query = request.GET
    order = query.get("order", "1")
    if order not in (*markov_order.ORDERS, markov_order.AUTO):
        raise InvalidInput("A Markov chain here has an order from 1 to 4, or auto.")
    span = days(request, preset)
    dimension = by or choice(By, query, "by", By.CHANNEL)
    segment, conversion_type = query.get("segment") or EVERY, query.get("type") or EVERY
    chosen = None
    if order == markov_order.AUTO:
        chosen = markov_order.choose(
            start=span.start,
            end=span.end,
            by=dimension,
            segment=segment,
            conversion_type=conversion_type,
        )
    return Filters(
        days=span,
        model=choice(Model, query, "model", Model.LAST_NON_DIRECT),
        by=dimension,
        segment=segment,
        conversion_type=conversion_type,
        order=chosen.order if chosen else int(order),
        chosen=chosen,
        api=_api(request, span, dimension),
    )


def _api(request: HttpRequest, span: DateRange, by: By) -> str:
    """The API's address with these filters. A page that compares models asks for the reference."""
    query = request.GET
    model = query.get("model") or query.get("reference") or str(Model.LAST_NON_DIRECT)
    asked = {
        "from": span.start.isoformat(),
        "to": span.end.isoformat(),
        "model": model,
        "by": str(by),
        "order": query.get("order", "") if model == Model.MARKOV else "",
        "segment": query.get("segment", ""),
        "conversion_type": query.get("type", ""),
    }
    parameters = urlencode({name: value for name, value in asked.items() if value})
    return request.build_absolute_uri(f"{reverse('api-attribution')}?{parameters}")


def days(request: HttpRequest, preset: str = "30d") -> DateRange:
    """The range asked for; without one, the last 30 days (or as ``preset`` says) with journeys."""
    today = clock.now().date()
    if daterange.asked(request.GET):
        return daterange.parse(request.GET, today)
    found = queries.journeys(limit=1).items
    return daterange.newest(found[0].ended_at.date() if found else None, today, preset=preset)


def choice(kind: type[E], query: Mapping[str, str], name: str, default: E) -> E:
    """The parameter ``name`` as a member of ``kind``; raises ``InvalidInput`` for other words."""
    text = query.get(name) or default
    try:
        return kind(text)
    except ValueError:
        words = ", ".join(kind)
        raise InvalidInput(f"{name} is one of {words}.", field=name) from None


def context(filters: Filters) -> dict[str, Any]:
    """What the filter bar offers and what is chosen."""
    return {
        "filters": filters,
        "range": filters.days,
        "ranges": RANGES,
        "models": MODEL_LABELS.items(),
        "dimensions": [(str(by), by.title()) for by in By],
        "segments": queries.segments(),
        "types": queries.conversion_types(),
        "orders": markov_order.ORDERS,
        "every": EVERY,
        "aside": queries_money.aside(start=filters.days.start, end=filters.days.end),
        "api": filters.api,
    }
