"""The REST side of a tenant's own affairs: what it has used of its plan."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.auth import Principal
from kernel import clock
from tenants import usage


class PlanAnswer(serializers.Serializer[Any]):
    """A plan; ``grace`` is the share of ``events`` on top before any is turned away."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer
    events = serializers.IntegerField()
    grace = serializers.FloatField()
    rate = serializers.FloatField(help_text="Requests a second.")
    burst = serializers.IntegerField(help_text="Requests at once after a pause.")
    days = serializers.IntegerField(help_text="Days that events are kept at most.")
    seats = serializers.IntegerField()


class DayAnswer(serializers.Serializer[Any]):
    """A day, in UTC."""

    day = serializers.DateField()
    events = serializers.IntegerField()
    requests = serializers.IntegerField()
    throttled = serializers.IntegerField()
    rejected = serializers.IntegerField()


class TypeAnswer(serializers.Serializer[Any]):
    """An event type's part of the month."""

    type = serializers.CharField()
    events = serializers.IntegerField()
    share = serializers.FloatField()


class UsageAnswer(serializers.Serializer[Any]):
    """What was used of the plan in the calendar month (UTC); a minute old at most."""

    plan = PlanAnswer()
    month = serializers.DateField()
    resets_at = serializers.DateTimeField()
    used = serializers.IntegerField(help_text="New events; duplicates are not counted.")
    share = serializers.FloatField(help_text="Used, as a share of the plan's events.")
    forecast = serializers.IntegerField(allow_null=True, help_text="Events at the month's end.")
    requests = serializers.IntegerField()
    throttled = serializers.IntegerField()
    rejected = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    seats = serializers.IntegerField()
    days = DayAnswer(many=True)
    types = TypeAnswer(many=True)


class UsageView(APIView):
    """``GET /api/v1/usage``."""

    scope = "read"

    @extend_schema(
        operation_id="usage_retrieve",
        tags=["account"],
        summary="What was used of the plan",
        responses=UsageAnswer,
    )
    def get(self, request: Request) -> Response:
        """The month to date, by day and by event type."""
        principal = request.auth
        if not isinstance(principal, Principal):
            raise TypeError("a view behind a key was reached without one")
        found = usage.of(principal.tenant, now=clock.now())
        return Response({**msgspec.to_builtins(found), "share": found.share})
