"""Django's own error pages. ``server_error`` touches neither session nor database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from kernel.errors import Forbidden, InvalidInput, NotFound
from portal.pages import error_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request Django could not read."""
    return error_page(request, InvalidInput("The address or the form can't be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses."""
    return error_page(request, Forbidden("You may not do this here."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No route, or nothing behind it."""
    return error_page(request, NotFound("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake: a page that needs nothing but its template."""
    return HttpResponse(render_to_string("portal/500.html"), status=500)
