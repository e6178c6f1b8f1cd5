"""The navigation, filled by the apps from ``AppConfig.ready()``; the portal knows none of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

SECTIONS = ("Reports", "Fraud", "Supervision", "Data", "Settings")
"""The order of the sections; others follow in the order of their first item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A link of the navigation. ``shortcut`` is the key after ``g``; ``icon`` a name of the kit."""

    label: str
    url_name: str
    section: str
    order: int
    permission: str | None
    icon: str
    shortcut: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An item as one person sees it on one page."""

    label: str
    url: str
    icon: str
    shortcut: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and its links, at least one."""

    label: str
    links: tuple[Link, ...]


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add ``item``; one that is registered again under its ``url_name`` replaces the earlier."""
    _items[item.url_name] = item


def items() -> tuple[NavItem, ...]:
    """All registered items, by section and order."""
    return tuple(sorted(_items.values(), key=lambda item: (_rank(item.section), item.order)))


def sections(
    *, permissions: Iterable[str], path: str, urlconf: str | None = None
) -> tuple[Section, ...]:
    """What a person with ``permissions`` sees while on ``path``; empty sections are left out.

    Items whose route the URL conf lacks are left out: an app may be switched off.
    """
    granted = frozenset(permissions)
    found: dict[str, list[tuple[NavItem, str]]] = {}
    for item in items():
        url = _url(item, urlconf)
        if url is not None and (item.permission is None or item.permission in granted):
            found.setdefault(item.section, []).append((item, url))
    here = _here([url for pairs in found.values() for _, url in pairs], path)
    return tuple(
        Section(label=label, links=tuple(_link(item, url, here) for item, url in pairs))
        for label, pairs in found.items()
    )


def _link(item: NavItem, url: str, here: str) -> Link:
    return Link(
        label=item.label,
        url=url,
        icon=item.icon,
        shortcut=item.shortcut,
        current=url == here,
    )


def _here(urls: list[str], path: str) -> str:
    """The longest of ``urls`` that ``path`` lies below; "/" only stands for itself."""
    below = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(below, key=len, default="")


def _url(item: NavItem, urlconf: str | None) -> str | None:
    try:
        return reverse(item.url_name, urlconf=urlconf)
    except NoReverseMatch:
        return None


def _rank(section: str) -> int:
    return SECTIONS.index(section) if section in SECTIONS else len(SECTIONS)
