"""Labels: said by key, file and member; events of the log, counted from when they are said."""

import csv
import json
import uuid
from datetime import timedelta

import pytest

from eventlog import read
from eventlog.seal import sealer
from fraud.cases import projection as cases
from fraud.labels import commands, projection
from fraud.labels.commands import Word
from fraud.labels.files import InvalidLabel, say_all, word
from fraud.models import Label
from kernel import clock, ids
from kernel.errors import NotFound
from tests.conftest import _key
from tests.eventlog.events import settle
from tests.fraud.cases.told import scored
from tests.sending import post_events

PATH = "/api/v1/fraud/labels"
ME, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def cased(acme, as_tenant):
    """Acme with four cases."""
    with as_tenant(acme):
        cases.handle([scored(number) for number in range(1, 5)])
    return acme


def project(types=("fraud.labelled", "fraud.label_withdrawn")):
    """Hand the newest words to the projection, oldest first."""
    found = [each for each in read.latest(limit=200) if each.type in types]
    projection.handle(list(reversed(found)))


def said_of(number, *, fraud=True, **more):
    return Word(event=uuid.UUID(int=number), fraud=fraud, **more)


def test_a_word_is_an_event_with_whom_the_event_counted_for(cased, as_tenant):
    with as_tenant(cased):
        done = commands.say([said_of(1)], actor=ME, now=clock.now())
        (event,) = read.latest(limit=1)

    body = json.loads(event.payload)
    assert (done.kept, done.refused) == (1, ())
    assert (event.type, body["fraud"], body["actor"]) == ("fraud.labelled", True, ME)
    assert event.subject == f"{1:032x}"


def test_the_later_word_of_somebody_holds(cased, as_tenant):
    with as_tenant(cased):
        now = clock.now()
        commands.say([said_of(1)], actor=ME, now=now)
        commands.say([said_of(1, fraud=False)], actor=ME, now=now + timedelta(seconds=5))
        commands.say([said_of(1)], actor=OTHER, now=now + timedelta(seconds=6))
        project()

        assert dict(Label.objects.values_list("actor", "fraud")) == {ME: False, OTHER: True}


def test_a_word_taken_back_is_gone(cased, as_tenant):
    with as_tenant(cased):
        commands.say([said_of(1)], actor=ME, now=clock.now())
        project()
        commands.withdraw(uuid.UUID(int=1), actor=ME, now=clock.now() + timedelta(seconds=1))
        project()

        assert not Label.objects.exists()
        with pytest.raises(NotFound):
            commands.withdraw(uuid.UUID(int=1), actor=ME, now=clock.now())


def test_nobody_takes_back_anothers_word(cased, as_tenant):
    with as_tenant(cased):
        commands.say([said_of(1)], actor=ME, now=clock.now())
        project()
        with pytest.raises(NotFound):
            commands.withdraw(uuid.UUID(int=1), actor=OTHER, now=clock.now())


def test_what_nobody_knows_is_refused_and_the_rest_is_kept(cased, as_tenant):
    with as_tenant(cased):
        done = commands.say([said_of(99), said_of(2)], actor=ME, now=clock.now())

    assert done.kept == 1
    assert [(each.index, each.code) for each in done.refused] == [(0, "unknown_event")]


def test_a_label_is_not_said_before_its_event(cased, as_tenant):
    with as_tenant(cased):
        now = clock.now()
        early, late = now - timedelta(days=900), now + timedelta(days=1)
        done = commands.say([said_of(1, at=early), said_of(1, at=late)], actor=ME, now=now)

    assert [each.code for each in done.refused] == ["wrong_time"] * 2


def test_the_same_word_again_is_one(cased, as_tenant):
    with as_tenant(cased):
        now = clock.now()
        commands.say([said_of(1)], actor=ME, now=now)
        again = commands.say([said_of(1)], actor=ME, now=now)

    assert (again.kept, again.repeated) == (0, 1)


def test_labels_of_whom_was_erased_go(cased, as_tenant):
    with as_tenant(cased):
        commands.say([said_of(1), said_of(2)], actor=ME, now=clock.now())
        project()
        body = {"subjects": [f"{1:032x}"], "events": 1, "keys": 1, "request": "r"}
        projection._erased(type("Erased", (), body))

        assert [each.subject for each in Label.objects.all()] == [f"{2:032x}"]


def test_a_rebuild_comes_to_the_same(cased, as_tenant):
    with as_tenant(cased):
        commands.say([said_of(1), said_of(2, fraud=False)], actor=ME, now=clock.now())
        project()
        before = list(Label.objects.order_by("event").values_list("event", "actor", "fraud", "at"))
        projection.reset()
        project()

        assert (
            list(Label.objects.order_by("event").values_list("event", "actor", "fraud", "at"))
            == before
        )


@pytest.fixture
def tell(client, acme, rival):
    keys = {"acme": _key(acme, "admin"), "rival": _key(rival, "admin")}

    def post(*labels, whose="acme", key=None, body=None):
        content = json.dumps({"labels": list(labels)}) if body is None else body
        return client.post(
            PATH, content, content_type="application/json",
            headers={"Authorization": f"Bearer {key or keys[whose]}"},
        )  # fmt: skip

    return post


def test_a_key_labels_and_bad_rows_are_answered_one_by_one(cased, tell):
    answer = tell(
        {"event": str(uuid.UUID(int=1)), "fraud": True, "kind": "click_injection"},
        {"event": "nobody-knows", "fraud": True},
        {"event": str(uuid.UUID(int=2)), "fraud": "perhaps"},
        {"event": str(uuid.UUID(int=3)), "fraud": False, "note": "asked\u0000 them"},
    )

    found = answer.json()
    assert (answer.status_code, found["accepted"], found["duplicates"]) == (200, 2, 0)
    assert [(each["index"], each["code"]) for each in found["rejected"]] == [
        (1, "unknown_event"), (2, "invalid_label"),
    ]  # fmt: skip


@pytest.mark.usefixtures("cased")
def test_a_rival_labels_nothing_of_acme(tell):
    answer = tell({"event": str(uuid.UUID(int=1)), "fraud": True}, whose="rival")

    assert answer.json()["rejected"][0]["code"] == "unknown_event"


@pytest.mark.usefixtures("cased")
def test_a_key_that_sends_events_judges_none(tell, acme_key):
    """It may stand in a page, where those whom it is about can read it."""
    answer = tell({"event": str(uuid.UUID(int=1)), "fraud": False}, key=acme_key)

    assert answer.status_code == 403


@pytest.mark.parametrize(("body", "status"), [("{", 400), ('{"labels": 3}', 400), ("[]", 400)])
def test_a_body_that_is_none_says_so(tell, body, status):
    answer = tell(body=body)

    assert (answer.status_code, answer.json()["code"]) == (status, "malformed_json")


def test_a_request_holds_so_many_labels_and_no_more(tell):
    answer = tell(*[{"event": "x", "fraud": True}] * 1_001)

    assert answer.status_code in (400, 413)


def test_an_event_of_the_log_is_labelled_by_the_name_it_was_sent_with(
    committed_tenant, committed_key, client
):
    sent = {"type": "ad.click", "id": "click-77", "anonymous_id": "zoe",
            "properties": {"touch": {"channel": "Display", "source": "alderads"}}}  # fmt: skip
    post_events(committed_key, sent)
    settle()
    sealer.seal(now=clock.now())

    done = commands.say(
        [Word(event=ids.event_id("click-77"), fraud=True)], actor=ME, now=clock.now()
    )

    assert done.kept == 1
    body = json.loads(read.latest(limit=1)[0].payload)
    assert body["entities"]["publisher"] > 0


def test_a_file_of_labels_is_said_once(cased, as_tenant, tmp_path):
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["event", "fraud", "kind", "note"])
        rows.writerow([uuid.UUID(int=1), "1", "click_injection", ""])
        rows.writerow([uuid.UUID(int=2), "honest", "", "asked them"])
        rows.writerow([uuid.UUID(int=3), "perhaps", "", ""])
        rows.writerow([uuid.UUID(int=99), "0", "", ""])
    with as_tenant(cased):
        now = clock.now()
        first, second = say_all(path, now=now), say_all(path, now=now)

    assert (first.kept, first.refused, second.kept, second.repeated) == (2, 2, 0, 2)
    assert first.why[0].startswith("Row 3: 'fraud' is 1 or 0")
    assert first.why[1].startswith("Row 4: There is no such event")


def test_a_note_that_no_column_takes_loses_what_is_wrong_with_it(cased, as_tenant, tmp_path):
    path = tmp_path / "labels.ndjson"
    path.write_text(json.dumps({"event": str(uuid.UUID(int=1)), "fraud": 1, "note": "a\0b"}))
    with as_tenant(cased):
        assert say_all(path, now=clock.now()).kept == 1
        assert json.loads(read.latest(limit=1)[0].payload)["note"] == "ab"


@pytest.mark.parametrize(
    "row",
    [{}, {"event": "x"}, {"event": "x", "fraud": "?"}, {"event": "x", "fraud": "1", "kind": "moon"},
     {"event": "x", "fraud": "1", "at": "soon"}],
)  # fmt: skip
def test_a_row_that_says_nothing_is_refused(row):
    with pytest.raises(InvalidLabel):
        word(row)


def test_a_row_without_an_offset_is_utc():
    assert word({"event": "x", "fraud": "1", "at": "2026-11-20T10:00"}).at.isoformat() == (
        "2026-11-20T10:00:00+00:00"
    )
