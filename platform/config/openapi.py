"""The API's document, completed: the failures every operation can answer with."""

from typing import Any

PROBLEM_TYPE = "application/problem+json"
_COMMON = {
    "400": "Something in the request can't be used",
    "401": "No valid key",
    "403": "The key lacks the scope",
    "404": "Nothing here, or not yours",
    "405": "Not offered for this address",
    "406": "Only JSON is offered",
    "413": "Too large",
    "415": "Unsupported content type or encoding",
    "429": "Too many requests; Retry-After says when to go on",
    "503": "Temporarily unavailable; send the same again after Retry-After",
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable: programs may rely on it."},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "instance": {"type": "string"},
    },
    "additionalProperties": True,
}


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's last hook: every operation names its problem documents, in their type."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    for path in result.get("paths", {}).values():
        for operation in path.values():
            _complete(operation.setdefault("responses", {}))
    return result


_RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."},
}


def _complete(responses: dict[str, Any]) -> None:
    for status in sorted({*_COMMON, *(each for each in responses if each >= "400")}):
        known = responses.get(status, {})
        responses[status] = {
            "description": known.get("description") or _COMMON[status],
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status in ("429", "503"):
            responses[status]["headers"] = _RETRY_AFTER
