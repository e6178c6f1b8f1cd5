"""Figures of an overview: sums by key and currency, days without a gap."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fraud.overview.sums import Amount, Day, Group, amounts, days, lines, total


def group(key, *, currency="", review=0, blocked=1, value=0.0, blocked_value=0.0):
    return Group(
        key=key, currency=currency, cases=review + blocked, review=review, blocked=blocked,
        value=value, blocked_value=blocked_value,
    )  # fmt: skip


def euros(amount):
    return Amount(amount=amount, currency="EUR")


def test_it_puts_those_with_most_cases_first_with_their_share():
    found = lines([group("b"), group("a"), group("c", blocked=1, review=1)], home="EUR")

    assert [(each.key, each.cases, each.share) for each in found] == [
        ("c", 2, 0.5), ("a", 1, 0.25), ("b", 1, 0.25),
    ]  # fmt: skip


def test_it_adds_no_currency_to_another():
    (line,) = lines(
        [
            group("a", currency="USD", value=5.0, blocked_value=3.0),
            group("a", value=2.0), group("a", currency="EUR", value=1.0),
        ],
        home="EUR",
    )  # fmt: skip

    assert line.cases == 3
    assert line.value == (euros(3.0), Amount(amount=5.0, currency="USD"))
    assert line.blocked_value == (euros(0.0), Amount(amount=3.0, currency="USD"))


def test_it_tells_the_own_currency_even_where_there_is_nothing():
    assert amounts([], home="EUR") == (euros(0.0),)
    assert amounts([("USD", 0.0)], home="EUR") == (euros(0.0),)
    assert total([], home="EUR").cases == 0


def test_it_leaves_no_day_out():
    first, last = date(2026, 11, 20), date(2026, 11, 22)

    found = days({(last, "block"): 3, (last, "review"): 1}, start=first, end=last)

    assert [each.day.day for each in found] == [20, 21, 22]
    assert found[0] == Day(day=first, review=0, blocked=0)
    assert found[2] == Day(day=last, review=1, blocked=3)


GROUPS = st.lists(
    st.builds(
        group, st.sampled_from("abc"), currency=st.sampled_from(["", "EUR", "USD"]),
        review=st.integers(0, 9), blocked=st.integers(1, 9), value=st.integers(0, 999).map(float),
    ),
    min_size=1,
)  # fmt: skip


@given(GROUPS)
def test_lines_add_up_to_the_total(groups):
    whole, parts = total(groups, home="EUR"), lines(groups, home="EUR")

    assert sum(each.cases for each in parts) == whole.cases
    assert abs(sum(each.share for each in parts) - 1.0) < 1e-9
    told = [(one.currency, one.amount) for each in parts for one in each.value]
    assert amounts(told, home="EUR") == whole.value
