"""What alerts must know of people, told by the app that knows them: the floor knows no app."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.http import HttpRequest


class Directory(Protocol):
    """The people of the active tenant."""

    def roles(self) -> Sequence[str]:
        """The roles that may be written to."""

    def members(self, roles: Sequence[str]) -> Mapping[int, str]:
        """Numbers and addresses of the members that have one of ``roles``."""

    def actor(self, request: HttpRequest) -> str:
        """The pseudonym under which the log knows who asks."""

    def organisation(self) -> tuple[str, str]:
        """The tenant's slug and name."""


_known: list[Directory] = []


def register(directory: Directory) -> None:
    """Ask ``directory`` from now on."""
    _known[:] = [directory]


def directory() -> Directory:
    """Whoever was registered."""
    return _known[0]
