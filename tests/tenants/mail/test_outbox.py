"""Letters wait sealed, leave in a real SMTP dialogue, are tried again, and give up in the end."""

from datetime import UTC, datetime, timedelta

import pytest

from tenants import commands, queries
from tenants.contracts import LetterKind, Role
from tenants.mail import outbox
from tenants.models import Mail, User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
JOIN = {"to": "nina@example.com", "organisation": "Acme <&> Sons", "link": "http://localhost/j/"}


@pytest.fixture
def waiting(db):
    """A letter that is due."""
    outbox.put(LetterKind.JOIN, JOIN, now=NOW)
    return Mail.objects.get()


def test_it_writes_text_and_html(sink, waiting):
    assert outbox.deliver(now=NOW) == 1

    (letter,) = sink.letters
    assert letter["To"] == "nina@example.com"
    assert letter["Subject"] == "Join Acme <&> Sons on Touchstone"
    assert "Acme <&> Sons" in sink.text()
    assert "Acme &lt;&amp;&gt; Sons" in letter.get_body(("html",)).get_content()


def test_it_sends_a_letter_once(sink, waiting):
    outbox.deliver(now=NOW)
    assert outbox.deliver(now=NOW + timedelta(days=1)) == 0
    assert len(sink.letters) == 1


def test_a_waiting_letter_gives_nothing_away(waiting):
    assert b"nina" not in bytes(waiting.sealed)
    assert b"http" not in bytes(waiting.sealed)


def test_a_sent_letter_is_forgotten(sink, waiting):
    outbox.deliver(now=NOW)

    assert bytes(Mail.objects.get().sealed) == b""


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_it_tries_again_when_the_server_is_busy(sink, waiting, stage):
    sink.answers[stage] = "451 Come back later"
    assert outbox.deliver(now=NOW) == 0
    assert outbox.deliver(now=NOW + timedelta(seconds=29)) == 0
    sink.answers.clear()

    assert outbox.deliver(now=NOW + timedelta(seconds=31)) == 1
    first = sink.letters[0]["Message-ID"]
    assert first.startswith("<letter-")


def test_it_waits_longer_each_time(settings, waiting):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    moment, waits = NOW, []
    while Mail.objects.filter(failed_at=None).exists():
        outbox.deliver(now=moment)
        due = Mail.objects.get().next_at
        waits.append((due - moment).total_seconds())
        moment = due

    assert waits == [30, 120, 480, 1_920, 7_680, 30_720, 122_880]
    assert Mail.objects.get().failure == "mail server not reached (ConnectionRefusedError)"


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_refusal_for_good_ends_it(sink, waiting, stage):
    sink.answers[stage] = "550 No such person"
    outbox.deliver(now=NOW)

    mail = Mail.objects.get()
    assert mail.failed_at == NOW
    assert "550" in mail.failure
    assert "nina" not in mail.failure
    assert bytes(mail.sealed) == b""


def test_a_worker_that_dies_leaves_the_letter_to_the_next(sink, waiting):
    outbox._claim(NOW)  # and then nothing

    assert outbox.deliver(now=NOW + timedelta(seconds=31)) == 1


def test_an_invitation_says_how_its_letter_fares(sink, acme, acme_owner):
    commands.invite(
        tenant=acme,
        actor=acme_owner,
        email="Nina@example.com",
        role=Role.ANALYST,
        now=NOW,
        letter_at="http://localhost/join/{token}/",
    )
    assert queries.invitations(acme, now=NOW)[0].letter == "waiting"

    outbox.deliver(now=NOW)

    assert queries.invitations(acme, now=NOW)[0].letter == "sent"
    assert sink.letters[0]["Subject"] == "Olga invites you to Acme on Touchstone"
    assert "as analyst" in sink.text()


def test_nothing_leaves_for_somebody_without_an_account(sink, db):
    for email in ("nobody@example.com", "blocked@example.com"):
        outbox.put(LetterKind.PASSWORD_RESET, {"to": email, "reset_at": "x"}, now=NOW)
    User.objects.create_user(email="blocked@example.com", password="x")
    User.objects.update(is_active=False)

    assert outbox.deliver(now=NOW) == 0
    assert sink.letters == []
    assert not Mail.objects.filter(sent_at=None).exists()


def test_old_rows_are_dropped(sink, waiting):
    outbox.deliver(now=NOW)
    outbox.forget(before=NOW + timedelta(seconds=1))

    assert not Mail.objects.exists()
