"""What a tenant may settle about journeys, and whether it can be meant. Pure."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from kernel.errors import InvalidInput

MOST_WINDOWS = 200
MOST_SOURCES = 50
LONGEST_DAYS = 365
LONGEST_MINUTES = 7 * 24 * 60
LONGEST_VIEW_SECONDS = 600.0


class InvalidRules(InvalidInput):
    """The rules can't be meant; ``errors`` says which and why."""

    code = "invalid_rules"
    title = "The rules can't be used"


class ClicksWin(StrEnum):
    """Which impressions of a journey give way to its clicks and visits."""

    NEVER = "never"
    CHANNEL = "channel"
    JOURNEY = "journey"


class SharedDevices(StrEnum):
    """Whose a device is that several identified people used."""

    TOGETHER = "together"
    LATEST = "latest"


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """How many days before a conversion a touch still counts; ``""`` stands for any.

    Of the windows that fit a touch and a conversion the one that names both decides, then the one
    that names the channel, then the one that names the type, then ``Rules.lookback_days``.
    """

    channel: str = ""
    conversion_type: str = ""
    days: int


class Views(msgspec.Struct, frozen=True, kw_only=True):
    """When an impression counts.

    ``days`` is the longest it does (``None``: as long as a click). ``viewable_only`` and
    ``min_seconds`` pass over impressions known to have been out of sight or shown shorter; those
    that say nothing of it count. ``clicks_win``: the impressions of a journey do not count beside a
    click or visit of the same channel, or beside any but a direct one.
    """

    count: bool = True
    days: int | None = None
    viewable_only: bool = False
    min_seconds: float = 0.0
    clicks_win: ClicksWin = ClicksWin.NEVER


class Merging(msgspec.Struct, frozen=True, kw_only=True):
    """When two reports are one conversion.

    The same order id of a type always is; ``sources`` says whose report counts, the first named
    first; others follow in the order of the log. With ``minutes`` also what different sources
    report of a person within so many minutes with the same type and value, unless both carry order
    ids; 0 switches it off.
    """

    sources: tuple[str, ...] = ()
    minutes: int = 0


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """All rules. The defaults are what holds until a tenant sets its own."""

    lookback_days: int = 30
    windows: tuple[Window, ...] = ()
    views: Views = Views()
    shared_devices: SharedDevices = SharedDevices.TOGETHER
    merging: Merging = Merging()


def check(rules: Rules) -> None:
    """Raise ``InvalidRules`` with every fault, as ``{field: [sentence]}``."""
    errors: dict[str, list[str]] = {}
    for field, fault in _faults(rules):
        errors.setdefault(field, []).append(fault)
    if errors:
        sentences = " ".join(text for texts in errors.values() for text in texts)
        raise InvalidRules(sentences, errors=errors)


def _faults(rules: Rules) -> Iterator[tuple[str, str]]:
    yield from _days("lookback_days", rules.lookback_days)
    yield from _windows(rules.windows)
    views, merging = rules.views, rules.merging
    if views.days is not None:
        yield from _days("views.days", views.days)
    if not 0 <= views.min_seconds <= LONGEST_VIEW_SECONDS:
        yield "views.min_seconds", "An impression's least time is between 0 and 600 seconds."
    if not 0 <= merging.minutes <= LONGEST_MINUTES:
        yield "merging.minutes", "The minutes between two reports are between 0 and a week."
    if len(merging.sources) > MOST_SOURCES:
        yield "merging.sources", f"At most {MOST_SOURCES} sources can be put in order."
    if len(set(merging.sources)) < len(merging.sources):
        yield "merging.sources", "A source stands in the order twice."


def _windows(windows: tuple[Window, ...]) -> Iterator[tuple[str, str]]:
    if len(windows) > MOST_WINDOWS:
        yield "windows", f"There may be at most {MOST_WINDOWS} windows."
    if len({(each.channel, each.conversion_type) for each in windows}) < len(windows):
        yield "windows", "Two windows are for the same channel and conversion type."
    for each in windows:
        if not (each.channel or each.conversion_type):
            yield "windows", "A window names a channel or a conversion type."
        yield from _days("windows", each.days)


def _days(field: str, days: int) -> Iterator[tuple[str, str]]:
    if not 1 <= days <= LONGEST_DAYS:
        yield field, f"A window is 1 to {LONGEST_DAYS} days long."


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """Whose journeys a change of rules may change.

    ``everyone``, or people with touches of ``channels``, with impressions (``views``), with
    conversions (``reports``); ``people``: who is who may change, ``orders``: whose report counts.
    """

    everyone: bool = False
    channels: tuple[str, ...] = ()
    views: bool = False
    reports: bool = False
    people: bool = False
    orders: bool = False


def reached(before: Rules, after: Rules) -> Reached:
    """What has to be done anew when ``after`` replaces ``before``."""
    windows = set(before.windows) ^ set(after.windows)
    people = before.shared_devices != after.shared_devices
    everyone = (
        people
        or before.lookback_days != after.lookback_days
        or any(not each.channel for each in windows)
    )
    return Reached(
        everyone=everyone,
        channels=tuple(sorted({each.channel for each in windows if each.channel})),
        views=before.views != after.views,
        reports=before.merging != after.merging,
        people=people,
        orders=before.merging.sources != after.merging.sources,
    )
