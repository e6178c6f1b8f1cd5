"""Signals while the server loads."""

import signal

import pytest

from config.stopping import end_while_loading


def noted(number, frame):
    """A handler as granian's parent has it."""


@pytest.fixture
def handler():
    before = signal.getsignal(signal.SIGTERM)

    def install(module):
        noted.__module__ = module
        signal.signal(signal.SIGTERM, noted)

    yield install
    signal.signal(signal.SIGTERM, before)


def test_it_takes_the_place_of_handlers_the_server_left(handler):
    handler("granian.server.common")

    end_while_loading()

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_it_leaves_everybody_elses_alone(handler):
    handler("celery.apps.worker")

    end_while_loading()

    assert signal.getsignal(signal.SIGTERM) is noted
