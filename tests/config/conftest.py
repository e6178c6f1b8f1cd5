"""What production writes, line by line."""

import io
import json
import logging

import pytest

from config import logs


class Lines:
    """The lines written since the test began."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def all(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, object]]:
        return [line for line in self.all() if line["event"] == event]


@pytest.fixture
def lines():
    found = Lines()
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(logs.formatter(production=True))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield found
    root.setLevel(level)
    root.removeHandler(handler)
