"""A person's account: two steps to log in, sessions listed and ended, a policy of the tenant."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from kernel import clock
from tenants import audit, second_factor, sessions
from tenants.models import SecondFactor, SignIn, Tenant, User
from tests.conftest import PASSWORD, client_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(**headers):
    return Client(HTTP_HOST="localhost", HTTP_USER_AGENT=FIREFOX, **headers)


def log_in(who, password=PASSWORD, on=None, **more):
    on = on or browser()
    answer = on.post("/login/", {"username": who.email, "password": password, **more})
    return on, answer


@pytest.fixture
def otp(acme_owner):
    """The app on the phone of acme's owner, whose second factor was switched on an hour ago."""
    made = pyotp.TOTP(second_factor.begin(user=acme_owner))
    then = clock.now() - timedelta(hours=1)
    second_factor.confirm(user=acme_owner, code=made.at(then), address="a", origin="", now=then)
    return made


def labels(tenant, as_tenant):
    with as_tenant(tenant):
        return [each.label for each in audit.trail(tenant, audit.Sought()).items]


def test_a_password_alone_logs_nobody_in_who_has_a_second_factor(acme, acme_owner, otp):
    client, answer = log_in(acme_owner)

    assert answer["Location"] == "/login/code/"
    assert client.get("/tenants/")["Location"].startswith("/login/")
    assert client.get("/account/")["Location"].startswith("/login/")

    answer = client.post("/login/code/", {"code": otp.at(clock.now())})
    assert answer["Location"] == "/tenants/acme/enter/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_logs_nobody_in(acme_owner, otp):
    client, _ = log_in(acme_owner)
    answer = client.post("/login/code/", {"code": "000000"})
    assert b"does not fit" in answer.content
    assert client.get("/account/").status_code == 302


def test_a_code_without_a_password_is_asked_of_nobody(db):
    assert browser().get("/login/code/")["Location"] == "/login/"
    assert browser().post("/login/code/", {"code": "123456"})["Location"] == "/login/"


def test_a_password_that_was_changed_meanwhile_does_not_do(acme_owner, otp):
    client, _ = log_in(acme_owner)
    acme_owner.set_password("changed meanwhile by somebody")
    acme_owner.save()
    answer = client.post("/login/code/", {"code": otp.at(clock.now())})
    assert answer["Location"] == "/login/"


def test_it_is_set_up_by_scanning_and_typing(acme, acme_owner, as_tenant):
    client, _ = log_in(acme_owner)
    page = client.get("/account/second-factor/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    seed = re.search(r'class="seed">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")

    code = pyotp.TOTP(seed).at(clock.now())
    wrong = client.post("/account/second-factor/", {"code": code, "password": "wrong"})
    assert b"not your password" in wrong.content
    answer = client.post("/account/second-factor/", {"code": code, "password": PASSWORD})

    assert len(re.findall(rb"\w{4}-\w{4}-\w{4}-\w{4}", answer.content)) == second_factor.CODES
    assert labels(acme, as_tenant)[0] == "Changed the second factor"


def test_it_is_switched_off_with_the_password(acme_owner, otp):
    client, _ = log_in(acme_owner)
    client.post("/login/code/", {"code": otp.at(clock.now())})
    client.post("/account/second-factor/off/", {"password": "wrong"})
    assert SecondFactor.objects.exists()
    client.post("/account/second-factor/off/", {"password": PASSWORD})
    assert not SecondFactor.objects.exists()


def test_sessions_are_listed_and_ended(acme, acme_owner):
    here, _ = log_in(acme_owner)
    there, _ = log_in(acme_owner, on=browser(REMOTE_ADDR="198.51.100.7"))
    page = here.get("/account/").content.decode()
    assert page.count("Firefox on Linux") == 2
    assert "198.51.100.0/24" in page
    assert "198.51.100.7" not in page

    other = SignIn.objects.get(origin="198.51.100.0/24")
    here.post(f"/account/sessions/{other.pk}/end/")

    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_nobody_ends_sessions_of_others(acme_owner, rival):
    here, _ = log_in(acme_owner)
    log_in(rival.memberships.get().user)
    theirs = SignIn.objects.get(user=rival.memberships.get().user)

    foreign = here.post(f"/account/sessions/{theirs.pk}/end/")
    unknown = here.post("/account/sessions/999999/end/")

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert SignIn.objects.filter(pk=theirs.pk).exists()


def test_all_others_are_ended_at_once(acme_owner):
    here, _ = log_in(acme_owner)
    others = [log_in(acme_owner)[0] for _ in range(2)]
    here.post("/account/sessions/end/")
    assert [each.get("/account/").status_code for each in others] == [302, 302]
    assert here.get("/account/").status_code == 200


def test_a_new_password_ends_the_others(acme_owner):
    here, _ = log_in(acme_owner)
    there, _ = log_in(acme_owner)
    new = "something long and winding"
    wrong = here.post("/account/password/", {"old-password": "no", "new-password": new})
    assert b"not your password" in wrong.content
    here.post("/account/password/", {"old-password": PASSWORD, "new-password": new})

    assert there.get("/account/").status_code == 302
    assert here.get("/account/").content.count(b"this one") == 1
    assert User.objects.get(pk=acme_owner.pk).check_password(new)


def test_a_tenant_may_require_it(acme, acme_owner, otp):
    without = client_of(acme)
    assert without.post("/settings/security/", {"required": "yes"}).status_code == 302

    assert without.get("/settings/team/").status_code == 302  # at once, for open sessions
    client, _ = log_in(acme_owner)
    client.post("/login/code/", {"code": otp.at(clock.now())})
    assert "/session/begin/" in client.get("/tenants/acme/enter/")["Location"]


def test_who_lacks_it_is_led_to_set_it_up(acme, acme_owner):
    Tenant.objects.filter(pk=acme.pk).update(require_second_factor=True)
    client, _ = log_in(acme_owner)
    answer = client.get("/tenants/acme/enter/")
    assert answer["Location"] == "/account/?needed=acme"
    assert b"Set one up to go on" in client.get(answer["Location"]).content


def test_an_owner_without_one_does_not_lock_themselves_out(acme, acme_owner_client):
    answer = acme_owner_client.post("/settings/security/", {"required": "yes"})
    assert answer.status_code == 409
    assert not Tenant.objects.get(pk=acme.pk).require_second_factor


def test_a_session_notes_when_it_was_last_used(acme, acme_owner):
    client, _ = log_in(acme_owner)
    SignIn.objects.update(seen_at=clock.now() - timedelta(days=1))
    inside = client_of(acme)
    session = inside.session
    sessions.bind(session, tenant=acme, root=client.session.session_key)
    session.save()
    inside.get("/settings/team/")
    assert clock.now() - SignIn.objects.get().seen_at < timedelta(minutes=1)
