"""JSON schemas of the collectors' bodies, for the API's document."""

from typing import Any

_TEXT = {"type": "string"}
_ID = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
_OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}

LINE: dict[str, Any] = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"type": "string", "example": "web.page"},
        "id": {"type": "string", "description": "Makes a retry recognisable."},
        "timestamp": {"type": "string", "format": "date-time"},
        "anonymous_id": _ID,
        "user_id": _ID,
        "name": _TEXT,
        "category": _TEXT,
        "group": _ID,
        "previous": _ID,
        "properties": _OBJECT,
        "traits": _OBJECT,
        "context": _OBJECT,
    },
}
EVENTS: dict[str, Any] = {
    "type": "object",
    "required": ["events"],
    "properties": {
        "events": {"type": "array", "maxItems": 1000, "items": LINE},
        "sent_at": {
            "type": "string",
            "format": "date-time",
            "description": "Your clock when you sent: times of a wrong clock are corrected by it.",
        },
    },
}
_REJECTED: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["index", "code", "detail"],
        "properties": {"index": {"type": "integer"}, "code": _TEXT, "detail": _TEXT},
    },
}
ACCEPTED: dict[str, Any] = {
    "type": "object",
    "required": ["accepted", "duplicates", "rejected", "scores"],
    "properties": {
        "accepted": {"type": "integer"},
        "duplicates": {"type": "integer"},
        "rejected": _REJECTED,
        "scores": {"type": "array", "items": _OBJECT},
    },
}
SEGMENT_BODY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": True,
    "properties": {
        "batch": {"type": "array", "maxItems": 1000, "items": _OBJECT},
        "writeKey": _TEXT,
    },
}
SEGMENT_ACCEPTED: dict[str, Any] = {
    "type": "object",
    "required": ["success", "rejected"],
    "properties": {"success": {"type": "boolean"}, "rejected": _REJECTED},
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "instance": _TEXT,
    },
}
