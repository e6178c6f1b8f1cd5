"""The failures of a whole request; failures of single events are rejections."""

from kernel.errors import DomainError, InvalidInput, Unauthenticated, Unavailable


class MalformedJson(InvalidInput):
    """The body can't be read as JSON at all."""

    code = "malformed_json"
    title = "Malformed JSON"


class MissingField(InvalidInput):
    """The body lacks the list of events."""

    code = "missing_field"
    title = "A field is missing"


class WrongType(InvalidInput):
    """The body is JSON, but not an object with a list of events."""

    code = "wrong_type"
    title = "A value has the wrong type"


class TooLarge(DomainError):
    """The body, packed or unpacked, is larger than allowed."""

    code = "too_large"
    http_status = 413
    title = "The body is too large"


class TooManyEvents(DomainError):
    """The batch holds more events than allowed."""

    code = "too_many_events"
    http_status = 413
    title = "Too many events"


class UnsupportedEncoding(DomainError):
    """A content encoding other than gzip."""

    code = "unsupported_encoding"
    http_status = 415
    title = "Unsupported content encoding"


class UnsupportedContentType(DomainError):
    """Neither JSON nor NDJSON."""

    code = "unsupported_content_type"
    http_status = 415
    title = "Unsupported content type"


class BadGzip(InvalidInput):
    """The body says gzip and is not, or is cut off."""

    code = "bad_gzip"
    title = "The gzip body can't be unpacked"


class MissingKey(Unauthenticated):
    """No key in any of the places we look."""

    code = "missing_key"
    title = "An API key is needed"


class UnreadableKey(Unauthenticated):
    """The Authorization header can't be read."""

    code = "invalid_key"
    title = "Invalid API key"


class DatabaseAway(Unavailable):
    """The log can't be written now; nothing of the request was acknowledged."""

    code = "log_unavailable"
