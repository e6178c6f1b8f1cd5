"""The REST side of evidence: parse, one query, render. Hashes are base64, as in signed notes."""

import base64
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from eventlog.seal import queries as sealed
from eventlog.seal import signing
from eventlog.seal.queries import SealedCheckpoint
from evidence import queries
from kernel.errors import InvalidInput

_LARGEST = 2**63 - 1


class InvalidSize(InvalidInput):
    """A tree size that can't be one."""

    code = "invalid_size"
    title = "Invalid tree size"


class ProofParameters(serializers.Serializer[Any]):
    """Against which checkpoint."""

    size = serializers.IntegerField(
        required=False, min_value=1, max_value=_LARGEST, help_text="The newest when absent."
    )


class ConsistencyParameters(serializers.Serializer[Any]):
    """Between which trees."""

    to = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=_LARGEST,
        help_text="The later size; that of the newest checkpoint when absent.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        fields["from"] = serializers.IntegerField(
            min_value=0, max_value=_LARGEST, help_text="The earlier size: one you remember."
        )
        return fields


class CheckpointAnswer(serializers.Serializer[Any]):
    """A checkpoint; ``note`` is the signed text (C2SP tlog-checkpoint), the rest is in it."""

    size = serializers.IntegerField(help_text="How many events the tree is over.")
    root = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        help_text="The tree's root hash, base64."
    )
    sealed_at = serializers.DateTimeField()
    note = serializers.CharField()


class ProofAnswer(serializers.Serializer[Any]):
    """An event's canonical line and what proves it (RFC 9162 §2.1.3.2)."""

    id = serializers.UUIDField()
    event = serializers.CharField(
        allow_null=True,
        help_text="The line whose SHA-256(0x00 || line) is the leaf; null when no longer stored.",
    )
    leaf_index = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField())
    checkpoint = CheckpointAnswer()


class ConsistencyAnswer(serializers.Serializer[Any]):
    """What proves that the later tree begins with the earlier one (RFC 9162 §2.1.4.2)."""

    to = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of Python's, so this field can't be an attribute."""
        fields = super().get_fields()
        return {"from": serializers.IntegerField(), **fields}


class KeyAnswer(serializers.Serializer[Any]):
    """A key that signs or signed the log's checkpoints."""

    key = serializers.CharField(help_text="A verifier key (C2SP signed-note): name+id+key.")
    key_id = serializers.CharField()
    created_at = serializers.DateTimeField()
    current = serializers.BooleanField()


class KeysAnswer(serializers.Serializer[Any]):
    """All keys, the oldest first."""

    keys = KeyAnswer(many=True)


class CheckpointView(APIView):
    """GET /api/v1/log/checkpoint."""

    scope = "read"

    @extend_schema(operation_id="log_checkpoint", responses=CheckpointAnswer)
    def get(self, request: Request) -> Response:
        """The newest signed checkpoint of the log."""
        return Response(_checkpoint(sealed.latest()))


class ProofView(APIView):
    """GET /api/v1/log/events/{id}/proof."""

    scope = "read"

    @extend_schema(operation_id="log_proof", parameters=[ProofParameters], responses=ProofAnswer)
    def get(self, request: Request, id: UUID) -> Response:
        """The proof that an event is in the log, as it is, under a signed checkpoint."""
        found = queries.proof(id, size=_checked(ProofParameters, request).get("size"))
        return Response(
            {
                "id": id,
                "event": found.line or None,
                "leaf_index": found.inclusion.leaf.index,
                "leaf_hash": _text(found.inclusion.leaf_hash),
                "path": [_text(each) for each in found.inclusion.path],
                "checkpoint": _checkpoint(found.checkpoint),
            }
        )


class ConsistencyView(APIView):
    """GET /api/v1/log/consistency."""

    scope = "read"

    @extend_schema(
        operation_id="log_consistency",
        parameters=[ConsistencyParameters],
        responses=ConsistencyAnswer,
    )
    def get(self, request: Request) -> Response:
        """The proof that the log only grew between two sizes."""
        asked = _checked(ConsistencyParameters, request)
        old, new = asked["from"], asked.get("to", sealed.latest().size)
        path = sealed.consistency(old=old, new=new)
        return Response({"from": old, "to": new, "path": [_text(each) for each in path]})


class KeysView(APIView):
    """GET /api/v1/log/keys."""

    scope = "read"

    @extend_schema(operation_id="log_keys", responses=KeysAnswer)
    def get(self, request: Request) -> Response:
        """The public keys of the log, those replaced too: their checkpoints stay valid."""
        known = signing.known()
        keys = [
            {
                "key": each.verifier.text,
                "key_id": each.verifier.key_id.hex(),
                "created_at": each.created_at,
                "current": each is known[-1],
            }
            for each in known
        ]
        return Response({"keys": keys})


def _checked(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = form(data=request.query_params)
    if not given.is_valid():
        raise InvalidSize("Some query parameters can't be used.", errors=given.errors)
    return dict(given.validated_data)


def _checkpoint(found: SealedCheckpoint) -> dict[str, object]:
    return {
        "size": found.size,
        "root": _text(found.root),
        "sealed_at": found.sealed_at,
        "note": found.note,
    }


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
