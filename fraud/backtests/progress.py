"""The active tenant's latest back-test, how far it is and what it found: in the cache."""

import uuid
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from django.core.cache import cache
from msgspec.structs import replace

from fraud.scoring.backtest import Backtest
from fraud.scoring.decide import Policy
from kernel.errors import InvalidInput

_KEY, _CLAIM = "fraud-backtest", "fraud-backtest-claim"
_KEPT_SECONDS = 7 * 86_400
_LOST_SECONDS = 3_600
"""A back-test of which nothing was heard for so long is taken for lost, and another may begin."""
BROKE_OFF = "The back-test broke off. Start it again."


class NoResult(InvalidInput):
    """There is no back-test whose thresholds could be used."""

    code = "no_backtest"
    title = "There is no such back-test"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What of a policy a back-test is about."""

    review: int
    block: int
    thresholds: dict[str, float]

    @classmethod
    def of(cls, policy: Policy) -> "Limits":
        """Those of a policy."""
        words = asdict(policy)
        return cls(review=words["review"], block=words["block"], thresholds=words["thresholds"])

    def policy(self, *, on: bool) -> Policy:
        """A policy with these."""
        return Policy(on=on, review=self.review, block=self.block, thresholds=self.thresholds)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: ``tried`` with ``held``, on the days from ``start`` to ``end`` (UTC)."""

    held: Limits
    tried: Limits
    start: date
    end: date

    @property
    def since(self) -> datetime:
        """The first moment that counts."""
        return datetime.combine(self.start, time.min, UTC)

    @property
    def until(self) -> datetime:
        """The first moment after those that count."""
        return datetime.combine(self.end, time.min, UTC) + timedelta(days=1)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A back-test: ``done`` events of about ``of`` were read.

    ``failed`` says in a sentence why there is no result; ``replaced`` is what held before its
    thresholds were put to use.
    """

    token: str
    asked: Asked
    of: int
    done: int = 0
    failed: str = ""
    result: Backtest | None = None
    replaced: Limits | None = None

    @property
    def running(self) -> bool:
        """Whether it has not come to an end."""
        return not self.failed and self.result is None


def begin(asked: Asked, *, of: int) -> str | None:
    """Note that a back-test was asked for, and give its token; ``None`` where one is under way."""
    token = uuid.uuid4().hex
    if not cache.add(_CLAIM, token, _LOST_SECONDS):
        return None
    _put(Run(token=token, asked=asked, of=max(of, 1)))
    return token


def tell(token: str, done: int) -> None:
    """Note how many events have been read."""
    held = _get()
    if held and held.token == token and cache.get(_CLAIM) == token:
        cache.touch(_CLAIM, _LOST_SECONDS)
        _put(replace(held, done=done))


def end(token: str, *, result: Backtest | None = None, failed: str = "") -> None:
    """Note what it found, or why it found nothing; another may begin."""
    held = _get()
    if held and held.token == token:
        _put(replace(held, result=result, failed=failed))
        cache.delete(_CLAIM)


def current() -> Run | None:
    """The latest back-test; one that was lost says so. ``None``: there was none within a week."""
    held = _get()
    if held and held.running and cache.get(_CLAIM) != held.token:
        return replace(held, failed=BROKE_OFF)
    return held


def put_to_use(token: str, *, replaced: Limits | None) -> None:
    """Note that its thresholds hold, and which held before; ``None``: those before hold again."""
    held = _get()
    if held and held.token == token:
        _put(replace(held, replaced=replaced))


def finished(token: str) -> Run:
    """The back-test of this token with its result. Raises ``NoResult``."""
    held = _get()
    if held is None or held.token != token or held.result is None:
        raise NoResult("This back-test has no result, or a later one has taken its place.")
    return held


def _get() -> Run | None:
    held = cache.get(_KEY)
    try:
        return msgspec.json.decode(held, type=Run) if held else None
    except msgspec.DecodeError:
        return None  # another release kept it in other words


def _put(held: Run) -> None:
    cache.set(_KEY, msgspec.json.encode(held), _KEPT_SECONDS)
