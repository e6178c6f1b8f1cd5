"""From the bare host to a tenant's and back: tokens used once, sessions bound to their host."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from tenants import sessions
from tenants.models import User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BROWSER = sessions.new_browser()


@pytest.fixture
def root(db):
    """A session of the bare host."""
    store = sessions.store()
    store.create()
    return store.session_key


@pytest.fixture
def session(acme, root):
    """A session of acme's host."""
    made = sessions.store()
    sessions.bind(made, tenant=acme, root=root)
    made.save()
    return made


def token(acme, owner, root, path="/channels/?range=7d"):
    return sessions.hand_off(
        user=owner,
        tenant=acme,
        root=root,
        path=path,
        browser=sessions.browser_hash(BROWSER),
        now=NOW,
    )


def redeem(token, tenant, browser=BROWSER, now=NOW):
    return sessions.redeem(token=token, tenant=tenant, browser=browser, now=now)


def test_a_token_opens_the_tenants_door(acme, acme_owner, root):
    entry = redeem(token(acme, acme_owner, root), acme)

    assert (entry.user, entry.root, entry.path) == (acme_owner, root, "/channels/?range=7d")


def test_a_token_opens_it_once(acme, acme_owner, root):
    made = token(acme, acme_owner, root)
    redeem(made, acme)

    with pytest.raises(sessions.BadHandOff):
        redeem(made, acme)


def test_a_token_opens_it_for_a_minute(acme, acme_owner, root):
    with pytest.raises(sessions.BadHandOff):
        redeem(token(acme, acme_owner, root), acme, now=NOW + timedelta(seconds=61))


def test_a_token_opens_no_other_door(acme, acme_owner, rival, root):
    with pytest.raises(sessions.BadHandOff):
        redeem(token(acme, acme_owner, root), rival)


@pytest.mark.parametrize(
    "browser",
    ["", "another", sessions.browser_hash(BROWSER), "\udc80"],
    ids=["none", "another", "its hash", "half a character"],
)
def test_a_token_opens_it_in_no_other_browser(acme, acme_owner, root, browser):
    with pytest.raises(sessions.BadHandOff):
        redeem(token(acme, acme_owner, root), acme, browser=browser)


@pytest.mark.parametrize("forged", ["", "x", "a:b:c"])
def test_a_forged_token_opens_nothing(acme, forged):
    with pytest.raises(sessions.BadHandOff):
        redeem(forged, acme)


def test_a_token_signed_for_another_purpose_opens_nothing(acme, acme_owner):
    other = signing.dumps({"user": acme_owner.pk, "tenant": acme.pk}, salt="another purpose")
    with pytest.raises(sessions.BadHandOff):
        redeem(other, acme)


def test_a_token_of_somebody_blocked_opens_nothing(acme, acme_owner, root):
    made = token(acme, acme_owner, root)
    User.objects.filter(pk=acme_owner.pk).update(is_active=False)

    with pytest.raises(sessions.BadHandOff):
        redeem(made, acme)


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "", "x"]
)
def test_a_token_leads_nowhere_else(path):
    assert sessions.local_path(path) == "/"


def test_a_session_is_somebodys_on_its_own_host_alone(acme, acme_owner, rival, session):
    assert sessions.membership(session, acme_owner, acme).user == acme_owner
    assert sessions.membership(session, acme_owner, rival) is None
    assert sessions.membership(sessions.store(), acme_owner, acme) is None


def test_a_session_ends_with_the_one_it_came_from(acme, acme_owner, root, session):
    sessions.store().delete(root)

    assert sessions.membership(session, acme_owner, acme) is None


def test_ending_a_session_ends_the_one_it_came_from(session, root):
    sessions.end(session)

    assert not sessions.store().exists(root)
