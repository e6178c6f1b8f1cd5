"""A mail server of the suite's own, which the product sends to."""

import pytest

from bench.outside import mail_server


@pytest.fixture
def sink(settings):
    """It takes everything unless told otherwise."""
    with mail_server() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.MAIL_LEAVES = True
        yield found
