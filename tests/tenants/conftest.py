"""A mail server of the suite's own: real SMTP on a local port."""

import email
import email.policy
import re
import uuid
from dataclasses import dataclass, field

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import caches

from runtime.ports import free_port


@pytest.fixture(autouse=True)
def _nobody_failed_before():
    """Every test of this folder counts failures from nothing."""
    cache = caches["default"]
    before, cache.key_prefix = cache.key_prefix, uuid.uuid4().hex
    yield
    cache.key_prefix = before


@dataclass
class Sink:
    """What came in, and what to answer instead of taking it: ``answers`` maps a stage to a line."""

    port: int = 0
    letters: list[email.message.EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "data" in self.answers:
            return self.answers["data"]
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def text(self, number: int = -1) -> str:
        """The plain text of a letter."""
        return self.letters[number].get_body(("plain",)).get_content()

    def link(self, number: int = -1) -> str:
        """The first address in a letter's text."""
        return re.search(r"https?://\S+", self.text(number)).group()


@pytest.fixture
def sink(settings):
    """A mail server the product sends to; it takes everything unless told otherwise."""
    found = Sink(port=free_port(20_000))
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
    settings.MAIL_LEAVES = True
    yield found
    controller.stop()
