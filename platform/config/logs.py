"""Lines of the log: JSON in production, readable in development; in both with ids, without people.

What a library says is kept as its words without its values: nobody knows what it puts into them.
Our own words keep their values, less whatever looks like an address, a key or a query. Of a
failure its kind and its places are kept; its message may quote a row.
"""

import logging
import re
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from eventlog.tenancy import SHARED, active_schema
from kernel.about import known

OURS = (
    "attribution",
    "config",
    "eventlog",
    "evidence",
    "fraud",
    "health",
    "ingest",
    "portal",
    "regulator",
    "tenants",
)
_FRAMES = 12
_PERSONAL = re.compile(
    r"""\S*@\S+                                      # an e-mail address
      | \b\d{1,3}(?:\.\d{1,3}){3}\b                 # an IPv4 address
      | (?<!\w)[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}   # an IPv6 address, or a time
      | \bts_[\w-]+ | \b[Bb]earer\s+\S+             # a key
      | \?\S*                                       # a query
    """,
    re.VERBOSE,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def configuration(*, production: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.logs.formatter", "production": production}},
        "filters": {"expected": {"()": "config.away.Expected"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Expected failures answer with a problem document; they are not log lines.
            "django.request": {"level": "ERROR", "filters": ["expected"]},
            "django_tenants": {"level": "WARNING"},
            # Each of these would say once more, with an address, what our own line says.
            "django.server": {"level": "ERROR"},
            "celery.app.trace": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


def formatter(*, production: bool) -> logging.Formatter:
    """Formats every record, whoever wrote it."""
    last: list[Processor] = [structlog.processors.JSONRenderer(sort_keys=False)]
    if not production:
        last = [_for_reading()]
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            _words,
            _given,
            _ids,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            _failure if production else _passed_on,
            *last,
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def scrub(text: str) -> str:
    """``text`` without what looks like an e-mail address, a network address, a key or a query."""
    return _PERSONAL.sub(lambda m: m[0] if _CLOCK.fullmatch(m[0]) else "[…]", text)


def _words(logger: object, name: str, event: EventDict) -> EventDict:
    """What was said; with its values only where the words are ours."""
    record: logging.LogRecord = event["_record"]
    values = event.pop("positional_args", None)
    text = str(record.msg)
    ours = record.name.partition(".")[0] in OURS
    if ours and values:
        text = text % values
    event["event"] = scrub(text)
    event["logger"] = record.name
    return event


def _given(logger: object, name: str, event: EventDict) -> EventDict:
    """The fields that our own code gave beside the event's name, as ``extra={"fields": …}``."""
    record: logging.LogRecord = event["_record"]
    for key, value in getattr(record, "fields", {}).items():
        event[key] = scrub(value) if isinstance(value, str) else value
    event["level"] = record.levelname.lower()
    return event


def _ids(logger: object, name: str, event: EventDict) -> EventDict:
    """The ids at hand; the tenant is the active one, else the request's."""
    event.update(known())
    schema = active_schema()
    if schema != SHARED:
        event["tenant"] = schema
    return event


def _failure(logger: object, name: str, event: EventDict) -> EventDict:
    """A failure's kind and places, innermost last."""
    info = event.pop("exc_info", None)
    if isinstance(info, tuple) and info[1] is not None:
        frames = traceback.extract_tb(info[2])[-_FRAMES:]
        event["failure"] = type(info[1]).__qualname__
        event["places"] = [f"{_short(each.filename)}:{each.lineno} {each.name}" for each in frames]
    event.pop("stack_info", None)
    return event


def _for_reading() -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )


def _passed_on(logger: object, name: str, event: EventDict) -> EventDict:
    return event


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[1:])
