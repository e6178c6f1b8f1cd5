"""POST /api/v1/fraud/score: parse, one call, render."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from fraud.contracts import EventFraud, Verdict
from fraud.scoring import asked
from ingest.documents import EVENTS, LINE, PROBLEM
from ingest.endpoints import Collector, answer

EVENT_KINDS = [str(each) for each in EventFraud]
VERDICTS = [str(each) for each in Verdict]
_WRONG = {
    400: OpenApiResponse(response=PROBLEM, description="The body can't be read"),
    401: OpenApiResponse(response=PROBLEM, description="No valid key"),
    403: OpenApiResponse(response=PROBLEM, description="The key lacks the scope"),
    413: OpenApiResponse(response=PROBLEM, description="Too large, or too many events"),
    415: OpenApiResponse(response=PROBLEM, description="Unsupported content type or encoding"),
    429: OpenApiResponse(response=PROBLEM, description="Too many requests; see Retry-After"),
    503: OpenApiResponse(response=PROBLEM, description="Send the same again"),
}


class ReasonAnswer(serializers.Serializer[Any]):
    """What a rule saw, and how many points that brought."""

    rule = serializers.CharField()
    feature = serializers.CharField(help_text="See the catalogue of features.")
    value = serializers.FloatField()
    threshold = serializers.FloatField()
    points = serializers.FloatField()
    text = serializers.CharField(help_text="In words, with what people show.")


class ContributionAnswer(serializers.Serializer[Any]):
    """What a feature added to the model's log-odds: an exact Shapley value, signed."""

    feature = serializers.CharField(help_text="See the catalogue of features.")
    value = serializers.FloatField(allow_null=True, help_text="null: nobody knows it.")
    added = serializers.FloatField(help_text="Above 0 speaks against the event.")
    low = serializers.FloatField(allow_null=True, help_text="Honest events mostly lie from here")
    high = serializers.FloatField(allow_null=True, help_text="to here.")
    text = serializers.CharField(help_text="In words.")


class ScoreAnswer(serializers.Serializer[Any]):
    """An event's score."""

    index = serializers.IntegerField(help_text="The event's place in the request.")
    type = serializers.CharField()
    score = serializers.IntegerField(help_text="0: nothing against it, 100: certainly false.")
    confidence = serializers.FloatField(help_text="The share of the rules that could tell.")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    kind = serializers.ChoiceField(choices=EVENT_KINDS, allow_null=True)
    kind_name = serializers.CharField(allow_null=True)
    reasons = ReasonAnswer(many=True)
    model = serializers.CharField(help_text="SHA-256 of the model's bytes; empty without one.")
    probability = serializers.FloatField(allow_null=True, help_text="The model's, calibrated.")
    contributions = ContributionAnswer(many=True)
    recommendation = serializers.CharField()


class RejectedAnswer(serializers.Serializer[Any]):
    """An event that could not be scored."""

    index = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class LatencyAnswer(serializers.Serializer[Any]):
    """Where the time went, in milliseconds."""

    read = serializers.FloatField(help_text="Reading and checking the events.")
    features = serializers.FloatField(help_text="What was before, and the features from it.")
    rules = serializers.FloatField()
    models = serializers.FloatField()
    explanation = serializers.FloatField(help_text="Reasons and exact contributions.")
    total = serializers.FloatField()


class ScoresAnswer(serializers.Serializer[Any]):
    """Scores, and what could not be scored."""

    scores = ScoreAnswer(many=True)
    rejected = RejectedAnswer(many=True)
    rules_version = serializers.IntegerField()
    features_version = serializers.CharField()
    latency_ms = LatencyAnswer()


class ScoreView(Collector):
    """POST /api/v1/fraud/score."""

    scope = "read"

    @extend_schema(
        operation_id="fraud_score",
        tags=["fraud"],
        summary="Score events",
        description=(
            'Events as they are sent to /api/v1/events, at most 100, as `{"events": [...]}` or'
            " one a line. They are scored as if they came now, beside what came before; they are"
            " neither kept nor counted."
        ),
        request={"application/json": EVENTS, "application/x-ndjson": LINE},
        responses={200: ScoresAnswer, **_WRONG},
        auth=[{"key": []}],  # type: ignore[list-item]  # the library documents objects
    )
    def post(self, request: Request) -> HttpResponse:
        """How likely these events are false, and why."""
        return answer(request._request, "score", asked.serve)
