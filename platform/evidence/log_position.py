"""Where in the log an answer stands, and the signed checkpoint that lets it be proved."""

import base64
from typing import Any

from rest_framework import serializers

from eventlog.contracts import Cursor
from eventlog.seal import queries as sealed


class CoveringCheckpoint(serializers.Serializer[Any]):
    """The first checkpoint of the log that covers a position; ``/api/v1/log`` proves the rest."""

    size = serializers.IntegerField(help_text="Events the checkpoint covers.")
    root = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        help_text="The tree's root hash, base64."
    )
    sealed_at = serializers.DateTimeField()


class LogPosition(serializers.Serializer[Any]):
    """The place in the log the answer was computed from."""

    xid = serializers.IntegerField()
    position = serializers.IntegerField()
    checkpoint = CoveringCheckpoint(
        allow_null=True, help_text="Null for the seconds until the place is sealed."
    )


def position(cursor: Cursor) -> dict[str, Any]:
    """The document of a ``LogPosition``."""
    found = sealed.covering(cursor) if cursor.position else None
    checkpoint = found and {
        "size": found.size,
        "root": base64.b64encode(found.root).decode(),
        "sealed_at": found.sealed_at.isoformat().replace("+00:00", "Z"),
    }
    return {**cursor._asdict(), "checkpoint": checkpoint}
