"""Slips of reading and typing: numbers that differ from another by one digit. Pure."""

from collections.abc import Iterator

LEAST = 4
"""Digits below which a slip would explain too much."""


def slips(number: int) -> Iterator[int]:
    """Every number that one slip makes of this one.

    One digit wrong, left out or doubled in, or two neighbours swapped (Damerau, 1964).
    """
    text = str(abs(number))
    if len(text) < LEAST:
        return
    for place in range(len(text)):
        head, tail = text[:place], text[place + 1 :]
        yield int(head + tail)
        if tail:
            yield int(head + tail[0] + text[place] + tail[1:])
        for digit in "0123456789":
            if digit != text[place]:
                yield int(head + digit + tail)
            yield int(head + digit + text[place:])
    for digit in "0123456789":
        yield int(text + digit)
