"""Changed rules reach journeys that are long known, step by step."""

import pytest

from attribution import handlers
from attribution.contracts import Merging, Rules, Views, Window
from attribution.journeys.rules import SharedDevices
from attribution.models import Conversion, Journey, Rework
from attribution.projection import rework
from tests.attribution.stories import click, identified, purchase, rules_set, view


def paths():
    return list(
        Journey.objects.filter(conversion_type__gt=0).order_by("id").values_list("id", "positions")
    )


def test_a_shorter_window_takes_touches_away_and_a_longer_brings_them_back(tell):
    tell(click(1, "ann", 1), click(2, "ann", 9, "Paid Search"), purchase(3, "ann", 10))

    tell(rules_set(4, Rules(windows=(Window(channel="Email", days=7),))))
    assert paths() == [(3, [2])]

    tell(rules_set(5, Rules(windows=(Window(channel="Email", conversion_type="lead", days=7),))))
    assert paths() == [(3, [1, 2])]


def test_impressions_can_be_switched_off(tell):
    tell(view(1, "ann", 1), click(2, "ann", 2), purchase(3, "ann", 3))
    assert paths() == [(3, [1, 2])]

    tell(rules_set(4, Rules(views=Views(count=False))))

    assert paths() == [(3, [2])]


@pytest.mark.parametrize(
    ("seen", "counts"),
    [({"viewable": False}, False), ({"viewable": True}, True), ({}, True),
     ({"view_seconds": 0.4}, False), ({"view_seconds": 1.0}, True)],
)  # fmt: skip
def test_impressions_that_nobody_saw_are_passed_over(tell, seen, counts):
    tell(rules_set(1, Rules(views=Views(viewable_only=True, min_seconds=1.0))))

    tell(view(2, "ann", 1, **seen), purchase(3, "ann", 3))

    assert paths() == [(3, [2] if counts else [])]


def test_a_shared_device_is_split_and_joined_again(tell):
    tell(
        click(1, "device", 1), identified(2, "device", "ann", 2), purchase(3, "device", 3),
        click(4, "device", 4), identified(5, "device", "bob", 5), purchase(6, "device", 6),
    )  # fmt: skip
    assert set(Journey.objects.values_list("person", flat=True)) == {"ann"}

    tell(rules_set(7, Rules(shared_devices=SharedDevices.LATEST)))
    found = Journey.objects.order_by("id").values_list("id", "person", "positions")
    assert list(found) == [(-4, "ann", [4]), (3, "ann", [1]), (6, "bob", [])]

    tell(rules_set(8, Rules()))
    assert set(Journey.objects.values_list("person", flat=True)) == {"ann"}
    assert paths() == [(3, [1]), (6, [4])]


def test_the_source_that_is_named_first_counts(tell):
    tell(
        purchase(1, "ann", 1, 9.0, order="o", source="pixel"),
        purchase(2, "ann", 1, 10.0, order="o", source="crm"),
    )
    assert list(Journey.objects.values_list("id", "value")) == [(1, 9_000_000)]

    tell(rules_set(3, Rules(merging=Merging(sources=("crm", "pixel")))))

    assert list(Journey.objects.values_list("id", "value")) == [(2, 10_000_000)]
    assert Conversion.objects.get(position=1).merged_into == 2


def test_reports_without_an_order_id_are_one_within_the_minutes(tell):
    tell(
        rules_set(1, Rules(merging=Merging(minutes=60))),
        purchase(2, "ann", 1.0, source="pixel"),
        purchase(3, "ann", 1.01, source="server"),
    )

    assert list(Journey.objects.values_list("id", flat=True)) == [2]
    assert Conversion.objects.get(position=3).merged_into == 2


def test_an_order_that_moves_to_another_person_leaves_the_first(tell):
    tell(rules_set(1, Rules(merging=Merging(sources=("crm",)))))
    tell(click(2, "device", 1), purchase(3, "device", 2, order="o", source="pixel"))
    tell(purchase(4, "ann", 2, order="o", source="crm"))

    found = Journey.objects.order_by("id").values_list("id", "person")
    assert list(found) == [(-2, "device"), (4, "ann")]


def test_it_goes_on_step_by_step_and_says_how_far_it_is(tell, monkeypatch):
    monkeypatch.setattr(rework, "PEOPLE", 1)
    tell(*(click(n, f"p{n}", 1) for n in (1, 2, 3)))

    handlers.handle([rules_set(4, Rules(lookback_days=7))])
    seen = []
    while handlers.settle():
        seen += Rework.objects.values_list("done", "total")

    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_change_that_changes_nothing_leaves_nothing_to_do(tell):
    tell(click(1, "ann", 1))

    handlers.handle([rules_set(2, Rules())])

    assert not handlers.settle()
