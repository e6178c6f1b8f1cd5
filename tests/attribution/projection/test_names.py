"""Labels of segments: the devices are always there, others get ids of their own."""

from datetime import date
from uuid import UUID

import pytest

from attribution import queries
from attribution.contracts import Model
from attribution.projection import names, sums, tables
from attribution.store.stored_paths import digest, pack
from attribution.store.words import ADDITIVE, DEVICES, FIRST_SEGMENT, UNIT
from kernel.errors import InvalidInput

DAY = date(2026, 9, 1)


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


@pytest.mark.usefixtures("in_acme")
def test_segments_get_ids_in_the_order_given_once():
    first = names.intern_segments(["loyal", "mobile", "new"])
    again = names.intern_segments(["late", "new"])

    assert (first["loyal"], first["new"]) == (FIRST_SEGMENT, FIRST_SEGMENT + 1)
    assert first["mobile"] == DEVICES.index("mobile")
    assert (again["late"], again["new"]) == (FIRST_SEGMENT + 2, FIRST_SEGMENT + 1)
    assert names.segments()[FIRST_SEGMENT] == "loyal"


@pytest.mark.usefixtures("in_acme")
def test_a_report_may_be_of_any_segment_and_counts_all_of_them():
    loyal = names.intern_segments(["loyal"])["loyal"]
    kinds = names.intern([(0, "Email"), (3, "purchase")])
    email, kind = kinds[(0, "Email")], kinds[(3, "purchase")]
    model = ADDITIVE.index(Model.LINEAR)
    for segment, count in ((loyal, 2), (1, 3)):
        credit = {(0, model, DAY, kind, segment, email): (count * UNIT, 0, 0)}
        tables.add(tables.CREDIT, credit)
        tables.add(tables.TOTAL, {(DAY, kind, segment): (count, count, 0, 0, 0, 0, 0)})

    def conversions(**scope):
        found = queries.attribution(model=Model.LINEAR, start=DAY, end=DAY, **scope)
        return found.rows[0].conversions, found.totals.conversions

    assert conversions(segment="loyal") == (2.0, 2.0)
    assert conversions() == (5.0, 5.0)
    assert queries.segments() == ("desktop", "loyal")
    with pytest.raises(InvalidInput):
        conversions(segment="unheard of")


@pytest.mark.usefixtures("in_acme")
def test_paths_of_a_range_come_with_their_squares():
    kinds = names.intern([(0, "Email"), (3, "purchase")])
    email, kind = kinds[(0, "Email")], kinds[(3, "purchase")]
    key = (0, DAY, kind, 1, UUID(bytes=digest([email])), pack([email]))
    tables.add(tables.PATH, {key: (2, 9 * 10**15, 81 * 10**30, 1)})
    scope = sums.Scope(start=DAY, end=DAY, dimension=0, segment=None, conversion_type=None)

    found = sums.paths(scope)

    assert (found.keys.tolist(), found.conversions.tolist()) == ([email], [2.0])
    assert (found.value.tolist(), found.value_squares.tolist()) == ([9e15], [8.1e31])
