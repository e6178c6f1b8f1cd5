"""The mail server's address."""

import pytest

from config.env import BadEnvironment
from config.mail import smtp


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", (25, False, False)),
        ("smtp+tls://mail.example", (587, True, False)),
        ("smtps://mail.example", (465, False, True)),
        ("smtp+tls://mail.example:2525", (2525, True, False)),
    ],
)
def test_it_reads_an_address(url, expected):
    server = smtp(url)
    assert (server.port, server.starttls, server.tls) == expected
    assert server.host == "mail.example"


def test_it_reads_credentials():
    server = smtp("smtps://me%40example:p%2Fw@mail.example")
    assert (server.user, server.password) == ("me@example", "p/w")


def test_letters_are_files_without_a_server():
    assert smtp("").backend.endswith("filebased.EmailBackend")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_it_refuses_what_is_no_address(url):
    with pytest.raises(BadEnvironment, match="smtp"):
        smtp(url)
