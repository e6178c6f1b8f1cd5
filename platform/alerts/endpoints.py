"""The REST side of alerts: parse, one call, render."""

from datetime import timedelta
from typing import Any

import msgspec
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import queries, raising
from alerts.contracts import AlertItem, Severity, State
from ingest.auth import Principal
from ingest.documents import PROBLEM
from ingest.parameters import Parameters
from kernel import clock
from kernel.errors import InvalidInput

_WRONG = {
    400: OpenApiResponse(response=PROBLEM, description="It can't be done"),
    404: OpenApiResponse(response=PROBLEM, description="There is no such alert"),
}
SEVERITIES = [str(each) for each in Severity]
STATES = [str(each) for each in State]


class AlertsParameters(Parameters):
    """A page of alerts and its filters."""

    state = serializers.ChoiceField(
        choices=["", "standing", *STATES], default="", help_text="standing: all but resolved."
    )
    severity = serializers.ChoiceField(choices=["", *SEVERITIES], default="")
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(min_value=1, max_value=500, default=50)


class FactAnswer(serializers.Serializer[Any]):
    """A figure with its name."""

    value = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``label`` is a word of the framework's own, so this field can't be an attribute."""
        return {**super().get_fields(), "label": serializers.CharField()}


class AlertAnswer(serializers.Serializer[Any]):
    """An alert."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    key = serializers.CharField(help_text="What it is about.")
    severity = serializers.ChoiceField(choices=SEVERITIES)
    state = serializers.ChoiceField(choices=STATES)
    title = serializers.CharField()
    text = serializers.CharField()
    path = serializers.CharField(help_text="The portal's page that shows more.")
    facts = FactAnswer(many=True)
    since = serializers.DateTimeField(help_text="When it began.")
    raised_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField(help_text="When it was found last.")
    seen = serializers.IntegerField(help_text="How often it was found.")
    snoozed_until = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(help_text="Who changed its state last.", allow_blank=True)


class AlertsAnswer(serializers.Serializer[Any]):
    """A page of alerts, newest first."""

    alerts = AlertAnswer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class ActInput(serializers.Serializer[Any]):
    """What is done about an alert; a snooze says for how long."""

    act = serializers.ChoiceField(choices=["acknowledge", "snooze", "resolve"])
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=43_200)


class AlertsView(APIView):
    """GET /api/v1/alerts."""

    scope = "read"

    @extend_schema(
        operation_id="alerts",
        summary="Alerts",
        parameters=[AlertsParameters],
        responses=AlertsAnswer,
    )
    def get(self, request: Request) -> Response:
        """Alerts of the tenant, newest first."""
        found = queries.alerts(**AlertsParameters.of(request))
        shown = [_shown(each) for each in found.items]
        return Response({"alerts": shown, "next_cursor": found.next_cursor})


class AlertView(APIView):
    """GET and POST /api/v1/alerts/{id}."""

    @property
    def scope(self) -> str:
        """What the request's key must allow: reading, or anything."""
        return "read" if self.request.method in ("GET", "HEAD", "OPTIONS") else "admin"

    @extend_schema(operation_id="alert", summary="An alert", responses={200: AlertAnswer, **_WRONG})
    def get(self, request: Request, alert_id: int) -> Response:
        """One alert."""
        return Response(_shown(queries.alert(alert_id)))

    @extend_schema(
        operation_id="alert_act",
        summary="Acknowledge, snooze or resolve an alert",
        request=ActInput,
        responses={200: AlertAnswer, **_WRONG},
    )
    def post(self, request: Request, alert_id: int) -> Response:
        """What was done about it; the key's name is who did it."""
        form = ActInput(data=request.data)
        if not form.is_valid():
            raise InvalidInput("An alert is acknowledged, snoozed or resolved.", errors=form.errors)
        asked, now = form.validated_data, clock.now()
        actor = _actor(request)
        if asked["act"] == "acknowledge":
            raising.acknowledge(alert_id, actor=actor, now=now)
        elif asked["act"] == "resolve":
            raising.resolve(alert_id, actor=actor, now=now)
        else:
            until = now + timedelta(minutes=asked.get("minutes", 60))
            raising.snooze(alert_id, until=until, actor=actor, now=now)
        return Response(_shown(queries.alert(alert_id)))


def _actor(request: Request) -> str:
    principal: Principal = request.auth  # type: ignore[assignment]  # a key's
    return f"key:{principal.key_prefix}"


def _shown(alert: AlertItem) -> dict[str, Any]:
    found = {name: getattr(alert, name) for name in AlertAnswer().get_fields()}
    found["facts"] = msgspec.to_builtins(alert.facts)
    return dict(AlertAnswer(found).data)
