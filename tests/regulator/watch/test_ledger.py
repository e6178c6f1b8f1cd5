"""A stretch is one anomaly, found once, extended while it goes on, ended when it is over."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from regulator.contracts import Severity
from regulator.detectors.anomaly import Kind
from regulator.watch.ledger import Judged, Standing, news
from regulator.watch.market import HOUR
from regulator.watch.sighting import QUIET, Sighting, joined
from tests.regulator.watch.markets import START

KINDS = frozenset({Kind.FEED_DROP, Kind.PARTIAL_DROP, Kind.FEED_SILENT, Kind.BASELINE, Kind.TAX})


def seen(first, last, *, kind=Kind.PARTIAL_DROP, operator="lucky", weight=0.6, done=False):
    return Sighting(
        operator=operator, kind=kind, started_at=START + first * HOUR, ended_at=START + last * HOUR,
        weight=weight, score=7.0, explanation="Missing.", done=done,
    )  # fmt: skip


def judged(since, until):
    return Judged(
        kinds=KINDS, since={"lucky": START + since * HOUR}, until={"lucky": START + until * HOUR}
    )


class Book:
    """What stands after each pass, as the projection keeps it."""

    def __init__(self):
        self.rows = {}

    def look(self, sightings, since, until):
        told = news(sightings, list(self.rows.values()), judged(since, until), space="t")
        for key, each in told.found:
            self.rows[key] = Standing(
                id=key, operator=each.operator, kind=each.kind, started_at=each.started_at,
                ended_at=each.ended_at, severity=each.severity,
            )  # fmt: skip
        for key, each in told.extended:
            row = self.rows[key]
            self.rows[key] = Standing(
                id=key, operator=row.operator, kind=each.kind, started_at=row.started_at,
                ended_at=max(row.ended_at, each.ended_at), severity=each.severity,
            )  # fmt: skip
        for key in told.ended:
            row = self.rows[key]
            self.rows[key] = Standing(
                id=key, operator=row.operator, kind=row.kind, started_at=row.started_at,
                ended_at=row.ended_at, severity=row.severity, over=True,
            )  # fmt: skip
        return len(told.found), len(told.extended), len(told.ended)


def test_a_streak_is_one_anomaly_and_the_same_pass_twice_finds_nothing():
    book = Book()
    assert book.look([seen(10, 11)], 0, 11) == (1, 0, 0)
    assert book.look([seen(10, 11)], 11, 11) == (0, 0, 0)
    assert book.look([seen(10, 12)], 11, 12) == (0, 1, 0)
    assert book.look([seen(10, 12)], 12, 12) == (0, 0, 0)
    assert book.look([seen(10, 12)], 15, 16) == (0, 0, 1)
    assert book.look([seen(10, 12)], 16, 17) == (0, 0, 0)
    assert len(book.rows) == 1


def test_a_streak_that_comes_back_within_the_quiet_time_is_the_same():
    book = Book()
    book.look([seen(10, 11)], 0, 11)
    assert book.look([seen(13, 14)], 13, 14) == (0, 1, 0)
    assert book.look([seen(30, 31)], 14, 31) == (1, 0, 1)
    assert len(book.rows) == 2


def test_a_silent_feed_is_the_same_when_its_hour_is_over():
    book = Book()
    book.look([seen(10, 11, kind=Kind.FEED_SILENT)], 0, 10)
    assert book.look([seen(10, 13, kind=Kind.FEED_DROP)], 10, 13) == (0, 1, 0)
    (row,) = book.rows.values()
    assert row.kind is Kind.FEED_DROP


def test_what_was_judged_before_is_no_news_though_it_is_seen_now():
    assert Book().look([seen(10, 11)], 12, 13) == (0, 0, 0)


def test_a_worse_one_is_told_again():
    book = Book()
    book.look([seen(10, 11)], 0, 11)
    assert book.look([seen(10, 11, weight=0.9)], 11, 11) == (0, 1, 0)
    (row,) = book.rows.values()
    assert row.severity is Severity.CRITICAL


def test_what_returns_no_longer_show_is_over():
    book = Book()
    book.look([seen(0, 700, kind=Kind.TAX)], 800, 900)
    assert book.look([seen(0, 700, kind=Kind.TAX)], 900, 901) == (0, 0, 0)
    assert book.look([], 901, 902) == (0, 0, 1)
    assert book.look([seen(0, 700, kind=Kind.TAX)], 902, 903) == (0, 1, 0)


def test_an_incident_that_is_known_to_be_over_is_found_and_ended_at_once():
    book = Book()
    assert book.look([seen(0, 700, kind=Kind.TAX, done=True)], 800, 900) == (1, 0, 1)
    assert book.look([seen(0, 700, kind=Kind.TAX, done=True)], 900, 901) == (0, 0, 0)


def test_other_operators_and_tenants_have_anomalies_of_their_own():
    mine = news([seen(10, 11)], [], judged(0, 11), space="a").found[0][0]
    theirs = news([seen(10, 11)], [], judged(0, 11), space="b").found[0][0]
    other = seen(10, 11, operator="other")
    both = Judged(kinds=KINDS, since={"lucky": START, "other": START}, until={})
    assert mine != theirs
    assert len(news([seen(10, 11), other], [], both, space="a").found) == 2


HITS = st.lists(st.integers(0, 200), min_size=1, max_size=40, unique=True).map(sorted)


@given(HITS, st.lists(st.integers(1, 220), min_size=1, max_size=12, unique=True).map(sorted))
def test_passes_at_any_times_find_what_one_pass_finds(hits, times):
    """Hours with an alarm, and when the passes were: a pause is caught up with."""

    def sighted(until):
        return joined([seen(hour, hour + 1) for hour in hits if hour < until])

    often, before = Book(), 0
    for until in [*times, 230]:
        often.look(sighted(until), before, until)
        before = until
    once = Book()
    once.look(sighted(230), 0, 230)

    spans = [
        sorted((row.started_at, row.ended_at) for row in book.rows.values())
        for book in (often, once)
    ]
    assert spans[0] == spans[1]


@given(HITS)
def test_joined_stretches_are_apart_and_cover_every_sighting(hits):
    found = joined([seen(hour, hour + 1) for hour in hits])
    quiet = QUIET[Kind.PARTIAL_DROP]
    for one, other in pairwise(found):
        assert other.started_at > one.ended_at + quiet
    for hour in hits:
        at = START + hour * HOUR
        assert sum(each.started_at <= at < each.ended_at for each in found) == 1
    assert min(each.started_at for each in found) == START + timedelta(hours=hits[0])
