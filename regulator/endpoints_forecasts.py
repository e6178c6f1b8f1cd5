"""POST /api/v1/forecast/ggr and GET /api/v1/regulator/forecasts: parse, one query, render.

Fitting takes seconds and libraries that only workers have, so no answer waits for it: a stored
forecast is answered at once, anything else is 202 with the address where the answer will be.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.parameters import DayField, NumberField, Parameters
from kernel import clock, ids
from kernel.errors import InvalidInput, NotFound
from regulator import queries, queries_forecasts
from regulator.endpoints import supervises
from regulator.forecasts import jobs, tasks
from regulator.forecasts.ahead import LEAST, TooFewMonths
from regulator.forecasts.candidates import NAMES
from regulator.forecasts.panel import YEAR
from regulator.queries_forecasts import Item

FRESH = timedelta(days=35)
"""A stored forecast is answered while it is younger: a month is what is new to it."""
MOST_MONTHS = 600
MOST_AHEAD = 24
LARGEST = 1e15
"""Of an amount, above and below zero."""
ENDS = ("waiting", "done", "failed")


class InvalidForecast(InvalidInput):
    """What was asked to be forecast can't be."""

    code = "invalid_forecast"
    title = "Can't be forecast"


class ForecastsParameters(Parameters):
    """Whose forecasts."""

    operator = serializers.CharField(
        max_length=40, default="", allow_blank=True, help_text="Absent: the market and all of it."
    )
    currency = serializers.CharField(max_length=3, default="", allow_blank=True)


class SentMonth(serializers.Serializer[Any]):
    """A month of the caller's own series, in any unit."""

    month = DayField(input_formats=["%Y-%m", "%Y-%m-%d"], help_text="Like 2026-03; any day of it.")
    ggr = NumberField(min_value=-LARGEST, max_value=LARGEST)
    handle = NumberField(
        min_value=0.0,
        max_value=LARGEST,
        required=False,
        allow_null=True,
        help_text="Stakes less refunds, where known: it helps.",
    )


class ForecastRequest(serializers.Serializer[Any]):
    """What to forecast: an operator, the market (neither), or a series of the caller's own."""

    operator = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    currency = serializers.CharField(max_length=3, required=False, default="", allow_blank=True)
    horizon = serializers.IntegerField(
        min_value=1, max_value=MOST_AHEAD, default=YEAR,
        help_text="Months ahead; stored forecasts have 12, an own series up to 24.",
    )  # fmt: skip
    series = SentMonth(many=True, required=False, help_text="24 months at least, 600 at most.")


class ForecastMonthAnswer(serializers.Serializer[Any]):
    """A month ahead, in smallest units; in the caller's unit for a series of its own."""

    month = serializers.DateField()
    point = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    tax = serializers.FloatField(allow_null=True, help_text="By the operator's dated rates.")


class ForecastSpan(serializers.Serializer[Any]):
    """The sum of the months, with its own interval: months' bounds can't be added."""

    point = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ForecastAnswer(serializers.Serializer[Any]):
    """A forecast: by which method, how sure, and how the methods did in earlier months."""

    operator = serializers.CharField(help_text="Empty: the market, or a series of the caller's.")
    currency = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)
    origin = serializers.DateField(allow_null=True, help_text="The last day that was known.")
    method = serializers.CharField()
    method_name = serializers.CharField(help_text="The method in words.")
    errors = serializers.DictField(  # type: ignore[assignment]  # fields are no attributes
        child=serializers.FloatField(),
        help_text="Mean wMAPE of each method in rolling-origin trials, as shares.",
    )
    level = serializers.FloatField(help_text="Of the intervals.")
    coverage = serializers.FloatField(
        allow_null=True, help_text="How many months of the trials such intervals held."
    )
    growth = serializers.FloatField(allow_null=True, help_text="Against the months before.")
    months = ForecastMonthAnswer(many=True)
    total = ForecastSpan(allow_null=True, help_text="Of all 12 months.")
    tax = ForecastSpan(allow_null=True, help_text="The tax on all 12 months.")


class ForecastsAnswer(serializers.Serializer[Any]):
    """The newest forecasts: the market's first, then operators by size."""

    forecasts = ForecastAnswer(many=True)


class ForecastJobAnswer(serializers.Serializer[Any]):
    """Where the answer will be; ask again in a few seconds."""

    status = serializers.ChoiceField(choices=ENDS)
    url = serializers.CharField(help_text="GET it with the same key.")
    detail = serializers.CharField(required=False, help_text="Why there is no answer.")
    answer = ForecastAnswer(required=False)


class ForecastsView(APIView):
    """GET /api/v1/regulator/forecasts."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_forecasts", tags=["regulator"],
        summary="The newest forecasts of GGR and tax, of the market and its operators",
        parameters=[ForecastsParameters], responses=ForecastsAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The market and its operators, or one operator; empty before the first forecast."""
        supervises(request)
        asked = ForecastsParameters.of(request)
        if asked["operator"]:
            queries.operator(asked["operator"])
            found = [queries_forecasts.of(asked["operator"], currency=asked["currency"])]
        else:
            run = queries_forecasts.newest(currency=asked["currency"])
            found = [run.market, *run.operators] if run else []
        told = [_answer(each, YEAR) for each in found]
        return Response(ForecastsAnswer({"forecasts": told}).data)


class ForecastView(APIView):
    """POST /api/v1/forecast/ggr."""

    scope = "read"

    @extend_schema(
        operation_id="forecast_ggr", tags=["regulator"],
        summary="GGR and tax of the coming months, of an operator, the market or an own series",
        request=ForecastRequest,
        responses={
            200: ForecastAnswer,
            202: OpenApiResponse(ForecastJobAnswer, "Being made: ask at url in a few seconds."),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A stored forecast of at most 35 days at once; else 202 and where the answer will be."""
        supervises(request)
        form = ForecastRequest(data=request.data)
        if not form.is_valid():
            raise InvalidForecast("Some of this can't be used.", errors=form.errors)
        asked = dict(form.validated_data)
        if asked.get("series") is not None:
            return _begun(request, asked)
        if asked["horizon"] > YEAR:
            raise InvalidForecast(f"Stored forecasts have {YEAR} months.", field="horizon")
        if asked["operator"]:
            queries.operator(asked["operator"])
        try:
            found = queries_forecasts.of(asked["operator"], currency=asked["currency"])
        except NotFound:
            return _woken(request)
        if clock.now() - found.made_at > FRESH:
            return _woken(request)
        return Response(ForecastAnswer(_answer(found, asked["horizon"])).data)


class ForecastJobView(APIView):
    """GET /api/v1/forecast/ggr/{forecast_id}."""

    scope = "read"

    @extend_schema(
        operation_id="forecast_ggr_job", tags=["regulator"],
        summary="The forecast of a series that was sent", responses=ForecastJobAnswer,
    )  # fmt: skip
    def get(self, request: Request, forecast_id: UUID) -> Response:
        """How it stands; kept for a day."""
        supervises(request)
        held = jobs.state(str(forecast_id))
        told = {"url": _job_url(str(forecast_id)), **held}
        if "answer" in held:
            told["answer"] = _BLANK | held["answer"]
        return Response(ForecastJobAnswer(told).data)


_BLANK: dict[str, Any] = {
    "operator": "", "currency": "", "made_at": None, "origin": None, "growth": None,
}  # fmt: skip


def _begun(request: Request, asked: dict[str, Any]) -> Response:
    """Have a caller's series forecast."""
    months = [each["month"] for each in asked["series"]]
    # Those between are bridged, so that the first and the last say how long a series is.
    if not months or len(months) > MOST_MONTHS or _span(months) > MOST_MONTHS:
        raise InvalidForecast(f"A series has 24 to {MOST_MONTHS} months.", field="series")
    rows = [{**each, "month": each["month"].isoformat()} for each in asked["series"]]
    job = jobs.start(ids.uuid7(clock.now()), {"series": rows, "horizon": asked["horizon"]})
    tasks.wake_series(request.auth.schema, job)  # type: ignore[union-attr]  # a principal
    return _accepted(_job_url(job))


def _span(months: list[date]) -> int:
    first, last = min(months), max(months)
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _woken(request: Request) -> Response:
    """Have the market forecast; its forecasts are listed when they are made.

    Raises ``TooFewMonths`` where they can't be.
    """
    known = queries_forecasts.months_known(today=clock.now().date())
    if known < LEAST:
        raise TooFewMonths(f"A forecast needs {LEAST} whole months; {known} are known.")
    tasks.wake(request.auth.schema, "")  # type: ignore[union-attr]  # a principal
    return _accepted(reverse("api-regulator-forecasts"))


def _accepted(url: str) -> Response:
    answer = ForecastJobAnswer({"status": "waiting", "url": url}).data
    return Response(answer, status=202, headers={"Location": url, "Retry-After": "5"})


def _job_url(job: str) -> str:
    return reverse("api-forecast-ggr-job", args=[job])


def _answer(item: Item, horizon: int) -> dict[str, Any]:
    said = item.said
    return {
        "operator": said.operator, "currency": said.currency, "made_at": item.made_at,
        "origin": said.origin, "method": said.method,
        "method_name": NAMES.get(said.method, said.method), "errors": said.errors,
        "level": said.level, "coverage": said.coverage, "growth": item.growth,
        "months": said.months[:horizon], "total": said.total, "tax": said.tax,
    }  # fmt: skip
