"""POST /api/v1/anomaly/detect: parse, one call, render."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.documents import PROBLEM
from ingest.parameters import MomentField, NumberField
from kernel.errors import InvalidInput
from regulator.endpoints import supervises
from regulator.learned import detecting
from regulator.learned.detecting import KINDS, MOST_VALUES, Value
from regulator.learned.members import MEMBERS

MEMBER_NAMES = list(MEMBERS)
_LARGEST = 1e15


class InvalidQuestion(InvalidInput):
    """The body asks nothing that can be answered; ``errors`` says where and why."""

    code = "invalid_question"
    title = "The question can't be read"


def _amount(text: str, *, required: bool = True) -> NumberField:
    given: dict[str, Any] = {} if required else {"default": 0.0}
    return NumberField(min_value=0.0, max_value=_LARGEST, help_text=text, **given)


class ValueRow(serializers.Serializer[Any]):
    """An hour of a series; amounts in the currency's smallest unit."""

    at = MomentField(help_text="When the hour began.")
    stakes = _amount("Staked in the hour.")
    payouts = _amount("Paid out in the hour.")
    events = _amount("How many records the hour had.")
    refunds = _amount("Given back in the hour.", required=False)


class DetectBody(serializers.Serializer[Any]):
    """Either an operator with start and end, or values."""

    operator = serializers.CharField(max_length=40, required=False)
    start = MomentField(required=False, help_text="The first hour that is judged.")
    end = MomentField(required=False, help_text="Where the last hour ends; 31 days at most.")
    values = serializers.ListField(
        child=ValueRow(), required=False, max_length=MOST_VALUES,
        help_text=(
            "Hours in the order of time. The first seven to ten weeks say what is usual; what comes"
            " after them is judged."
        ),
    )  # fmt: skip
    members = serializers.ListField(
        child=serializers.ChoiceField(choices=MEMBER_NAMES), required=False,
        max_length=len(MEMBERS),
        help_text="Who judges; those that earned a say in training, when absent.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One question, and all of it; raises ``ValidationError``."""
        if attrs.get("values"):
            if {"operator", "start", "end"} & attrs.keys():
                raise serializers.ValidationError("Either values or an operator, not both.")
        elif not {"operator", "start", "end"} <= attrs.keys():
            raise serializers.ValidationError("Values, or an operator with start and end.")
        return attrs


class MemberAnswer(serializers.Serializer[Any]):
    """Who judged."""

    name = serializers.ChoiceField(choices=MEMBER_NAMES)
    version = serializers.CharField(
        help_text="SHA-256 of the model's bytes; of the course, by which way it judges this one."
    )


class DetectedAnomaly(serializers.Serializer[Any]):
    """Something unusual."""

    operator = serializers.CharField(help_text="Empty for a series of the caller's.")
    kind = serializers.ChoiceField(choices=KINDS)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    severity = serializers.FloatField(help_text="0.5 at the limit, towards 1.")
    score = serializers.FloatField(help_text="The sum of -log10 of the members' chances.")
    evidence = serializers.JSONField(help_text="The figures it stands on.")
    explanation = serializers.CharField()


class DetectAnswer(serializers.Serializer[Any]):
    """What was found."""

    operator = serializers.CharField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    members = MemberAnswer(many=True)
    anomalies = DetectedAnomaly(many=True)


_PROBLEMS = {
    status: OpenApiResponse(response=PROBLEM, description=text)
    for status, text in {
        400: "The body can't be read, or there are too few hours before",
        404: "No such operator, no figures of these hours, or not a regulator's key",
        409: "Members were asked that are not trained yet",
    }.items()
}


class DetectView(APIView):
    """POST /api/v1/anomaly/detect."""

    scope = "read"

    @extend_schema(
        operation_id="anomaly_detect", tags=["regulator"],
        summary="Find anomalies in an operator's hours, or in a series of your own",
        description=(
            "Judged by what was learned of this market: each hour by itself, its figures together,"
            " and the course of the 24 hours until it. Nothing is kept."
        ),
        request=DetectBody, responses={200: DetectAnswer, **_PROBLEMS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """What is unusual, and why."""
        supervises(request)
        asked = _asked(request)
        members = tuple(asked.get("members", ()))
        if asked.get("values"):
            found = detecting.of_values(
                [Value(**row) for row in asked["values"]],
                members=members,
            )
        else:
            found = detecting.of_operator(
                asked["operator"], start=asked["start"], end=asked["end"], members=members,
            )  # fmt: skip
        return Response(DetectAnswer(detecting.document(found)).data)


def _asked(request: Request) -> dict[str, Any]:
    form = DetectBody(data=request.data)
    if not form.is_valid():
        raise InvalidQuestion("The question can't be read.", errors=form.errors)
    return dict(form.validated_data)
