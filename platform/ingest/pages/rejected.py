"""What was turned away, and why: by code, by words, as CSV."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from ingest import rejections
from ingest.pages.live import PERMISSION
from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response

SHOWN = 50
CSV_LIMIT = 10_000
DAYS = 30


@page(PERMISSION)
def rejected(request: HttpRequest) -> HttpResponse:
    """Rejections, newest first, and how often each code was given in the last 30 days."""
    query = request.GET
    code, text = query.get("code", ""), query.get("q", "").strip()
    as_csv = query.get("format") == "csv"
    found = rejections.find(
        code=code, text=text, cursor=query.get("cursor"), limit=CSV_LIMIT if as_csv else SHOWN
    )
    if as_csv:
        header = ["received_at", "source", "index", "code", "detail", "outline"]
        lines = [
            [row.received_at, row.source, row.index, row.code, row.detail, row.excerpt]
            for row in found.items
        ]
        return csv_response("rejected.csv", header, lines)
    today = clock.now().date()
    context = {
        "page": found,
        "code": code,
        "text": text,
        "counts": rejections.counts(start=today - timedelta(days=DAYS - 1), end=today),
        "days": DAYS,
        "kept": rejections.KEPT,
        "more": bool(query.get("cursor")),
    }
    return render_page(request, "ingest/rejected.html", context)
