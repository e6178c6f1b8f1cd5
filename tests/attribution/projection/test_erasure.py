"""Erased subjects leave exactly what would be there had they never come."""

from attribution.models import Conversion, Identity, Journey, ProfileMember, Spend, Touchpoint
from tests.attribution.stories import click, erased, identified, purchase
from tests.attribution.test_handlers import contents, project

STORES = (
    "attribution_daily_credit", "attribution_daily_transition", "attribution_daily_path",
    "attribution_daily_total", "attribution_daily_touch", "attribution_journey",
    "attribution_touchpoint", "attribution_conversion", "attribution_identity", "attribution_link",
)  # fmt: skip


def test_what_is_left_is_what_the_others_did(tell):
    others = [click(2, "bob", 1), purchase(5, "bob", 2)]
    project([click(1, "ann", 1), *others[:1], purchase(3, "ann", 2), others[1], erased(6, "ann")])
    left = contents()

    project(others)

    expected = contents()
    assert {name: left[name] for name in STORES} == {name: expected[name] for name in STORES}


def test_the_rest_of_a_person_stays(tell):
    tell(
        click(1, "device", 1), identified(2, "device", "ann", 1), click(3, "ann", 2),
        purchase(4, "ann", 3), erased(5, "device"),
    )  # fmt: skip

    assert list(Touchpoint.objects.values_list("position", flat=True)) == [3]
    assert Journey.objects.get(id=4).positions == [3]
    assert not Identity.objects.exists()


def test_an_order_falls_to_the_next_report(tell):
    tell(purchase(1, "ann", 1, order="o"), purchase(2, "bob", 1, order="o"), erased(3, "ann"))

    assert list(Conversion.objects.values_list("position", "merged_into")) == [(2, None)]
    assert list(Journey.objects.values_list("id", flat=True)) == [2]


def test_whoever_comes_back_is_somebody_new(tell):
    tell(click(1, "ann", 1), erased(2, "ann"), click(3, "ann", 2), purchase(4, "ann", 3))

    assert Journey.objects.get(id=4).positions == [3]


def test_what_was_paid_stays_paid(tell):
    tell(click(1, "ann", 1, cost=0.5), erased(2, "ann"))

    assert Spend.objects.get().touch_cost == 500_000


def test_nobody_remembers_the_profile_of_who_is_erased(tell):
    ProfileMember.objects.create(person="ann", profile=1, sure=0.9)
    ProfileMember.objects.create(person="bob", profile=1, sure=0.9)

    tell(click(1, "ann", 1), purchase(2, "ann", 2), erased(3, "ann"))

    assert list(ProfileMember.objects.values_list("person", flat=True)) == ["bob"]
