"""A person's own data: events about it, opened, decisions, and what was concluded, as a zip.

The log has no index by subject, so an export reads the log once from end to end, week by week.
"""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import connection
from django.template.loader import render_to_string

from eventlog.subjects.opening import Sealed, opened
from tenants.privacy import holdings
from tenants.privacy.models import Consent

_SPAN = "SELECT min(occurred_at), max(occurred_at) FROM event"
_EVENTS = """
SELECT id, subject, sealed, type, occurred_at, recorded_at, source, payload::text
FROM event WHERE occurred_at >= %s AND occurred_at < %s AND subject = ANY(%s)
ORDER BY occurred_at, id
"""
_WEEK = timedelta(days=7)
Document = dict[str, Any]
Progress = Callable[[int, int], None]


def document(
    *,
    subjects: Sequence[str],
    organisation: str,
    now: datetime,
    progress: Progress = lambda _done, _total: None,
) -> Document:
    """What the active tenant holds about a person: plain data, ready for JSON.

    ``progress`` is told the weeks of the log that were read, and all there are.
    """
    rows = _events(subjects, progress)
    personal = opened([Sealed(*row[:3]) for row in rows], now=now)
    decisions = Consent.objects.filter(subject__in=list(subjects)).order_by("subject", "purpose")
    return {
        "organisation": organisation,
        "made_at": now.isoformat(),
        "subjects": list(subjects),
        "decisions": [
            {
                "subject": each.subject,
                "purpose": each.purpose,
                "granted": each.granted,
                "decided_at": each.decided_at.isoformat(),
            }
            for each in decisions
        ],
        "concluded": holdings.concluded(subjects),
        "events": [
            {
                "id": str(row[0]),
                "type": row[3],
                "subject": row[1],
                "occurred_at": row[4].isoformat(),
                "recorded_at": row[5].isoformat(),
                "source": row[6],
                "fields": msgspec.json.decode(row[7]),
                "personal": fields,
            }
            for row, fields in zip(rows, personal, strict=True)
        ],
    }


def _events(subjects: Sequence[str], progress: Progress) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_SPAN)
        first, last = cursor.fetchone()
        if first is None:
            return []
        weeks = (last - first) // _WEEK + 1
        rows = []
        for week in range(weeks):
            start = first + week * _WEEK
            cursor.execute(_EVENTS, [start, start + _WEEK, list(subjects)])
            rows += cursor.fetchall()
            progress(week + 1, weeks)
    return rows


def archive(found: Document) -> bytes:
    """``found`` as a zip: the JSON for programs, a page for people."""
    page = render_to_string("privacy/export.html", {"found": found, "events": _readable(found)})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("data.json", json.dumps(found, indent=2, ensure_ascii=False))
        target.writestr("data.html", page)
    return file.getvalue()


def _readable(found: Document) -> list[Document]:
    return [
        {**event, "lines": [*event["personal"].items(), *event["fields"].items()]}
        for event in found["events"]
    ]
