"""Erasure from the outside in: what is sent, erased, and then looked for everywhere."""

import json
from functools import partial

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from attribution.models import ProfileMember
from eventlog import read, subscriptions
from eventlog.subjects import keys
from kernel import clock
from kernel.ids import pseudonym
from tenants.models import Tenant
from tenants.privacy import commands
from tests.eventlog.events import settle
from tests.sending import post_events

ADA = {"type": "custom.tracked", "name": "x", "anonymous_id": "ada", "user_id": "ada-user"}


@pytest.fixture
def send(acme_key):
    return partial(post_events, acme_key)


@pytest.fixture
def ada(acme):
    """Ada's subjects: the cookie's and the user's."""
    secret = bytes(acme.secret)
    return pseudonym(secret, "a", "ada"), pseudonym(secret, "u", "ada-user")


@pytest.fixture
def erase(acme):
    def act(subject):
        return commands.erase(tenant=acme, subject=subject, actor="0" * 32, now=clock.now())

    return act


def told(acme, as_tenant):
    """The erasures in acme's log: (subject, body)."""
    with as_tenant(acme):
        events = [e for e in read.latest(limit=50) if e.type == "subject.erased"]
    return [(event.subject, json.loads(event.payload)) for event in events]


def test_it_deletes_the_key_and_tells_the_log(acme, send, ada, erase, as_tenant):
    send(ADA)

    erase(ada[0])

    with as_tenant(acme):
        assert keys.ciphers([ada[0]], now=clock.now()) == {}
    [(subject, body)] = told(acme, as_tenant)
    assert subject == ada[0]
    assert body == {
        "subjects": [ada[0]], "requested_by": "0" * 32, "reason": "requested", "request": None,
    }  # fmt: skip


def test_it_erases_everything_stitched_to_the_subject(acme, ada, erase, as_tenant):
    from attribution import handlers
    from tests.attribution.stories import click

    with as_tenant(acme):
        handlers.handle([click(1, ada[0], 1, person=ada[1])])

    assert erase(ada[1]) == tuple(sorted(ada))
    assert {subject for subject, _ in told(acme, as_tenant)} == set(ada)


def test_it_can_be_repeated_and_tells_once(acme, ada, erase, as_tenant):
    erase(ada[0])
    erase(ada[0])

    assert len(told(acme, as_tenant)) == 1


def test_every_erasure_begins_an_epoch(acme, ada, erase):
    erase(ada[0])

    assert Tenant.objects.get(pk=acme.pk).erasures == 1


def test_what_comes_later_is_turned_away(send, ada, erase):
    send(ADA)
    erase(ada[0])

    answer = send(ADA)

    assert [each["code"] for each in answer["rejected"]] == ["subject_erased"]


def test_it_forgets_decisions(acme, send, ada, erase, as_tenant):
    from tenants.privacy.models import Consent

    purposes = {"purposes": {"marketing": False}}
    send({**ADA, "type": "consent.changed", "name": None, "properties": purposes})
    erase(ada[0])

    with as_tenant(acme):
        assert not Consent.objects.filter(subject=ada[0]).exists()


def test_a_rivals_ada_stays(acme, rival, ada, erase, as_tenant):
    with as_tenant(rival):
        keys.states([ada[0]], needed=[ada[0]], epoch=None, now=clock.now())
    erase(ada[0])

    with as_tenant(rival):
        assert keys.ciphers([ada[0]], now=clock.now()).keys() == {ada[0]}


def test_the_command_takes_the_id_a_sender_gave(acme, ada, capsys, as_tenant):
    call_command("erase", "--tenant", "acme", "--user", "ada-user")

    assert [subject for subject, _ in told(acme, as_tenant)] == [ada[1]]
    assert "ada-user" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--tenant", "nobody", "--user", "x"], ["--tenant", "acme", "--subject", "x"]],
)
def test_the_command_says_what_is_wrong(acme, arguments):
    with pytest.raises(CommandError):
        call_command("erase", *arguments)


@pytest.fixture
def admin_key(acme):
    from tests.conftest import _key

    return _key(acme, "admin")


def post(key, body):
    return Client().post(
        "/api/v1/privacy/erasures",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


def test_the_api_erases(acme, ada, admin_key, as_tenant):
    answer = post(admin_key, {"id_kind": "anonymous", "value": "ada"})

    assert (answer.status_code, answer.json()) == (200, {"subjects": [ada[0]]})
    [(_, body)] = told(acme, as_tenant)
    assert body["requested_by"].startswith("key:")


@pytest.mark.parametrize(
    "body", [{}, {"id_kind": "name", "value": "x"}, {"id_kind": "subject", "value": "x"}]
)
def test_the_api_refuses_what_names_nobody(admin_key, body):
    assert post(admin_key, body).status_code == 400


def test_the_api_wants_the_admin_scope(acme_key):
    assert post(acme_key, {"id_kind": "user", "value": "x"}).json()["code"] == "missing_scope"


# The log keeps what happened, under a pseudonym; the rest says that somebody was erased, or who
# asked for it.
MAY_NAME = {"event", "subject_key", "privacy_request", "privacy_request_step", "first_seen"}


def naming(subject):
    """The tables of the active schema that hold ``subject`` in any column of text or bytes."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
            " AND data_type IN ('text', 'jsonb', 'bytea', 'character varying', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE position(%s IN "{column}"::text) > 0)',
                [subject],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_no_read_model_names_who_is_erased(committed_tenant, committed_key, as_tenant):
    secret = bytes(committed_tenant.secret)
    ada = pseudonym(secret, "a", "ada"), pseudonym(secret, "u", "ada-user")
    person = {"anonymous_id": "ada", "user_id": "ada-user"}
    page = {"url": "https://shop.example/tents?utm_source=google&utm_medium=cpc"}
    order = {"value": 20, "order_id": "7", "currency": "EUR"}
    post_events(
        committed_key,
        {"type": "web.page", **person, "context": {"page": page}},
        {"type": "user.identified", **person},
        {"type": "conversion.recorded", **person, "properties": order},
    )
    with as_tenant(committed_tenant):
        ProfileMember.objects.create(person=min(ada), profile=1, sure=0.9)
        caught_up()
        before = [naming(subject) for subject in ada]
    commands.erase(tenant=committed_tenant, subject=ada[0], actor="0" * 32, now=clock.now())
    with as_tenant(committed_tenant):
        caught_up()
        after = [naming(subject) for subject in ada]

    assert {"attribution_touchpoint", "attribution_behaviour"} <= before[0]
    assert {"attribution_identity", "attribution_link"} <= before[0] & before[1]
    assert "attribution_profile_member" in before[0] | before[1]
    assert after[0] | after[1] <= MAY_NAME


def caught_up():
    """Let every projection read all there is in the active tenant's log."""
    settle()
    for name in subscriptions.names():
        subscriptions.catch_up(name)
