"""A market while it is watched: the same people and campaigns, an event every few seconds.

A real shop of the demo's size has a visit a minute and an order an hour. Here a day's touches are
many more and their effects fade in an hour, so that somebody who looks for a few minutes sees
visits, log-ins and orders that have a cause.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from simulation.advertiser import DAY, simulate
from simulation.events import Event, timed
from simulation.market import Market

TOUCHES_PER_DAY = 14_400
QUICKER = 100.0


def arriving(market: Market, *, since: datetime) -> Iterator[tuple[datetime, Event]]:
    """Events from ``since`` on, without end, each with the moment it happens; in order of time.

    Ids, people and orders follow from ``since`` alone: another moment is another crowd.
    """
    watched = quickened(market)
    while True:
        crowd = simulate(
            watched,
            seed=int(since.timestamp()),
            start=date(since.year, since.month, since.day),
            days=2,
            touches=2 * TOUCHES_PER_DAY,
        )
        for seconds, event in timed(crowd):
            if seconds >= DAY:  # the first day makes what is seen on the second plausible
                moment = since + timedelta(seconds=seconds - DAY)
                yield moment, event | {"timestamp": moment.isoformat()}
        since += timedelta(days=1)


def quickened(market: Market) -> Market:
    """``market`` with effects that fade ``QUICKER`` times as fast, the same at every hour."""
    channels = tuple(
        replace(channel, decay_days=channel.decay_days / QUICKER) for channel in market.channels
    )
    return replace(market, channels=channels, hours=(1,) * 24)
