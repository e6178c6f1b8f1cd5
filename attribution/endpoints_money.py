"""The REST side of money: what channels cost, and what currencies are worth."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import commands, queries, queries_money
from attribution.contracts import EVERY, Model
from attribution.money import sent
from attribution.response.report import Budget
from evidence.log_position import LogPosition, position
from ingest import decode
from ingest.auth import Principal
from ingest.collect import MAX_BODY_BYTES, take
from ingest.documents import PROBLEM
from ingest.parameters import DayField, Parameters
from ingest.problems import TooLarge
from kernel import clock, days
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
_DAYS = 90


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


class BudgetParameters(Parameters):
    """Days, model and a plan."""

    model = serializers.ChoiceField(choices=[str(m) for m in Model], default=str(Model.SHAPLEY))
    to = DayField(required=False, help_text="Last day; yesterday when absent.")
    segment = serializers.CharField(default=EVERY, max_length=40)
    conversion_type = serializers.CharField(default=EVERY, max_length=200)
    plan = serializers.ChoiceField(
        choices=["given", "best"], default="given", help_text="`best`: the suggestion."
    )
    goal = serializers.ChoiceField(choices=["conversions", "value"], default="conversions")
    total = serializers.FloatField(
        required=False, default=None, min_value=0, help_text="Daily spend the plan is scaled to."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        text = f"First day; {_DAYS} days up to the last one when absent."
        fields["from"] = DayField(required=False, help_text=text)
        return fields


class ExpectedAnswer(serializers.Serializer[Any]):
    """A figure per day with its 95 % bounds."""

    point = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class CurveAnswer(serializers.Serializer[Any]):
    """A channel of the plan; its curve is top * spend / (spend + half)."""

    channel = serializers.CharField()
    top = serializers.FloatField()
    half = serializers.FloatField()
    carry = serializers.FloatField(help_text="Part of a day's effect that works on the next day.")
    today = serializers.FloatField(help_text="Mean daily spend of the days.")
    spend = serializers.FloatField(help_text="Daily spend of the plan.")
    seen = serializers.BooleanField(help_text="Whether such a spend was ever seen.")
    before = ExpectedAnswer()
    conversions = ExpectedAnswer()
    revenue = ExpectedAnswer()
    next_cost = ExpectedAnswer(allow_null=True, help_text="Cost of one more conversion.")


class UntoldAnswer(serializers.Serializer[Any]):
    """A channel whose days tell no curve, and why."""

    channel = serializers.CharField()
    reason = serializers.CharField()
    today = serializers.FloatField()
    conversions = serializers.FloatField()
    value = serializers.FloatField()


class BudgetAnswer(serializers.Serializer[Any]):
    """What a plan is expected to bring per day: what went together, not what caused what."""

    model = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    currency = serializers.CharField()
    today = serializers.FloatField()
    total = serializers.FloatField()
    conversions = ExpectedAnswer()
    revenue = ExpectedAnswer()
    change = ExpectedAnswer(help_text="Conversions against today's spend.")
    revenue_change = ExpectedAnswer()
    decided = serializers.BooleanField(help_text="Whether chance alone can't explain the change.")
    channels = CurveAnswer(many=True)
    untold = UntoldAnswer(many=True)
    log = LogPosition()


class BudgetView(APIView):
    """GET /api/v1/budget."""

    scope = "read"

    @extend_schema(
        operation_id="budget",
        summary="Response curves and what a budget would bring",
        parameters=[
            BudgetParameters,
            OpenApiParameter(
                "budget", str, many=True, description="`Channel:daily spend`, once per channel."
            ),
        ],
        responses=BudgetAnswer,
    )
    def get(self, request: Request) -> Response:
        """Curves of the channels with cost, and the expectation of a plan over them."""
        asked = BudgetParameters.of(request)
        end = asked.get("to") or clock.now().date() - timedelta(days=1)
        found = queries_money.budget(
            model=Model(asked["model"]),
            start=asked.get("from") or end - timedelta(days=_DAYS - 1),
            end=end,
            segment=asked["segment"],
            conversion_type=asked["conversion_type"],
            budgets=dict(map(_budget, request.query_params.getlist("budget"))),
            total=asked["total"],
            best=asked["plan"] == "best",
            by_value=asked["goal"] == "value",
        )
        return Response(_plan(found))


def _budget(text: str) -> tuple[str, float]:
    label, _, amount = text.rpartition(":")
    try:
        spend = float(amount)
    except ValueError:
        spend = -1.0
    if not label or not 0 <= spend <= 1e12:
        raise InvalidInput("A budget reads Channel:amount, the amount at least 0.", field="budget")
    return label, spend


def _plan(found: Budget) -> dict[str, Any]:
    outcome = msgspec.to_builtins(found.outcome)
    lines = outcome.pop("lines")
    for line, curve in zip(lines, found.curves.values(), strict=True):
        line |= {"channel": line.pop("label"), "carry": curve.carry}
        line |= {"top": float(curve.top[0]), "half": float(curve.half[0])}
    untold = [msgspec.to_builtins(each) for each in found.untold.values()]
    for each in untold:
        each["channel"] = each.pop("label")
    return {
        "model": str(found.model),
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "currency": found.currency,
        **outcome,
        "decided": found.outcome.decided,
        "channels": lines,
        "untold": untold,
        "log": position(found.log),
    }


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
        page = queries_money.rates(**RatesParameters.of(request))
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
        on = days.parse(day)
    except ValueError:
        raise InvalidInput("The day is a date like 2026-11-20.", field="day") from None
    known = queries_money.rate(currency=currency.upper(), day=on)
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
