"""The REST side of fraud: parse, one query, render."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evidence.log_position import LogPosition, position
from fraud import queries
from fraud.contracts import FraudType
from fraud.ctit.report import document
from ingest.parameters import DaysParameters

KINDS = [str(each) for each in FraudType]


class CtitParameters(DaysParameters):
    """Which conversions, of which days (both included)."""

    conversion_type = serializers.CharField(default=queries.INSTALL, max_length=200)


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


class CtitAnswer(serializers.Serializer[Any]):
    """Sources, those with most installs that should not be paid for first."""

    conversions = serializers.IntegerField(help_text="Looked at.")
    without_click = serializers.IntegerField(help_text="Of them, without an ad click before.")
    complete = serializers.BooleanField(help_text="Whether the days have no more, older ones.")
    installs = serializers.IntegerField()
    tests = serializers.IntegerField()
    norms = NormsAnswer()
    sources = SourceAnswer(many=True)
    log = LogPosition()


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
        asked = CtitParameters.of(request)
        found = queries.ctit(
            **CtitParameters.range_of(asked), conversion_type=asked["conversion_type"]
        )
        shown = document(found.clicks, found.judged, cost=None)
        del shown["unreadable_rows"], shown["install_before_click"]  # of files alone
        return Response(
            {
                **shown,
                "conversions": found.conversions,
                "without_click": found.without_click,
                "complete": found.complete,
                "log": position(found.log),
            }
        )
