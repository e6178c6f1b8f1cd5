"""Exact checks of a feed: whether all of it came, once, in time, and was licensed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from regulator.contracts import FindingKind, Severity, Terms
from regulator.feeds.state import FeedState
from regulator.money import said
from regulator.returns.finding import Finding

SILENT = timedelta(days=1)
"""A feed that says nothing for longer is silent: it could say that nothing was played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A game an operator took stakes on: how much, and the first and last day."""

    game: str
    stakes: int
    first: date
    last: date


def of_feed(
    terms: Terms, feed: FeedState, offered: Sequence[Offered], now: datetime
) -> list[Finding]:
    """All that is wrong with one operator's feed."""
    return [
        *_numbers(terms, feed),
        *_time(terms, feed, now),
        *_licence(terms, offered),
    ]


def _of(terms: Terms, severity: Severity, code: str, title: str, text: str) -> Finding:
    return Finding(
        operator=terms.operator, kind=FindingKind.FORMAT, severity=severity, code=code, title=title,
        text=text,
    )  # fmt: skip


def _numbers(terms: Terms, feed: FeedState) -> Iterator[Finding]:
    if feed.missing:
        first = feed.holes[0]
        yield _of(
            terms, Severity.CRITICAL, "records_missing",
            f"{feed.missing:,} record{'s' if feed.missing != 1 else ''} never came",
            f"Of the numbers up to {feed.highest:,} they are missing; the first ones are"
            f" {first.first:,} to {first.last:,}.",
        )  # fmt: skip
    if feed.reused:
        yield _of(
            terms, Severity.CRITICAL, "numbers_reused",
            f"{feed.reused:,} number{'s' if feed.reused != 1 else ''} used twice",
            f"More than one record has number {', '.join(map(str, feed.twice))}.",
        )  # fmt: skip
    if feed.refused:
        yield _of(
            terms, Severity.CRITICAL, "records_changed",
            f"{feed.refused:,} record{'s' if feed.refused != 1 else ''} sent again with other"
            " content",
            "The first version was kept, the later one refused; the receipts say which.",
        )  # fmt: skip
    if feed.filled:
        yield _of(
            terms, Severity.NOTE, "out_of_order", f"{feed.filled:,} out of order",
            "They came after records with a higher number.",
        )  # fmt: skip


def _time(terms: Terms, feed: FeedState, now: datetime) -> Iterator[Finding]:
    if feed.late:
        yield _of(
            terms, Severity.NOTE, "late", f"{feed.late:,} came late",
            "They came more than a day after they happened.",
        )  # fmt: skip
    ended = terms.licensed_until is not None and terms.licensed_until < now.date()
    if feed.heard_at is not None and now - feed.heard_at > SILENT and not ended:
        days = (now - feed.heard_at).days
        yield _of(
            terms, Severity.CRITICAL, "silent", f"Silent for {days} day{'s' if days != 1 else ''}",
            f"Last heard on {feed.heard_at:%-d %B %Y, %H:%M} UTC; not even that nothing was"
            " played.",
        )  # fmt: skip


def _licence(terms: Terms, offered: Sequence[Offered]) -> Iterator[Finding]:
    for each in offered:
        if each.game not in terms.game_types:
            code, title = "game_not_licensed", f"Stakes on {each.game} without a licence for it"
        elif each.first < terms.licensed_from:
            code, title = "before_licence", f"Stakes on {each.game} before the licence began"
        elif terms.licensed_until is not None and each.last > terms.licensed_until:
            code, title = "after_licence", f"Stakes on {each.game} after the licence ended"
        else:
            continue
        yield Finding(
            operator=terms.operator, kind=FindingKind.CONTENT, severity=Severity.CRITICAL,
            code=code, title=title, start=each.first, end=each.last, difference=each.stakes,
            text=f"The feed holds {said(each.stakes, terms.currency)} staked on it.",
            currency=terms.currency,
        )  # fmt: skip
