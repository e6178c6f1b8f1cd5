"""One family of errors with stable codes.

Every expected failure of the product is a ``DomainError``. Subclasses live beside the function
that raises them and set ``code`` (stable, snake case, part of the API) and ``http_status``. One
handler per surface (REST, ingestion, pages, commands) turns them into answers; nobody catches them
to build a response by hand.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """An expected failure: a stable ``code``, a sentence for a person, data for a program."""

    code: ClassVar[str] = "domain_error"
    http_status: ClassVar[int] = 400
    title: ClassVar[str] = "The request could not be carried out"

    def __init__(self, detail: str, **data: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.data = data


class NotFound(DomainError):
    """The thing asked for does not exist, or belongs to somebody else: the answer is the same."""

    code = "not_found"
    http_status = 404
    title = "Not found"


class InvalidInput(DomainError):
    """A value sent by the caller can't be used; ``data`` may name the field."""

    code = "invalid_input"
    http_status = 400
    title = "Invalid input"


class Forbidden(DomainError):
    """The caller is known, but its role or scope does not allow this."""

    code = "forbidden"
    http_status = 403
    title = "Not allowed"


class Unauthenticated(DomainError):
    """No credentials, or credentials that do not hold (any more)."""

    code = "unauthenticated"
    http_status = 401
    title = "Not authenticated"


class Unavailable(DomainError):
    """Something outside failed. ``permanent`` says whether trying again can help."""

    code = "unavailable"
    http_status = 503
    title = "Temporarily unavailable"

    def __init__(self, detail: str, *, permanent: bool = False, **data: Any) -> None:
        super().__init__(detail, **data)
        self.permanent = permanent


def problem(error: DomainError, *, instance: str | None = None) -> dict[str, Any]:
    """Render ``error`` as an RFC 9457 problem document (``application/problem+json``)."""
    document: dict[str, Any] = {
        "type": f"urn:touchstone:problem:{error.code}",
        "title": error.title,
        "status": error.http_status,
        "code": error.code,
        "detail": error.detail,
        **error.data,
    }
    if instance is not None:
        document["instance"] = instance
    return document
