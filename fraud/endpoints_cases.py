"""GET /api/v1/fraud/cases: parse, one query, render."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fraud.cases import queries
from fraud.endpoints_score import EVENT_KINDS, VERDICTS
from ingest.parameters import Parameters


class CasesParameters(Parameters):
    """A page of cases and its filters."""

    verdict = serializers.ChoiceField(choices=["", *VERDICTS], default="")
    kind = serializers.ChoiceField(choices=["", *EVENT_KINDS], default="")
    publisher = serializers.CharField(default="", allow_blank=True, max_length=400)
    campaign = serializers.CharField(default="", allow_blank=True, max_length=400)
    cursor = serializers.CharField(required=False, max_length=400)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)


class CaseReasonAnswer(serializers.Serializer[Any]):
    """A reason in words, and the points it brought."""

    text = serializers.CharField()
    points = serializers.FloatField()


class CaseAnswer(serializers.Serializer[Any]):
    """An event that was not simply let through."""

    event = serializers.UUIDField(help_text="The event's id; the log holds it.")
    at = serializers.DateTimeField(help_text="When it happened.")
    decided_at = serializers.DateTimeField()
    type = serializers.CharField()
    subject = serializers.CharField(help_text="Whose it is: a pseudonym.")
    score = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    kind = serializers.ChoiceField(choices=EVENT_KINDS, allow_null=True)
    confidence = serializers.FloatField()
    reasons = CaseReasonAnswer(many=True)
    rules_version = serializers.IntegerField()
    features_version = serializers.CharField()


class CasesAnswer(serializers.Serializer[Any]):
    """A page of cases, newest event first."""

    cases = CaseAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class CasesView(APIView):
    """GET /api/v1/fraud/cases."""

    scope = "read"

    @extend_schema(
        operation_id="fraud_cases",
        summary="Events that were not simply let through",
        parameters=[CasesParameters],
        responses=CasesAnswer,
    )
    def get(self, request: Request) -> Response:
        """Cases with their reasons, newest event first."""
        asked = CasesParameters.of(request)
        found = queries.cases(
            verdict=asked["verdict"], kind=asked["kind"], publisher=asked["publisher"],
            campaign=asked["campaign"], cursor=asked.get("cursor"), limit=asked["limit"],
        )  # fmt: skip
        shown = [_shown(each) for each in found.items]
        return Response(CasesAnswer({"cases": shown, "next_cursor": found.next_cursor}).data)


def _shown(each: queries.CaseItem) -> dict[str, Any]:
    return {
        "event": each.event, "at": each.at, "decided_at": each.decided_at, "type": each.type,
        "subject": each.subject, "score": each.score, "verdict": str(each.verdict),
        "kind": None if each.kind is None else str(each.kind),
        "confidence": each.record.confidence,
        "reasons": [{"text": text, "points": points} for text, points in each.reasons],
        "rules_version": each.record.rules, "features_version": each.record.features_version,
    }  # fmt: skip
