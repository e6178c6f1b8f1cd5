"""An authority with a case about an operator whose feed fell silent."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from eventlog.seal import sealer
from eventlog.subscriptions import catch_up
from kernel import clock
from regulator import contracts_cases as words
from regulator.cases import commands, projection
from regulator.contracts import ReturnFiled
from regulator.contracts_cases import About, AboutKind, Decision, Outcome
from regulator.returns import commands as returns
from tests.eventlog.events import settle
from tests.regulator.told import project, stake

DAY = clock.now().date() - timedelta(days=3)
"""The day the case is about."""
NOON = datetime.combine(DAY, time(12), UTC)


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.STATE = tmp_path


@pytest.fixture
def case(authority, lucky):
    """A decided case about six hours of that day, sealed; its id."""
    lucky(*(stake(number, at=NOON - timedelta(minutes=number), amount=500 + number)
            for number in range(1, 31)))  # fmt: skip
    lucky(*(stake(number, at=NOON + timedelta(days=1, minutes=number)) for number in range(31, 36)))
    for vintage, ggr in ((DAY + timedelta(days=1), 100), (DAY + timedelta(days=2), 20_000)):
        returns.file([_return(vintage, ggr)], now=clock.now())
    project()
    about = About(
        kind=AboutKind.ANOMALY, id="018f6b2e-7c1a-7def-8a11-0123456789cd", operator="lucky",
        title="Stakes fell", text="A third of what is usual.", started_at=NOON - timedelta(hours=4),
        ended_at=NOON + timedelta(hours=2),
    )  # fmt: skip
    now, actor = clock.now(), "a" * 32
    case = commands.open_case(
        operator="lucky", title="Stakes fell <b>", about=(about,), actor=actor, now=now
    )
    decision = Decision(outcome=Outcome.FINE, reasons="It hid them.", amount=500, currency="EUR")
    commands.take(case, words.CaseDecided, {"decision": decision}, actor=actor, now=now)
    seal()
    return case


def seal():
    """Bring cases up to the log's end and seal it."""
    settle()
    catch_up(projection.NAME)
    sealer.catch_up(now=clock.now())


def _return(vintage: date, ggr: int) -> ReturnFiled:
    return ReturnFiled(
        operator="lucky", start=DAY, end=DAY, vintage=vintage, currency="EUR", stakes=ggr,
        payouts=0, refunds=0, ggr=ggr,
    )  # fmt: skip
