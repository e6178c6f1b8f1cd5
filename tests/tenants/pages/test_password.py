"""A new password by letter, and joining by letter, without telling who has an account."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from eventlog import catalogue, read
from kernel import clock
from tenants import commands, links, queries, throttle
from tenants.contracts import PasswordChanged, Role
from tenants.mail import outbox
from tenants.models import Mail, User
from tests.conftest import PASSWORD, client_of

NEW = "another long and winding one"


@pytest.fixture
def browser(db):
    """A browser at the bare host."""
    return Client(HTTP_HOST="localhost:8000")


def ask(browser, email):
    return browser.post("/password/", {"email": email})


def open_link(browser, link):
    """Follow a letter's link; the path of the form behind it."""
    parts = urlsplit(link)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    answer = browser.get(path)
    return answer["Location"] if answer.status_code == 302 else path


def test_the_answer_does_not_tell_who_has_an_account(browser, sink, acme_owner):
    known, unknown = ask(browser, acme_owner.email), ask(browser, "nobody@example.com")

    assert known.status_code == unknown.status_code == 200
    assert known.content.replace(acme_owner.email.encode(), b"") == unknown.content.replace(
        b"nobody@example.com", b""
    )
    assert Mail.objects.count() == 2  # the same work, too
    assert outbox.deliver(now=clock.now()) == 1


def test_the_link_makes_a_new_password_once(browser, sink, acme, acme_owner, as_tenant):
    inside = client_of(acme)
    assert inside.get("/settings/team/").status_code == 200
    ask(browser, acme_owner.email.upper())
    outbox.deliver(now=clock.now())
    form = open_link(browser, sink.link())
    assert acme_owner.email.encode() in browser.get(form).content

    answer = browser.post(form, {"password": NEW})

    assert answer["Location"].startswith("/login/")
    acme_owner.refresh_from_db()
    assert acme_owner.check_password(NEW)
    assert inside.get("/settings/team/").status_code == 302  # every session has ended
    assert (
        b"does not work any more"
        in Client(HTTP_HOST="localhost:8000").get(urlsplit(sink.link()).path, follow=True).content
    )
    with as_tenant(acme):
        stored = read.latest(limit=1)[0]
    assert isinstance(catalogue.decode(stored), PasswordChanged)


def test_the_owner_is_told(browser, sink, acme_owner):
    ask(browser, acme_owner.email)
    outbox.deliver(now=clock.now())
    browser.post(open_link(browser, sink.link()), {"password": NEW})

    outbox.deliver(now=clock.now())

    assert sink.letters[-1]["Subject"] == "Your Touchstone password was changed"


@pytest.mark.parametrize("bad", ["short", "12345678901", "owner@acme"])
def test_a_weak_password_is_not_kept(browser, sink, acme_owner, bad):
    ask(browser, acme_owner.email)
    outbox.deliver(now=clock.now())

    answer = browser.post(open_link(browser, sink.link()), {"password": bad})

    assert b'role="alert"' in answer.content
    acme_owner.refresh_from_db()
    assert acme_owner.check_password(PASSWORD)


def test_too_many_requests_are_passed_over_in_silence(browser, sink, acme_owner):
    answers = [ask(browser, acme_owner.email) for _ in range(throttle.ACCOUNT_LIMIT + 2)]

    assert {answer.status_code for answer in answers} == {200}
    assert Mail.objects.count() == throttle.ACCOUNT_LIMIT


def test_a_letter_does_not_believe_the_browsers_host(browser, sink, acme_owner, settings):
    settings.PRODUCTION, settings.MASTER_KEYS = True, (b"k" * 32,)
    browser.post("/password/", {"email": acme_owner.email}, HTTP_HOST="localhost:6666")
    outbox.deliver(now=clock.now())

    assert sink.link().startswith("https://localhost/password/")


def test_an_invitation_by_letter_shows_the_inviter_no_link(acme_owner_client, sink):
    answer = acme_owner_client.post(
        "/settings/team/", {"role": "analyst", "email": "nina@example.com"}
    )
    outbox.deliver(now=clock.now())

    assert b"/join/" not in answer.content
    assert b"on its way to nina@example.com" in answer.content
    assert "/join/" in sink.link()


def test_who_holds_an_open_link_proves_an_address_first(browser, sink, acme, acme_owner):
    token = commands.invite(
        tenant=acme, actor=acme_owner, email="", role=Role.ANALYST, now=clock.now()
    )
    pages = [browser.post(f"/join/{token}/", {"email": email}).content
             for email in (acme_owner.email, "nina@example.com")]  # fmt: skip
    assert pages[0].replace(acme_owner.email.encode(), b"") == pages[1].replace(
        b"nina@example.com", b""
    )
    outbox.deliver(now=clock.now())
    form = open_link(browser, sink.link())

    person = {"person-name": "Nina", "person-email": "eve@example.com", "person-password": NEW}
    assert browser.post(form, person).status_code == 404
    assert not User.objects.filter(email="eve@example.com").exists()

    browser.post(form, person | {"person-email": "nina@example.com"})
    assert queries.organisation(User.objects.get(email="nina@example.com"), "acme")


def test_the_proof_of_one_link_proves_nothing_for_another(acme, acme_owner):
    proof = links.claim(token="one", email="nina@example.com")

    assert links.claimed(token="one", proof=proof) == "nina@example.com"
    assert links.claimed(token="two", proof=proof) == ""
    assert links.claimed(token="one", proof=proof[:-1]) == ""
