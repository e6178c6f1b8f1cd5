"""Audit: search the log, see who saw and did what, one event with its proof, evidence of days."""

import base64
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from eventlog import catalogue
from eventlog.contracts import Cursor, StoredEvent
from eventlog.seal import queries as sealed
from eventlog.search import Sought, search
from evidence import jobs as verifying
from evidence import queries as evidence
from evidence.contracts import NotSealedYet
from evidence.models import Job
from kernel import days, ids
from kernel.errors import InvalidInput
from kernel.paging import decode_cursor, encode_cursor
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator.dossier import jobs
from regulator.models import Operator
from tenants import audit as trail
from tenants.contracts import ACT_LABELS, Permission

HEADER = ["at", "recorded_at", "type", "label", "operator", "who", "subject", "details", "event_id"]
_SHOWN, _EXPORTED = 50, 10_000
_TIMES = ("occurred_at", "recorded_at")
_FIELDS = ("type", "operator", "player", "actor", "id", "from", "to")
_PREFIXES = ("gaming.", "tenant.", "alert.", "privacy.", "log.", "subject.")
_RECORDS = {
    "gaming.stake": "Stake", "gaming.payout": "Payout", "gaming.refund": "Refund",
    "gaming.no_activity": "No activity", "gaming.batch_received": "Took a batch",
    "gaming.return_filed": "Return filed", "alert.raised": "Raised an alert",
    "alert.changed": "Changed an alert",
}  # fmt: skip
_NOT_TOLD = frozenset({"actor", "origin", "operator", "receipt", "about", "reasons", "text",
                       "question", "grounds", "hash", "previous", "digest", "bundle",
                       "summary", "size", "case", "step"})  # fmt: skip


class UnknownId(InvalidInput):
    """A text is no event's id."""

    code = "invalid_id"
    title = "Not an id"


@require_GET
@page(Permission.VIEW_AUDIT)
def index(request: HttpRequest) -> HttpResponse:
    """The log, searched; doors to its verification and to evidence of it."""
    asked = {name: request.GET.get(name, "").replace("\x00", "").strip()[:200] for name in _FIELDS}
    names = trail.people(request.tenant)  # type: ignore[attr-defined]  # the middleware's
    operators = dict(Operator.objects.order_by("title").values_list("name", "title"))
    sought = _sought(asked, list(operators), bytes(request.tenant.secret))  # type: ignore[attr-defined]  # the middleware's
    if request.GET.get("format") == "csv":
        found = search(sought, limit=_EXPORTED)
        return csv_response("log.csv", HEADER, [_line(each, names) for each in found])
    cursor = request.GET.get("cursor", "")
    found = search(sought, before=_before(cursor), limit=_SHOWN + 1)
    more = found[_SHOWN - 1].cursor if len(found) > _SHOWN else None
    newest = sealed.history(limit=1)
    context = {
        "rows": [_row(each, names) for each in found[:_SHOWN]],
        "next_cursor": encode_cursor(*more) if more else None,
        "first": not cursor,
        "asked": asked,
        "to": asked["to"],
        "searched": any(asked.values()),
        "types": _types(),
        "operators": operators,
        "people": sorted(names.items(), key=lambda pair: pair[1].casefold()),
        "newest": newest[0] if newest else None,
        "verification": next(iter(verifying.newest(Job.Kind.VERIFY, limit=1)), None),
        "dossiers": jobs.of_days(),
        "may_export": Permission.VERIFY_LOG in allowed(request),
    }
    return render_page(request, "regulator/audit.html", context)


@require_GET
@page(Permission.VIEW_EVENTS)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event as the log holds it, and its proof, to read or (``format=json``) to keep."""
    names = trail.people(request.tenant)  # type: ignore[attr-defined]  # the middleware's
    try:
        proof = evidence.proof(event_id)
    except NotSealedYet as error:
        return render_page(request, "regulator/event.html", {"waits": error.detail, "id": event_id})
    told = _proof(event_id, proof)
    if request.GET.get("format") == "json":
        body = msgspec.json.format(msgspec.json.encode(told)) + b"\n"
        answer = HttpResponse(body, content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{event_id}.json"'
        return answer
    line = msgspec.json.decode(proof.line) if proof.line else None
    context = {
        "id": event_id,
        "line": line,
        "label": _label(line["type"]) if line else "",
        "times": [datetime.fromisoformat(line[name]) for name in _TIMES] if line else [],
        "who": _who(line["payload"], names) if line else "",
        "pretty": msgspec.json.format(proof.line, indent=2) if proof.line else "",
        "told": told,
        "checkpoint": proof.checkpoint,
        "may_verify": Permission.VERIFY_LOG in allowed(request),
        "may_search": Permission.VIEW_AUDIT in allowed(request),
    }
    return render_page(request, "regulator/event.html", context)


def _proof(id: UUID, proof: evidence.Proof) -> dict[str, Any]:
    checkpoint = proof.checkpoint
    return {
        "id": str(id), "event": proof.line or None, "leaf_index": proof.inclusion.leaf.index,
        "leaf_hash": _base64(proof.inclusion.leaf_hash),
        "path": [_base64(each) for each in proof.inclusion.path],
        "checkpoint": {"size": checkpoint.size, "root": _base64(checkpoint.root),
                       "note": checkpoint.note},
    }  # fmt: skip


def _sought(asked: Mapping[str, str], operators: list[str], secret: bytes) -> Sought:
    end = _day(asked["to"], "to")
    return Sought(
        type=asked["type"],
        start=_day(asked["from"], "from"),
        end=end + timedelta(days=1) if end else None,
        subjects=_players(asked["player"], asked["operator"], operators, secret),
        having=(("operator", asked["operator"]),) if asked["operator"] else (),
        actor=asked["actor"],
        id=_id(asked["id"]),
    )


def _players(text: str, operator: str, operators: list[str], secret: bytes) -> list[str] | None:
    """A player by our pseudonym, or by the operator's own (at that operator, or at any)."""
    if not text:
        return None
    at = [operator] if operator else operators
    return [text, *(ids.pseudonym(secret, "p", f"{each}:{text}") for each in at)]


def _day(text: str, field: str) -> date | None:
    try:
        return days.parse(text) if text else None
    except ValueError:
        raise InvalidInput("Give days as year-month-day, like 2026-01-31.", field=field) from None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise UnknownId("An event's id is like 018f6b2e-7c1a-7def-8a11-0123456789ab.") from None


def _before(text: str) -> Cursor | None:
    if not text:
        return None
    xid, position = decode_cursor(text, (int, int))
    return Cursor(int(xid), int(position))


def _types() -> list[tuple[str, str]]:
    found = [name for name, _, _ in catalogue.all_types() if name.startswith(_PREFIXES)]
    return [(name, _label(name)) for name in found]


def _label(type: str) -> str:
    return ACT_LABELS.get(type) or _RECORDS.get(type, type)


def _row(each: StoredEvent, names: Mapping[str, str]) -> dict[str, Any]:
    body = msgspec.json.decode(each.payload)
    return {
        "event": each, "label": _label(each.type), "who": _who(body, names),
        "operator": body.get("operator", ""), "details": _details(body, names),
    }  # fmt: skip


def _line(each: StoredEvent, names: Mapping[str, str]) -> list[object]:
    row = _row(each, names)
    details = "; ".join(f"{name}: {value}" for name, value in row["details"])
    return [
        each.occurred_at, each.recorded_at, each.type, row["label"], row["operator"], row["who"],
        each.subject, details, str(each.id),
    ]  # fmt: skip


def _who(body: Mapping[str, Any], names: Mapping[str, str]) -> str:
    actor = str(body.get("actor") or body.get("requested_by") or "")
    return names.get(actor) or (f"former member {actor[:8]}" if len(actor) == 32 else actor)


def _details(body: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The plain values of a payload, for a line: long words and hashes are on the event's page."""
    return [
        (name.replace("_", " "), names.get(str(value), str(value))[:80])
        for name, value in body.items()
        if name not in _NOT_TOLD and isinstance(value, str | int | float) and value != ""
    ][:6]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
