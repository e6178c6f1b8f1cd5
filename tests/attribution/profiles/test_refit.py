"""The worker's run, from events to profiles: found, named, moved into segments, kept later on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from attribution import handlers, queries, queries_profiles
from attribution.behaviour import projection
from attribution.contracts import Model
from attribution.models import Profile, ProfileFit, ProfileMember
from attribution.profiles import refit
from attribution.projection import sums
from tests.attribution.stories import stored
from tests.attribution.test_handlers import contents, from_journeys, from_stores

NOW = datetime(2026, 12, 1, tzinfo=UTC)
START, END = date(2026, 9, 1), date(2026, 11, 30)
KINDS = (
    ("Display", ("journal/walks", "journal/huts", "tents")),
    ("Affiliates", ("sale/tents", "vouchers", "boots")),
    ("Email", ("account/orders", "account/rewards", "packs")),
)


def visit(position, subject, day, channel, path):
    url = f"https://northwind.example/{path}"
    body = {"page": {"url": url}, "touch": {"channel": channel}, "device": "mobile"}
    return stored(position, "web.page", subject, day, body)


def story(people=240):
    """People of three kinds, five visits each; every fourth buys."""
    events = []
    for number in range(people):
        channel, paths = KINDS[number % 3]
        for nth in range(5):
            path = paths[(number + nth) % 3]
            day = (number * 7 + nth * 6) % 60 + nth / 24
            events.append(visit(len(events) + 1, f"p{number:03}", day, channel, path))
        if number % 4 == 0:
            body = {"value": 20.0, "order_id": f"o{number}"}
            day = 61 + number / people
            events.append(
                stored(len(events) + 1, "conversion.recorded", f"p{number:03}", day, body)
            )
    return events


@pytest.fixture
def shop(acme, as_tenant):
    events = story()
    with as_tenant(acme):
        handlers.handle(events)
        projection.handle(events)
    return acme


def totals(segment):
    return queries.attribution(
        model=Model.LAST, start=START, end=END, segment=segment, intervals=False
    ).totals


def test_it_moves_everybody_known_into_the_segment_of_their_profile(shop, as_tenant):
    with as_tenant(shop):
        refit.refit(now=NOW)
        assert set(Profile.objects.values_list("name", flat=True)) >= {"Deal Hunter", "Loyalist"}
        assert ProfileMember.objects.count() == 240
        assert from_stores() == from_journeys()
        every = totals("all")
        parts = [totals(name) for name in Profile.objects.values_list("name", flat=True)]
        assert sum(part.conversions for part in parts) == every.conversions > 40
        assert sum(part.touches for part in parts) == every.touches == 1200


def test_it_says_what_moves_whom_in_the_conversions_worth_most(shop, as_tenant):
    with as_tenant(shop):
        refit.refit(now=NOW)
        said = ProfileFit.objects.get().details["effects"]
        assert said["conversion_type"] == "purchase"
        assert said["groups"][0] == -1
        assert said["groups"][-1] == 0
        assert sum(said["conversions"][1:]) == said["conversions"][0]
        assert 40 < said["conversions"][0] <= 60
        assert len(said["lift"]) == len(said["groups"])


def test_it_keeps_identities_and_moves_nobody_when_nothing_happened(shop, as_tenant):
    with as_tenant(shop):
        refit.refit(now=NOW)
        before = list(Profile.objects.order_by("number").values_list("number", "name", "people"))
        members, stores = list(ProfileMember.objects.order_by("person").values()), contents()
        refit.refit(now=NOW + timedelta(hours=1))
        assert list(Profile.objects.order_by("number").values_list("number", "name", "people")) == (
            before
        )
        assert list(ProfileMember.objects.order_by("person").values()) == members
        assert contents() == stores


@pytest.mark.parametrize("stage", ["_move", "_details"])
def test_while_it_goes_on_the_last_search_is_shown(shop, as_tenant, monkeypatch, stage):
    class Stopped(Exception):
        pass

    def stop(*arguments):
        raise Stopped

    with as_tenant(shop):
        monkeypatch.setattr(refit, stage, stop)
        with pytest.raises(Stopped):
            refit.refit(now=NOW)
        assert queries_profiles.profiles().profiles == ()

        monkeypatch.undo()
        refit.refit(now=NOW)
        before = queries_profiles.profiles()
        assert len(before.profiles) > 2
        monkeypatch.setattr(refit, stage, stop)
        monkeypatch.setattr(refit, "identities", lambda now, *_, **__: range(90, 90 + len(now)))
        with pytest.raises(Stopped):
            refit.refit(now=NOW)
        assert queries_profiles.profiles() == before


def test_it_outlasts_a_rebuild(shop, as_tenant):
    with as_tenant(shop):
        refit.refit(now=NOW)
        stores = contents()
        handlers.reset()
        handlers.handle(story())
        assert contents() == stores


def test_it_says_so_when_too_few_are_known(acme, as_tenant):
    with as_tenant(acme):
        projection.handle(story(9))
        handlers.handle(story(9))
        refit.refit(now=NOW)
        fit = ProfileFit.objects.get()
        assert (fit.people, fit.known, fit.details) == (9, 9, {"profiles": []})
        assert not Profile.objects.exists()


def test_it_is_due_when_the_log_moved_on_a_while_after_the_last(acme, as_tenant):
    after = timedelta(minutes=10)
    with as_tenant(acme):
        assert not refit.due(now=NOW, after=after)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO subscription (name, xid, position) VALUES ('attribution', '9', 9)"
                " ON CONFLICT (name) DO UPDATE SET xid = '9', position = 9"
            )
        assert sums.checkpoint() == (9, 9)
        assert refit.due(now=NOW, after=after)
        refit.refit(now=NOW)
        assert not refit.due(now=NOW + 2 * after, after=after)


def test_it_stays_with_its_tenant(shop, rival, as_tenant):
    with as_tenant(shop):
        refit.refit(now=NOW)
    with as_tenant(rival):
        assert not Profile.objects.exists()
        assert queries.segments() == ()
