"""The web server's own lines as JSON, in the shape of the application's.

Granian's main process knows no Django, so its lines can't pass the application's formatter. They
say when workers start and stop, and what the application let through: of that the kind and the
places, for its words may quote anything.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_PLACE = re.compile(r'File "(?:.*/)?([^"]+)", line (\d+), in (\S+)')
_TRACE = "\nTraceback"
_FRAMES = 12


class Lines(logging.Formatter):
    """A record as one line of JSON; a traceback in its text as its kind and places."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        text, _, trace = record.getMessage().partition(_TRACE)
        said: dict[str, Any] = {
            "event": text,
            "logger": record.name.lstrip("_"),
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if trace:
            said["failure"] = trace.rstrip().rpartition("\n")[2].partition(":")[0]
            places = _PLACE.findall(trace)[-_FRAMES:]
            said["places"] = [f"{file}:{line} {name}" for file, line, name in places]
        return json.dumps(said)
