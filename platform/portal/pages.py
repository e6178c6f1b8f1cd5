"""Pages of a tenant's host: who may see one, how it is rendered, how its failures look.

A page is a function view: parse, one query or command, ``render_page``. Expected failures are
``DomainError`` and become the error page with their status.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from kernel.errors import DomainError, Forbidden, InvalidInput

View = Callable[..., HttpResponse]
MEMBER = "member"
"""What a page asks for that every member may see."""


class UnreadableText(InvalidInput):
    """A field or an address holds what is no text."""

    code = "unreadable_text"
    title = "That can't be read"


def page(permission: str | None, *, post: str | None = None) -> Callable[[View], View]:
    """Show a view to members only, and only to those who have ``permission`` (``None``: all).

    ``post`` is what a POST to it takes beyond that: many may look, some may change. Whoever has no
    membership here, logged in or not, is sent to the log-in of the bare host with the way back; a
    member without the permission gets the 403 page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request, "membership", None) is None:
                return _to_log_in(request)
            if permission is not None and permission not in allowed(request):
                detail = "Your role does not include this page. An owner can change your role."
                return error_page(request, Forbidden(detail))
            if request.method == "POST" and post is not None and post not in allowed(request):
                return error_page(request, Forbidden("Your role may look at this, not change it."))
            try:
                _refuse_nul(request)
                return view(request, *args, **kwargs)
            except DomainError as error:
                return error_page(request, error)

        guarded.asks_to_post = post or ""  # type: ignore[attr-defined]  # as below
        guarded.asks = permission or MEMBER  # type: ignore[attr-defined]  # for who lists the doors
        return guarded

    return decorate


def _refuse_nul(request: HttpRequest) -> None:
    """No text of a person's holds a NUL, and no database takes one: refused before any page asks.

    Files are left to the pages that take them.
    """
    plain = request.content_type == "application/x-www-form-urlencoded"
    for form in (request.GET, request.POST) if plain else (request.GET,):
        if any("\x00" in value for _, values in form.lists() for value in values):
            raise UnreadableText("What was sent contains a NUL character.")


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """``template`` with ``context``; private to the person, and different for htmx requests."""
    answer = render(request, template, dict(context or {}), status=status)
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (and not for a whole page by history or boost)."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says what went wrong, with the error's status and stable code."""
    context = {"title": error.title, "detail": error.detail, "code": error.code}
    inside = getattr(request, "membership", None) is not None
    template = "portal/error.html" if inside else "portal/public_error.html"
    return render_page(request, template, context, status=error.http_status)


def allowed(request: HttpRequest) -> frozenset[str]:
    """What the request's user may do on this host; nothing where no tenant was found."""
    found: frozenset[str] = getattr(request, "permissions", frozenset())
    return found


def bare_host(request: HttpRequest, path: str) -> str:
    """``path`` on the bare host, with the scheme and port of this request."""
    port = urlsplit(f"//{request.get_host()}").port
    suffix = f":{port}" if port else ""
    return f"{request.scheme}://{settings.BASE_DOMAIN}{suffix}{path}"


def _to_log_in(request: HttpRequest) -> HttpResponse:
    path = request.get_full_path() if request.method == "GET" else "/"
    query = urlencode({"next": request.build_absolute_uri(path)})
    address = f"{bare_host(request, settings.LOGIN_URL)}?{query}"
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
