"""The review: who comes next, what is alike, labelling by pattern, undo, agreement."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.cases import projection as cases
from fraud.cases import queries
from fraud.models import Case, Label
from fraud.review import queue
from fraud.review.agreement import agreement
from fraud.review.likeness import distance, nearest
from kernel import clock
from tests.fraud.cases.told import scored
from tests.fraud.labels.test_labels import ME, OTHER, project

PAGE = "/fraud/review/"


@pytest.fixture
def cased(acme, as_tenant):
    """Acme with cases of different scores, the second of a rule that is least sure."""
    with as_tenant(acme):
        told = [scored(1), scored(2, ctit=float("nan"), vpn=1.0, kind=3.0), scored(3, value=50.0)]
        cases.handle(told)
        for number, publisher in ((1, 7.0), (3, 7.0), (2, 8.0)):
            row = Case.objects.get(event=uuid.UUID(int=number))
            row.record["entities"] = {"publisher": publisher}
            row.save()
    return acme


def label_row(number, actor, *, fraud=True):
    Label.objects.create(
        event=uuid.UUID(int=number), actor=actor, at=clock.now(), subject="", fraud=fraud
    )


def order(actor=ME, **how):
    return [row.event.int for row in queue.waiting(actor, **how)]


def test_the_most_uncertain_comes_first_then_what_costs_most(cased, as_tenant):
    with as_tenant(cased):
        assert order() == [2, 3, 1]


def test_what_somebody_labelled_waits_no_more(cased, as_tenant):
    with as_tenant(cased):
        label_row(2, OTHER)

        assert order() == [3, 1]
        assert order(without=["00000000-0000-0000-0000-000000000003"]) == [1]


def test_every_sixteenth_comes_again_for_a_second_opinion_at_the_end(cased, as_tenant):
    with as_tenant(cased):
        cases.handle([scored(16)])
        label_row(16, OTHER)

        assert order()[-1] == 16
        assert 16 not in order(OTHER)
        assert queue.counts(ME) == (3, 1)


def test_a_pattern_is_what_shares_kind_and_entity(cased, as_tenant):
    with as_tenant(cased):
        first = queries.case(uuid.UUID(int=1))

        assert [each.int for each in queue.together(first, "publisher", ME)] == [1, 3]
        assert queue.patterns(first, ME) == [("publisher", "publisher", 1)]


def test_labelled_cases_that_are_alike_are_shown(cased, as_tenant):
    with as_tenant(cased):
        label_row(3, OTHER)
        (found,) = queue.similar(queries.case(uuid.UUID(int=1)))

    assert (uuid.UUID(found.case.event).int, found.fraud) == (3, True)
    assert 0.5 < found.alike < 1.0


def test_labelling_goes_on_to_the_next(cased, acme_owner_client, as_tenant):
    first = acme_owner_client.get(PAGE).context["case"]

    answer = acme_owner_client.post(
        f"{PAGE}label/", {"event": first.event, "fraud": "1"}, follow=True
    )

    assert answer.context["case"].event != first.event
    assert answer.context["waiting"] == 2
    with as_tenant(cased):
        project()
        assert Label.objects.get().fraud


def test_a_whole_pattern_is_labelled_at_once(cased, acme_owner_client, as_tenant):
    event = str(uuid.UUID(int=1))

    answer = acme_owner_client.post(
        f"{PAGE}label/", {"event": event, "fraud": "0", "pattern": "publisher"}, follow=True
    )

    assert b"2 cases labelled honest." in answer.content
    with as_tenant(cased):
        project()
        assert sorted(Label.objects.values_list("event", flat=True)) == [
            uuid.UUID(int=1),
            uuid.UUID(int=3),
        ]


def test_undo_takes_the_latest_word_back(cased, acme_owner_client, as_tenant):
    event = acme_owner_client.get(PAGE).context["case"].event
    acme_owner_client.post(f"{PAGE}label/", {"event": event, "fraud": "1"})
    with as_tenant(cased):
        project()

    answer = acme_owner_client.post(f"{PAGE}undo/", follow=True)

    assert answer.context["case"].event == event
    with as_tenant(cased):
        project()
        assert not Label.objects.exists()


def test_undo_does_not_wait_for_the_read_model(cased, acme_owner_client, as_tenant):
    event = acme_owner_client.get(PAGE).context["case"].event
    acme_owner_client.post(f"{PAGE}label/", {"event": event, "fraud": "1"})

    answer = acme_owner_client.post(f"{PAGE}undo/", follow=True)

    assert (answer.status_code, answer.context["case"].event) == (200, event)
    with as_tenant(cased):
        project()
        assert not Label.objects.exists()


def test_undo_takes_a_whole_pattern_back(cased, acme_owner_client, as_tenant):
    said = {"event": str(uuid.UUID(int=1)), "fraud": "1", "pattern": "publisher"}
    acme_owner_client.post(f"{PAGE}label/", said)

    acme_owner_client.post(f"{PAGE}undo/")

    with as_tenant(cased):
        project()
        assert not Label.objects.exists()


def test_a_case_without_a_kind_shares_no_pattern_with_those_of_one(cased, as_tenant):
    with as_tenant(cased):
        Case.objects.filter(event=uuid.UUID(int=1)).update(kind="")
        row = Case.objects.get(event=uuid.UUID(int=1))
        row.record["kind"] = None
        row.save()

        found = queue.together(queries.case(uuid.UUID(int=1)), "publisher", ME)

    assert [each.int for each in found] == [1]


def test_skipping_shows_it_later(cased, acme_owner_client):
    event = acme_owner_client.get(PAGE).context["case"].event

    answer = acme_owner_client.post(f"{PAGE}skip/", {"event": event}, follow=True)
    assert answer.context["case"].event != event

    again = acme_owner_client.post(f"{PAGE}undo/", follow=True)
    assert again.context["case"].event == event


def test_the_queue_can_be_of_one_kind(cased, acme_owner_client):
    assert acme_owner_client.get(f"{PAGE}?kind=data_centre").context["case"].kind == "data_centre"
    assert acme_owner_client.get(f"{PAGE}?kind=moon").status_code == 400


def test_an_empty_queue_says_what_waits_there(acme_owner_client):
    page = acme_owner_client.get(PAGE).content.decode()

    assert "Nothing waits for a label" in page


def test_a_rival_labels_no_case_of_acme(cased, rival_owner_client, as_tenant):
    answer = rival_owner_client.post(
        f"{PAGE}label/", {"event": str(uuid.UUID(int=1)), "fraud": "1"}
    )

    assert answer.status_code == 404
    with as_tenant(cased):
        project()
        assert not Label.objects.exists()


@pytest.mark.parametrize("event", ["", "moon", str(uuid.UUID(int=99))])
def test_no_case_is_refused(cased, acme_owner_client, event):
    assert acme_owner_client.post(f"{PAGE}label/", {"event": event, "fraud": "1"}).status_code in (
        400,
        404,
    )


def test_reviewers_who_agree_agree():
    found = agreement([(True, True), (False, False), (True,), (True, True, True)])

    assert (found.events, found.share, found.alpha) == (3, 1.0, 1.0)


def test_alpha_is_krippendorffs():
    """Worked by hand: of four pairs one differs; five of eight words are true."""
    found = agreement([(True, True), (True, False), (False, False), (True, True)])

    assert found.share == 0.75
    assert found.alpha == pytest.approx(1 - (2 / 8) / (2 * 5 * 3 / (8 * 7)))


def test_where_all_say_the_same_alpha_tells_nothing():
    assert agreement([(True, True)]).alpha is None
    assert agreement([]).events == 0


KNOWN = st.dictionaries(st.sampled_from("abcd"), st.floats(-1e6, 1e6), max_size=4)


@given(KNOWN, KNOWN)
def test_distance_is_symmetric_and_between_0_and_1(one, other):
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0.0 <= distance(one, other) <= 1.0 + 1e-12
    assert distance(one, one) == 0.0


def test_the_nearest_come_first():
    found = nearest({"a": 1.0}, [{"a": 9.0}, {"b": 1.0}, {"a": 1.1}], 2)

    assert [place for place, _ in found] == [2, 0]
