"""``GET /api/v1/rejections``: what was turned away, for the programs of those who sent it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest import rejections
from ingest.parameters import Parameters


class _Asked(Parameters):
    """A page of rejections and its filters."""

    code = serializers.CharField(required=False, max_length=40)
    text = serializers.CharField(required=False, max_length=200, help_text="In detail or outline.")
    cursor = serializers.CharField(required=False, max_length=200)
    limit = serializers.IntegerField(min_value=1, max_value=1_000, default=100)


class _Item(serializers.Serializer[Any]):
    """One rejection."""

    id = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    index = serializers.IntegerField(help_text="Place in its request; -1: the whole request.")
    code = serializers.CharField()
    detail = serializers.CharField()
    excerpt = serializers.CharField(help_text="Names and kinds of values, no personal value.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``source`` is a word of the framework's own, so this field can't be an attribute."""
        return {**super().get_fields(), "source": serializers.CharField()}


class _Answer(serializers.Serializer[Any]):
    """A page of rejections, newest first."""

    rejections = _Item(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class RejectionsView(APIView):
    """The list."""

    scope = "read"

    @extend_schema(
        operation_id="rejections",
        tags=["ingestion"],
        summary="Events that were turned away",
        parameters=[_Asked],
        responses={200: _Answer},
    )
    def get(self, request: Request) -> Response:
        """Rejections of the tenant, newest first, by code and words."""
        page = rejections.find(**_Asked.of(request))
        return Response(_Answer({"rejections": page.items, "next_cursor": page.next_cursor}).data)
