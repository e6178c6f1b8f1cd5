"""Alive, ready, metrics for those who run the service; the status of a tenant for its programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from health import metrics, queries
from health.contracts import BROKEN, State
from health.probes.services import DATABASE

STATES = [str(state) for state in State]


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """Whether this process should get requests: 503 only while the database is away.

    Everything else that stands still is told (``degraded``), and no reason to turn events away.
    """
    parts = queries.service()
    broken = {part.name for part in parts if part.state in BROKEN}
    body = {
        "status": "ok" if not broken else "degraded",
        "parts": {part.name: {"state": part.state, "detail": part.detail} for part in parts},
    }
    return JsonResponse(body, status=503 if DATABASE in broken else 200)


def scrape(request: HttpRequest) -> HttpResponse:
    """Prometheus text."""
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


class _PartDocument(serializers.Serializer[Any]):
    """One part."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    waiting = serializers.IntegerField(help_text="How many things wait for it.")
    oldest_seconds = serializers.FloatField(help_text="How long the oldest of them has waited.")
    since = serializers.DateTimeField(allow_null=True, help_text="When it was seen to stand still.")
    detail = serializers.CharField()
    advice = serializers.CharField(help_text="What to do; empty while it works.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``label`` is a word of the framework's own, so this field can't be an attribute."""
        return {**super().get_fields(), "label": serializers.CharField()}


class _IncidentDocument(serializers.Serializer[Any]):
    """One incident."""

    id = serializers.IntegerField()
    part = serializers.CharField()
    detail = serializers.CharField()
    advice = serializers.CharField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True, help_text="Null while it lasts.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """As above."""
        return {**super().get_fields(), "label": serializers.CharField()}


class StatusDocument(serializers.Serializer[Any]):
    """How the product is for this tenant."""

    state = serializers.ChoiceField(choices=STATES)
    parts = _PartDocument(many=True)
    incidents = _IncidentDocument(many=True)
    looked_at = serializers.DateTimeField()


class StatusView(APIView):
    """``GET /api/v1/status``."""

    scope = "read"

    @extend_schema(
        operation_id="status",
        tags=["operations"],
        summary="How every part is, and what stood still lately",
        responses={200: StatusDocument},
    )
    def get(self, request: Request) -> Response:
        """Every part a tenant depends on, the worst first."""
        return Response(StatusDocument(queries.status()).data)
