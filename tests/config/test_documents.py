"""The generated documents."""

from typing import Any

import pytest

from config import documents
from eventlog import catalogue


def test_it_describes_every_event_type_and_every_field():
    text = documents.events()
    for name, version, shape in catalogue.all_types():
        assert f"## `{name}` v{version}" in text
        assert all(f"| `{field}` |" in text for field in shape.__struct_fields__)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (str, "text"),
        (float | None, "number"),
        (tuple[str, ...], "list of text"),
        (dict[str, Any], "object"),
        (dict[str, Any] | None, "object"),
        (int | str, "whole number or text"),
    ],
)
def test_it_says_types_in_words(kind, words):
    assert documents._type_name(kind) == words
