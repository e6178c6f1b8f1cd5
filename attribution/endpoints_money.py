"""The REST side of money: what channels cost, and what currencies are worth."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import commands, queries
from attribution.endpoints import Parameters
from attribution.money import sent
from ingest import decode
from ingest.auth import Principal
from ingest.collect import MAX_BODY_BYTES, take
from ingest.documents import PROBLEM
from ingest.problems import TooLarge
from kernel import clock
from kernel.errors import DomainError, InvalidInput, NotFound

_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same rows under the same key add nothing.",
)
_ERRORS = {
    400: OpenApiResponse(response=PROBLEM, description="The body can't be read"),
    413: OpenApiResponse(response=PROBLEM, description="Too large, or too many rows"),
}
_LONGEST_KEY = 200


class SpendRow(serializers.Serializer[Any]):
    """What a place cost on a day: the whole day's figure."""

    day = serializers.DateField()
    channel = serializers.CharField(max_length=200)
    source = serializers.CharField(max_length=200, required=False)  # type: ignore[assignment]  # a field of that name
    campaign = serializers.CharField(max_length=200, required=False)
    cost = serializers.FloatField(min_value=0)
    currency = serializers.CharField(
        required=False, help_text="Three letters; the tenant's own when absent."
    )
    impressions = serializers.IntegerField(min_value=0, required=False)
    clicks = serializers.IntegerField(min_value=0, required=False)


class SpendRows(serializers.Serializer[Any]):
    """At most 1,000 rows."""

    rows = SpendRow(many=True)


class RateRow(serializers.Serializer[Any]):
    """From the day on a unit of the currency is worth this much of the tenant's."""

    day = serializers.DateField()
    currency = serializers.CharField(help_text="Three letters.")
    rate = serializers.CharField(help_text="Decimal text or a number, above 0.")
    base = serializers.CharField(required=False, help_text="The tenant's currency, to be sure.")


class RateRows(serializers.Serializer[Any]):
    """At most 1,000 rows."""

    rows = RateRow(many=True)


class RowProblem(serializers.Serializer[Any]):
    """A problem document (RFC 9457) and the place of the row it is about."""

    index = serializers.IntegerField()
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class RowsAnswer(serializers.Serializer[Any]):
    """What became of the rows."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    rejected = RowProblem(many=True)


class RateAnswer(serializers.Serializer[Any]):
    """A rate and the days it holds; ``until`` is null for the newest."""

    day = serializers.DateField()
    currency = serializers.CharField()
    base = serializers.CharField()
    rate = serializers.CharField()
    used = serializers.BooleanField(help_text="Whether it is against the tenant's currency.")
    until = serializers.DateField(allow_null=True)


class RatesAnswer(serializers.Serializer[Any]):
    """A page of rates, newest day first."""

    rates = RateAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class RatesParameters(Parameters):
    """A page of rates."""

    currency = serializers.CharField(required=False, max_length=3, default=None)
    cursor = serializers.CharField(required=False, max_length=500, default=None)
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=100)


class SpendView(APIView):
    """POST /api/v1/spend."""

    scope = "ingest"

    @extend_schema(
        operation_id="spend_create",
        summary="Send what channels cost",
        description=(
            "One row is a day's whole figure for a channel, source and campaign; a later one for"
            " the same day and place replaces it, so a platform's restatement is sent as it is."
            " Good rows are kept when others are rejected."
        ),
        request=SpendRows,
        parameters=[_KEY],
        responses={200: RowsAnswer, **_ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Take rows of spend; each bad one is answered with its own problem."""
        read = sent.read(_body(request), sent.SentSpend)
        events = tuple(sent.spend(read.rows, _key(request)))
        principal: Principal = request.auth  # type: ignore[assignment]  # by key alone
        batch = take(
            decode.Decoded(events=events), principal=principal, source="api", now=clock.now()
        )
        rejected = [*read.rejected, *sent.refusals(batch.rejected)]
        return _answer(batch.accepted, len(batch.duplicates), rejected)


class RatesView(APIView):
    """/api/v1/rates."""

    @property
    def scope(self) -> str:
        """Rates move every figure: reading is for readers, setting for administrators."""
        return "read" if self.request.method == "GET" else "admin"

    @extend_schema(operation_id="rates", parameters=[RatesParameters], responses=RatesAnswer)
    def get(self, request: Request) -> Response:
        """A page of exchange rates, newest day first."""
        page = queries.rates(**RatesParameters.of(request))
        rates = [msgspec.to_builtins(each) for each in page.items]
        return Response({"rates": rates, "next_cursor": page.next_cursor})

    @extend_schema(
        operation_id="rates_create",
        summary="Set exchange rates",
        description=(
            "A rate holds from its day until the next one of its currency; one for the same day"
            " replaces it. Figures of the days it concerns are valued anew."
        ),
        request=RateRows,
        parameters=[_KEY],
        responses={200: RowsAnswer, **_ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Set rates; each bad row is answered with its own problem."""
        read = sent.read(_body(request), sent.SentRate)
        home, now, key = queries.home(), clock.now(), _key(request)
        good, rejected = [], list(read.rejected)
        for index, row in read.rows:
            try:
                rate = commands.checked_rate(
                    day=row.day, currency=row.currency, rate=row.rate, base=row.base, home=home,
                    now=now,
                )  # fmt: skip
            except DomainError as error:
                rejected.append(sent.refusal(index, error.code, error.detail))
            else:
                name = sent.event_name("rate", key, index, row)
                good.append(replace(rate, name=name))
        done = commands.set_rates(rates=good, home=home, source="api", now=now)
        return _answer(done.accepted, done.duplicates, rejected)


class OneRateView(APIView):
    """/api/v1/rates/{currency}/{day}."""

    scope = "admin"

    @extend_schema(
        operation_id="rates_destroy",
        responses={204: None, 404: OpenApiResponse(response=PROBLEM, description="No such rate")},
    )
    def delete(self, request: Request, currency: str, day: str) -> Response:
        """Withdraw a rate that was set by mistake: the one before it holds again."""
        _withdraw(currency, day)
        return Response(status=204)


def _withdraw(currency: str, day: str) -> None:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise InvalidInput("The day is a date like 2026-11-20.", field="day") from None
    known = queries.rate(currency=currency.upper(), day=on)
    if known is None:
        raise NotFound("There is no such rate.")
    commands.withdraw_rate(
        currency=known.currency, day=on, base=known.base, source="api", now=clock.now()
    )


def _body(request: Request) -> bytes:
    raw = request._request
    body: bytes = raw.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"A body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES)
    return decode.unpacked(body, raw.headers.get("Content-Encoding", ""), MAX_BODY_BYTES)


def _key(request: Request) -> str:
    return str(request.headers.get("Idempotency-Key", ""))[:_LONGEST_KEY]


def _answer(accepted: int, duplicates: int, rejected: list[dict[str, Any]]) -> Response:
    rejected.sort(key=lambda each: int(each["index"]))
    return Response({"accepted": accepted, "duplicates": duplicates, "rejected": rejected})
