"""One model: its card, to read and to take along."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fraud.training import registry
from fraud.training.card import ability, card, sections
from portal.pages import allowed, page, render_page
from tenants.contracts import Permission


@require_GET
@page(Permission.VIEW_REPORTS)
def model(request: HttpRequest, digest: str) -> HttpResponse:
    """The figures and the card; ``format=md`` downloads the card."""
    found = registry.model(digest)
    promotion = registry.promotion(found)
    if request.GET.get("format") == "md":
        return _download(f"model-{found.digest[:8]}.md", card(found, promotion=promotion))
    context = {
        "model": found,
        "headline": ability(found).rows,
        "sections": sections(found, promotion=promotion),
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "fraud/model.html", context)


def _download(filename: str, text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
