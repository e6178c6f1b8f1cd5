"""The REST side of erasure."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingest.auth import Principal
from kernel import clock
from tenants.privacy import commands

ID_KINDS = ("user", "anonymous", "subject")


class ErasureInput(serializers.Serializer[Any]):
    """Whom to erase."""

    id_kind = serializers.ChoiceField(choices=ID_KINDS)
    value = serializers.CharField(max_length=500)


class ErasureAnswer(serializers.Serializer[Any]):
    """What was erased; pseudonyms, sorted."""

    subjects = serializers.ListField(child=serializers.CharField())


class Erasures(APIView):
    """``POST /api/v1/privacy/erasures``."""

    scope = "admin"

    @extend_schema(
        operation_id="privacy_erasures_create",
        tags=["privacy"],
        summary="Erase a person",
        description="Deletes the keys of a person and of everything stitched to it. Repeatable.",
        request=ErasureInput,
        responses=ErasureAnswer,
    )
    def post(self, request: Request) -> Response:
        """Erase one person."""
        principal = request.auth
        if not isinstance(principal, Principal):
            raise TypeError("a view behind a key was reached without one")
        sent = ErasureInput(data=request.data)
        sent.is_valid(raise_exception=True)
        tenant = principal.tenant
        subject = commands.subject_of(tenant=tenant, **sent.validated_data)
        erased = commands.erase(
            tenant=tenant,
            subject=subject,
            actor=f"key:{principal.key_prefix}",
            now=clock.now(),
        )
        return Response({"subjects": list(erased)})
