"""The product's watch over a simulated market, pass by pass, at its normal level; no row.

What is called here is what ``regulator.watch.passes`` calls, on figures put together from the
simulated records instead of read from the projections.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bench import market_feed
from bench.market_feed import EPOCH, START
from regulator.detectors import baseline, drop, payout, results, tempo, thinning
from regulator.detectors.anomaly import Kind
from regulator.watch import beside, payouts, played, stakes, watchers
from regulator.watch.market import DAY as A_DAY
from regulator.watch.market import HOUR, Market
from regulator.watch.sensitivity import Levels
from regulator.watch.sighting import Sighting, explained, joined
from simulation import gaming_market
from simulation.gaming_calendar import DAY

LEARNED = watchers.LEARNED
"""Days that are learned from."""
LIMITS = (
    f"drop {drop.SIZE:g} an hour; baseline {baseline.LIMIT:g} deviations on events and stakes;"
    f" payout {payout.SIZE:g} an hour and game; results {results.LIMIT:g} deviations;"
    f" thinning {thinning.PER_YEAR:g} a year (score {thinning.limit():.2f}); tempo and high stakes"
    f" {tempo.PER_YEAR:g} a year each (high stakes shared among its games);"
    f" digits {stakes.SIZE:g} a week"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A finding of one operator, its stretch in hours: from, and until before."""

    operator: int
    detector: str
    started: int
    ended: int
    alarm: int
    """The hour at whose end it could first be told."""
    game: str = ""


def hours(market: Market) -> list[Told]:
    """What the light pass says of counts and stakes."""
    seen = watchers.watch(market, Levels(), watchers.HOURLY)
    return _told(joined(explained(joined(seen))))


def left_out(made: gaming_market.Market) -> list[Told]:
    """Bets that never arrive: by count, by missing beats, by missing high stakes."""
    return _told(_left_out(made), apart=True)


def _left_out(made: gaming_market.Market) -> list[Sighting]:
    days = market_feed.of_books(made, days=True)
    return [
        *watchers.watch(days, Levels(), watchers.DAILY),
        *played.short(market_feed.played(made), Levels(), among=len(made.houses)),
    ]


def paid(made: gaming_market.Market) -> list[Told]:
    """Payout spikes of every operator and game after the learned days."""
    return _told(joined(_paid(made)))


def _paid(made: gaming_market.Market) -> list[Sighting]:
    held, first = market_feed.plays(made), LEARNED * DAY
    market = market_feed.of_books(made)
    step = payouts.every(int(np.nansum(market.events[:first])))
    learned = payouts.learn(market_feed.sampled(held, range(0, first, step)))
    currencies = dict(zip(market.operators, market.currencies, strict=True))
    return [
        *payouts.spikes(learned.games, held, Levels(), currencies=currencies, first=EPOCH + first),
        *beside.spikes(market, learned.late, Levels(), since=first),
    ]


def everything(made: gaming_market.Market) -> list[Told]:
    """All that speaks about bets, as one list of anomalies."""
    market = market_feed.of_books(made)
    hourly = [*watchers.watch(market, Levels(), watchers.HOURLY), *_paid(made)]
    daily = [
        *_left_out(made),
        *stakes.compare(
            market_feed.staked(made), Levels(), since=START.date(),
            until=(START + made.days * A_DAY).date(),
        ),
    ]  # fmt: skip
    return _told([*joined(explained(joined(hourly))), *joined(daily)])


def _told(seen: Iterable[Sighting], *, apart: bool = False) -> list[Told]:
    return [
        Told(
            # By name the tenth house would come second.
            operator=int(each.operator.removeprefix("house-")) - 1, alarm=_alarm(each),
            detector=_name(each, apart=apart), started=_hour(each.started_at),
            ended=_hour(each.ended_at), game=str(each.evidence.get("game_type", "")),
        )
        for each in seen
    ]  # fmt: skip


def _name(each: Sighting, *, apart: bool) -> str:
    if apart and each.kind is Kind.THINNING:
        return "tempo" if "uneven" in each.evidence else "thinning"
    return str(each.kind)


def _hour(moment: datetime) -> int:
    return int((moment - START) // HOUR)


def _alarm(each: Sighting) -> int:
    """Of days the last hour of the one that alarmed; of payouts the last one, else the first."""
    first = each.evidence.get("first_alarm")
    if isinstance(first, int | float):
        return (int(first) + 1) * DAY - 1
    late = each.kind in (Kind.PAYOUT_SPIKE, Kind.DIGITS)
    return _hour(each.ended_at) - 1 if late else _hour(each.started_at)
