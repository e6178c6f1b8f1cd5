"""What the authority sees of a feed: complete or not, and the same when it is built anew."""

from datetime import timedelta

from django.forms.models import model_to_dict

from eventlog.subscriptions import rebuild
from kernel import clock
from regulator import queries
from regulator.feeds import projection
from regulator.figures import projection as figures
from regulator.models import Feed, Gap, PlayerDay, Receipt, Total
from tests.regulator.told import minutes, project, stake

OWN = {"id"}


def rows(*models):
    return [
        sorted(str({k: v for k, v in model_to_dict(row).items() if k not in OWN})
               for row in model.objects.all())
        for model in models
    ]  # fmt: skip


def test_deleted_reordered_repeated_and_edited_records_all_show(lucky):
    lucky(stake(1, at=minutes(1)), stake(2, at=minutes(2)))
    lucky(stake(6, at=minutes(6)), stake(5, at=minutes(5)))  # 3 and 4 are left out
    lucky(stake(3, at=minutes(3)), stake(6, at=minutes(6)))  # 3 comes late, 6 again
    lucky(stake(7, at=minutes(7), sequence=2))  # another record under a number that was used
    lucky(stake(1, at=minutes(1), amount=9))
    project()

    feed = queries.feed("lucky")

    assert [(each.first, each.last) for each in feed.holes] == [(4, 4)]
    assert (feed.records, feed.highest, feed.missing) == (6, 6, 1)
    assert (feed.filled, feed.reused, feed.repeated, feed.refused) == (2, 1, 1, 1)
    assert feed.twice == (2,)
    assert feed.late == 6
    assert feed.completeness == 1 - 1 / 6


def test_a_word_that_nothing_was_played_is_a_sign_of_life(lucky):
    since, until = clock.now() - timedelta(hours=3), clock.now() - timedelta(hours=1)
    lucky(stake(1, at=since))
    quiet = {"id": "quiet", "type": "no_activity", "sequence": 2, "since": since.isoformat(),
             "occurred_at": until.isoformat()}  # fmt: skip
    bad = [
        {**quiet, "id": "bad", "sequence": 3, "since": since_}
        for since_ in (until.isoformat(), "0001-01-01T00:00:00+14:00")
    ]
    answer = lucky(quiet, *bad)
    project()

    feed = queries.feed("lucky")

    assert [each["code"] for each in answer["rejected"]] == ["since_invalid"] * 2
    assert (feed.quiet_since, feed.played_at, feed.late) == (since, since, 0)
    assert feed.missing == 0

    earlier = {**quiet, "id": "earlier", "sequence": 3, "occurred_at": since.isoformat(),
               "since": (since - timedelta(hours=9)).isoformat()}  # fmt: skip
    lucky(stake(4, at=until), earlier)
    project()
    assert (queries.feed("lucky").quiet_since, queries.feed("lucky").played_at) == (None, until)


def test_feeds_and_figures_are_the_same_when_they_are_built_anew(lucky, monkeypatch):
    for low in (1, 4, 11, 8):
        lucky(*(stake(n, at=minutes(30 * n), player=f"p-{n % 3}") for n in range(low, low + 3)))
        project()
    built = rows(Feed, Gap, Receipt, Total, PlayerDay)

    for name in (projection.NAME, figures.NAME):
        rebuild(name, limit=4)

    assert rows(Feed, Gap, Receipt, Total, PlayerDay) == built
    assert [len(each) for each in built[:3]] == [1, 1, 4]


def test_operators_are_told_apart(lucky, authority):
    lucky(stake(1, at=minutes(1)))
    project()
    assert queries.feed("other") == queries.FeedState()
    assert queries.receipts("other") == []
