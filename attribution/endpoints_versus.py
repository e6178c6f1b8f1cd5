"""The REST side of comparing: every row of a report against one of them."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from attribution import queries_money
from attribution.contracts import Model
from attribution.endpoints import AttributionParameters, order_of, scope_of
from attribution.money.figures import Metric


class DifferencesParameters(AttributionParameters):
    """What to compare, over which days, and with whom."""

    intervals = None  # type: ignore[assignment]  # they are what this is about
    baseline = serializers.CharField(max_length=200, help_text="The row the others are held to.")
    metric = serializers.ChoiceField(
        choices=[str(metric) for metric in Metric], default=str(Metric.CONVERSIONS)
    )


class DifferenceAnswer(serializers.Serializer[Any]):
    """A row and its difference from the baseline, with simultaneous 95 % bounds."""

    channel = serializers.CharField()
    amount = serializers.FloatField()
    point = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    decided = serializers.BooleanField(help_text="Whether chance alone can't explain it.")


class DifferencesAnswer(serializers.Serializer[Any]):
    """Rows that have the metric, largest difference first."""

    baseline = serializers.CharField()
    metric = serializers.CharField()
    amount = serializers.FloatField(allow_null=True)
    pending = serializers.BooleanField(
        help_text="The samples are being computed (or there are too many rows to compare)."
    )
    channels = DifferenceAnswer(many=True)


class DifferencesView(APIView):
    """GET /api/v1/differences."""

    scope = "read"

    @extend_schema(
        operation_id="differences",
        summary="Differences between channels, with intervals",
        parameters=[DifferencesParameters],
        responses=DifferencesAnswer,
    )
    def get(self, request: Request) -> Response:
        """How far every channel, campaign or source is from one of them."""
        asked = DifferencesParameters.of(request)
        scope = scope_of(asked)
        order, _ = order_of(asked, scope)
        found = queries_money.differences(
            model=Model(asked["model"]),
            order=order,
            **scope,
            baseline=asked["baseline"],
            metric=Metric(asked["metric"]),
        )
        rows = []
        for row in found.rows or ():
            words = msgspec.to_builtins(row)
            del words["key"]
            rows.append({"channel": words.pop("label"), **words, "decided": row.decided})
        return Response(
            {
                "baseline": found.baseline,
                "metric": str(found.metric),
                "amount": found.amount,
                "pending": found.rows is None,
                "channels": rows,
            }
        )
