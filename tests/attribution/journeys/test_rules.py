"""Rules that can't be meant are refused; a change reaches whom it concerns."""

import pytest

from attribution.journeys.rules import (
    ClicksWin,
    InvalidRules,
    Merging,
    Reached,
    Rules,
    SharedDevices,
    Views,
    Window,
    check,
    reached,
)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Rules(lookback_days=0), "lookback_days"),
        (Rules(lookback_days=366), "lookback_days"),
        (Rules(windows=(Window(channel="Email", days=0),)), "windows"),
        (Rules(windows=(Window(days=7),)), "windows"),
        (Rules(windows=(Window(channel="a", days=7), Window(channel="a", days=8))), "windows"),
        (Rules(windows=tuple(Window(channel=str(n), days=1) for n in range(201))), "windows"),
        (Rules(views=Views(days=0)), "views.days"),
        (Rules(views=Views(min_seconds=-1.0)), "views.min_seconds"),
        (Rules(views=Views(min_seconds=float("nan"))), "views.min_seconds"),
        (Rules(merging=Merging(minutes=-1)), "merging.minutes"),
        (Rules(merging=Merging(sources=("a", "a"))), "merging.sources"),
        (Rules(merging=Merging(sources=tuple(map(str, range(51))))), "merging.sources"),
    ],
)
def test_it_names_the_field_that_is_wrong(rules, field):
    with pytest.raises(InvalidRules) as refused:
        check(rules)

    assert list(refused.value.data["errors"]) == [field]


def test_the_defaults_can_be_meant():
    check(Rules())


@pytest.mark.parametrize(
    ("after", "whom"),
    [
        (Rules(), Reached()),
        (Rules(lookback_days=7), Reached(everyone=True)),
        (Rules(windows=(Window(channel="Email", days=7),)), Reached(channels=("Email",))),
        (Rules(windows=(Window(conversion_type="lead", days=7),)), Reached(everyone=True)),
        (Rules(views=Views(clicks_win=ClicksWin.JOURNEY)), Reached(views=True)),
        (Rules(merging=Merging(minutes=5)), Reached(reports=True)),
        (Rules(merging=Merging(sources=("crm",))), Reached(reports=True, orders=True)),
        (Rules(shared_devices=SharedDevices.LATEST), Reached(everyone=True, people=True)),
    ],
)
def test_a_change_reaches_whom_it_concerns(after, whom):
    assert reached(Rules(), after) == whom
