"""What holds for every operation of the API, added to its document in one place."""

from typing import Any

_THROTTLED = {
    "description": "Too many requests; Retry-After says when to send the same again",
    "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status", "code", "detail", "retry_after"],
                "properties": {
                    **{name: {"type": "string"} for name in ("type", "title", "code", "detail")},
                    "status": {"type": "integer"},
                    "retry_after": {"type": "integer"},
                    "instance": {"type": "string"},
                },
            }
        }
    },
}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def throttled(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of every operation behind a key that it may answer 429."""
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in _METHODS and operation.get("security"):
                operation["responses"]["429"] = _THROTTLED
    return result
