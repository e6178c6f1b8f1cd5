"""GET /api/v1/regulator/anomalies: parse, one query, render."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.parameters import DayField, Parameters
from regulator import queries_anomalies
from regulator.contracts_anomalies import AnomalyState
from regulator.endpoints import SEVERITIES, supervises

STATES = [str(each) for each in AnomalyState]


class AnomaliesParameters(Parameters):
    """A page of anomalies and its filters."""

    operator = serializers.CharField(max_length=40, default="", allow_blank=True)
    kind = serializers.CharField(max_length=40, default="", allow_blank=True)
    severity = serializers.ChoiceField(choices=["", *SEVERITIES], default="")
    state = serializers.ChoiceField(choices=["", *STATES], default="")
    to = DayField(required=False, help_text="Last day that a stretch touches.")
    cursor = serializers.CharField(required=False, max_length=400)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        fields["from"] = DayField(required=False, help_text="First day that a stretch touches.")
        return fields


class AnomalyAnswer(serializers.Serializer[Any]):
    """A stretch of time in which figures are unusual in one way."""

    id = serializers.UUIDField(help_text="Stays the same while the stretch goes on.")
    operator = serializers.CharField(help_text="Its short name; empty: the whole market.")
    kind = serializers.CharField(help_text="feed_drop, payout_spike, thinning and so on.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(help_text="Not part of the stretch.")
    severity = serializers.ChoiceField(choices=SEVERITIES)
    score = serializers.FloatField(help_text="On its detector's own scale.")
    evidence = serializers.DictField(help_text="Figures; amounts in smallest units.")
    explanation = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(help_text="The last word of whoever dismissed or reopened it.")
    over = serializers.BooleanField(help_text="Whether the stretch is known to be over.")
    found_at = serializers.DateTimeField()


class AnomaliesAnswer(serializers.Serializer[Any]):
    """A page of anomalies, the newest beginning first."""

    anomalies = AnomalyAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class AnomaliesView(APIView):
    """GET /api/v1/regulator/anomalies."""

    scope = "read"

    @extend_schema(
        operation_id="regulator_anomalies", tags=["regulator"],
        summary="What the watch over feeds and returns has found",
        parameters=[AnomaliesParameters], responses=AnomaliesAnswer,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Anomalies with their evidence, the newest beginning first."""
        supervises(request)
        asked = AnomaliesParameters.of(request)
        found = queries_anomalies.anomalies(
            operator=asked["operator"], kind=asked["kind"], severity=asked["severity"],
            state=asked["state"], start=asked.get("from"), end=asked.get("to"),
            cursor=asked.get("cursor"), limit=asked["limit"],
        )  # fmt: skip
        shown = [_shown(each) for each in found.items]
        answer = {"anomalies": shown, "next_cursor": found.next_cursor}
        return Response(AnomaliesAnswer(answer).data)


def _shown(each: queries_anomalies.AnomalyItem) -> dict[str, Any]:
    return {
        "id": each.id, "operator": each.operator, "kind": each.kind,
        "started_at": each.started_at, "ended_at": each.ended_at, "severity": str(each.severity),
        "score": each.score, "evidence": dict(each.evidence), "explanation": each.explanation,
        "state": str(each.state), "reason": each.reason, "over": each.over_at is not None,
        "found_at": each.found_at,
    }  # fmt: skip
