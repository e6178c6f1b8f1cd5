"""The REST side of fraud: parse, one query, render."""

from datetime import date, timedelta
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fraud import queries
from fraud.contracts import FraudType
from fraud.ctit.report import document
from kernel import clock, days
from kernel.errors import InvalidInput

KINDS = [str(each) for each in FraudType]
_PRESET_DAYS = 30


class InvalidCtitParameters(InvalidInput):
    """Some query parameters can't be used; ``errors`` says which and why."""

    code = "invalid_parameters"
    title = "Invalid query parameters"


class _DayField(serializers.DateField):
    default_error_messages: ClassVar[dict[str, Any]] = {
        "bounds": f"A day is from {days.FIRST} to {days.LAST}."
    }

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        try:
            return days.within(day)
        except ValueError:
            self.fail("bounds")


class CtitParameters(serializers.Serializer[Any]):
    """Which conversions, of which days (both included)."""

    to = _DayField(required=False, help_text="Last day; today when absent.")
    conversion_type = serializers.CharField(default=queries.INSTALL, max_length=200)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        text = f"First day; {_PRESET_DAYS} days up to the last one when absent."
        fields["from"] = _DayField(required=False, help_text=text)
        return fields


class FindingAnswer(serializers.Serializer[Any]):
    """What a source's times show."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    kind = serializers.ChoiceField(choices=KINDS)
    found = serializers.IntegerField(help_text="Installs (of spam: that clicks led to).")
    of = serializers.IntegerField(help_text="All installs (of spam: all clicks).")
    share = serializers.FloatField()
    usual = serializers.FloatField(help_text="The share that was allowed: norm or what is usual.")
    p = serializers.FloatField(help_text="Probability by chance, adjusted for all tests made.")
    excess = serializers.FloatField(help_text="Installs beyond what is usual.")
    excess_low = serializers.FloatField()
    excess_high = serializers.FloatField()
    explanation = serializers.CharField()


class SourceAnswer(serializers.Serializer[Any]):
    """A source's figures, and what was found."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    installs = serializers.IntegerField()
    clicks = serializers.IntegerField(allow_null=True)
    median_seconds = serializers.FloatField(allow_null=True)
    within_hour = serializers.FloatField(allow_null=True)
    within_day = serializers.FloatField(allow_null=True)
    flatness = serializers.FloatField(help_text="Above 0: 2 to 24 hours look flat (nats/install).")
    detectable_share = serializers.FloatField(
        allow_null=True, help_text="Smallest hijacked share so many would show; null: none."
    )
    excess = serializers.FloatField()
    not_owed = serializers.FloatField(allow_null=True)
    findings = FindingAnswer(many=True)


class NormsAnswer(serializers.Serializer[Any]):
    """What sources were held against."""

    within_hour = serializers.FloatField()
    within_day = serializers.FloatField()
    injected = serializers.FloatField()
    hijacked = serializers.FloatField()
    spam = serializers.FloatField()
    false_discoveries = serializers.FloatField()


class CursorAnswer(serializers.Serializer[Any]):
    """The place in the log the answer was computed from."""

    xid = serializers.IntegerField()
    position = serializers.IntegerField()


class CtitAnswer(serializers.Serializer[Any]):
    """Sources, those with most installs that should not be paid for first."""

    conversions = serializers.IntegerField(help_text="Looked at.")
    without_click = serializers.IntegerField(help_text="Of them, without an ad click before.")
    complete = serializers.BooleanField(help_text="Whether the days have no more, older ones.")
    installs = serializers.IntegerField()
    tests = serializers.IntegerField()
    norms = NormsAnswer()
    sources = SourceAnswer(many=True)
    log = CursorAnswer()


class CtitView(APIView):
    """GET /api/v1/fraud/ctit."""

    scope = "read"

    @extend_schema(
        operation_id="fraud_ctit",
        summary="Click to install times by source",
        parameters=[CtitParameters],
        responses=CtitAnswer,
    )
    def get(self, request: Request) -> Response:
        """Which sources claim installs they did not cause, and how sure that is."""
        form = CtitParameters(data=request.query_params)
        if not form.is_valid():
            raise InvalidCtitParameters("Some query parameters can't be used.", errors=form.errors)
        asked = form.validated_data
        end = asked.get("to") or clock.now().date()
        start = asked.get("from") or end - timedelta(days=_PRESET_DAYS - 1)
        found = queries.ctit(start=start, end=end, conversion_type=asked["conversion_type"])
        shown = document(found.clicks, found.judged, cost=None)
        del shown["unreadable_rows"], shown["install_before_click"]  # of files alone
        return Response(
            {
                **shown,
                "conversions": found.conversions,
                "without_click": found.without_click,
                "complete": found.complete,
                "log": found.log._asdict(),
            }
        )
