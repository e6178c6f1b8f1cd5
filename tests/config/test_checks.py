"""A deployment's mistakes are named before it serves."""

import pytest

from config import checks

GOOD = {
    "PRODUCTION": True,
    "SECRET_KEY": "k" * 50,
    "BASE_DOMAIN": "touchstone.example",
    "DEBUG": False,
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 1,
    "MAIL_LEAVES": True,
    "MASTER_KEYS": (b"k" * 32,),
}


@pytest.fixture
def found(settings):
    """The ids found with some settings changed from a good deployment's."""

    def ids(**changes):
        for name, value in {**GOOD, **changes}.items():
            setattr(settings, name, value)
        messages = checks.production(None) + checks.walls(None)
        assert all(message.hint for message in messages)
        return [message.id.removeprefix("touchstone.") for message in messages]

    return ids


def test_a_good_deployment_passes(found):
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"SECRET_KEY": ""}, ["E001"]),
        ({"SECRET_KEY": "demo-only-" + "x" * 60}, ["E001"]),
        ({"BASE_DOMAIN": "localhost"}, ["E002"]),
        ({"DEBUG": True}, ["E003"]),
        ({"BASE_DOMAIN": "https://touchstone.example"}, ["E005"]),
        ({"BASE_DOMAIN": "touchstone.example:8000"}, ["E005"]),
        ({"SESSION_COOKIE_DOMAIN": ".touchstone.example"}, ["E006"]),
        ({"CSRF_COOKIE_DOMAIN": ".touchstone.example"}, ["E006"]),
        ({"SESSION_COOKIE_SECURE": False}, ["E007"]),
        ({"SECURE_HSTS_SECONDS": 0}, ["E007"]),
        ({"CACHES": {"default": {}}}, ["E008"]),
        ({"MAIL_LEAVES": False}, ["E010"]),
        ({"MASTER_KEYS": ()}, ["E009"]),
        ({"PRODUCTION": False, "DEBUG": True, "SECRET_KEY": "", "BASE_DOMAIN": "localhost"}, []),
    ],
)
def test_it_names_each_mistake(found, changes, expected):
    assert found(**changes) == expected


def test_it_names_requests_that_act_as_the_owner(found, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "options", "")

    assert found() == ["E004"]
