"""How a failure becomes an answer of the API: an RFC 9457 problem document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response

from config import away
from kernel.errors import DomainError, Forbidden, InvalidInput, NotFound, problem


class _Other(DomainError):
    """A failure the framework raised by itself; its code is the framework's."""


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; ``None`` lets an unexpected error through as a 500."""
    domain = _domain(error)
    if domain is None:
        return None
    document = problem(domain, instance=context["request"].path)
    response = Response(
        document, status=document["status"], content_type="application/problem+json"
    )
    if "retry_after" in domain.data:
        response["Retry-After"] = str(domain.data["retry_after"])
    if document["status"] == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="touchstone"'
    return response


def _domain(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotFound("There is nothing here.")
    if isinstance(error, PermissionDenied):
        return Forbidden("You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        return InvalidInput("Some fields can't be used.", errors=error.detail)
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    if isinstance(error, away.AWAY):
        return away.refusal()
    return None


def _from_framework(error: exceptions.APIException) -> DomainError:
    kind = type(
        "FrameworkProblem",
        (_Other,),
        {
            "code": str(error.default_code),
            "http_status": error.status_code,
            "title": str(error.default_detail).rstrip("."),
        },
    )
    made: DomainError = kind(str(error.detail))
    return made


@csrf_exempt  # there is nothing to protect, and a program gets a problem document whatever it sends
def not_found(request: Any, exception: Exception | None = None) -> JsonResponse:
    """The answer for an API route that does not exist."""
    document = problem(NotFound("There is nothing at this address."), instance=request.path)
    return JsonResponse(document, status=404, content_type="application/problem+json")
