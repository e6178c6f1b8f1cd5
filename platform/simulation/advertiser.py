"""Simulate an advertiser's market: who was touched when, who bought because of it, who anyway.

Purchases follow an additive hazard: a person of profile p buys at the rate
``baseline_p + sum over its touches i of (effect_c lift_pc / decay_c) exp(-(t - t_i) / decay_c)``.
Such a rate is a sum of independent Poisson processes, one for the baseline and one for each touch,
so every purchase has a known cause and the expected number a channel caused is a plain sum
(``truth``). Then come the misleading touches: people about to buy come back directly or through a
search for the brand.

Everything is vectorised over touches; bytes depend on market, seed, dates and size alone.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulation.market import NORTHWIND, Market

__all__ = ["NORTHWIND", "Conversions", "Simulation", "Spend", "Touches", "simulate"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DAY = 86_400.0
BASELINE = -1
CAUSAL_SHARE = 0.975  # the rest are the visits of people about to buy
_NAVIGATION_HOURS = 6.0
_DRAWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """Columns, one row per touch, by time. ``at``: seconds since the start of the first day.

    ``device`` is 0 or 1 (the person's second one); ``seen`` marks impressions; ``navigational``
    those that only brought back a person about to buy.
    """

    at: Floats
    person: Ints
    channel: Ints
    campaign: Ints
    device: Ints
    seen: NDArray[np.bool_]
    navigational: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """Columns, one row per conversion, by time.

    ``cause`` is the row number of the touch that caused it, or ``BASELINE``; ``value`` is 0 for
    sign-ups.
    """

    at: Floats
    person: Ints
    device: Ints
    signup: NDArray[np.bool_]
    value: Floats
    cause: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """Cost per campaign and day: (days, campaigns), with the impressions and visits paid for."""

    cost: Floats
    impressions: Ints
    visits: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A simulated market over ``days`` days from ``start``.

    ``profile`` (people,) numbers the market's profiles; ``campaign_channel`` (campaigns,) the
    channel of each campaign; ``mobile``, ``identified``, ``devices`` are per person.
    """

    market: Market
    seed: int
    start: date
    days: int
    profile: Ints
    mobile: NDArray[np.bool_]
    identified: NDArray[np.bool_]
    devices: Ints
    campaign_channel: Ints
    touches: Touches
    conversions: Conversions
    spend: Spend


def simulate(market: Market, *, seed: int, start: date, days: int, touches: int) -> Simulation:
    """About ``touches`` touches (misleading ones included) over ``days`` days from ``start``."""
    rng = np.random.default_rng(seed)
    people = max(round(touches / market.touches_per_person), 1)
    profile = _choose(rng, [each.share for each in market.profiles], people)
    mobile = rng.random(people) < np.array([each.mobile for each in market.profiles])[profile]
    devices = 1 + (rng.random(people) < market.second_device_share).astype(np.int64)
    identified = rng.random(people) < market.identified_share
    person = _visitors(market, rng, profile, int(touches * CAUSAL_SHARE))
    at = _moments(market, rng, start, days, profile, person)
    causal = _touches(market, rng, profile, devices, person, at)
    bought = purchases(market, rng, profile, devices, causal, days)
    misleading = _navigation(market, rng, bought)
    all_touches, place = _merged(causal, misleading)
    caused = bought.cause >= 0
    cause = np.where(caused, place[np.where(caused, bought.cause, 0)], BASELINE)
    conversions = _with_signups(market, rng, bought, cause)
    return Simulation(
        market=market,
        seed=seed,
        start=start,
        days=days,
        profile=profile,
        mobile=mobile,
        identified=identified,
        devices=devices,
        campaign_channel=campaign_channels(market),
        touches=all_touches,
        conversions=conversions,
        spend=_spend(market, rng, all_touches, days),
    )


def campaign_channels(market: Market) -> Ints:
    """The channel of each campaign, campaigns numbered in the market's order."""
    return np.repeat(
        np.arange(len(market.channels)), [len(each.campaigns) for each in market.channels]
    ).astype(np.int64)


def _choose(rng: np.random.Generator, shares: list[float], size: int) -> Ints:
    weights = np.array(shares, dtype=np.float64)
    return rng.choice(len(weights), size=size, p=weights / weights.sum()).astype(np.int64)


def pick(rng: np.random.Generator, weights: Floats, row: Ints) -> Ints:
    """A column of ``weights`` (rows, columns) for each of ``row``, as its row weighs them."""
    upper = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    column: Ints = (rng.random(len(row))[:, None] >= upper[row]).sum(axis=1)
    return column


def _visitors(market: Market, rng: np.random.Generator, profile: Ints, size: int) -> Ints:
    """Who is touched, ``size`` times: a few people often, most people rarely."""
    activity = np.array([each.activity for each in market.profiles])[profile]
    activity = activity * rng.gamma(1.2, 1.0, len(profile))
    return rng.choice(len(profile), size=size, p=activity / activity.sum()).astype(np.int64)


def _moments(
    market: Market,
    rng: np.random.Generator,
    start: date,
    days: int,
    profile: Ints,
    person: Ints,
) -> Floats:
    """When each of ``person`` is touched: trend, weekday and habit choose the day and the hour."""
    day = np.arange(days)
    weekday = (start.weekday() + day) % 7
    trend = np.array(market.weekdays)[weekday] * (1 + market.trend_per_90_days * day / 90)
    own = rng.choice(days, size=len(profile), p=trend / trend.sum())
    chosen, hour = np.zeros(len(person)), np.zeros(len(person))
    for number, each in enumerate(market.profiles):
        rows = np.flatnonzero(profile[person] == number)
        weight = trend * np.where(weekday >= 5, each.weekend, 1.0)
        around = own[person[rows]]
        chosen[rows] = (
            rng.choice(days, size=len(rows), p=weight / weight.sum())
            if each.spread_days is None
            else _around(rng, around, each.spread_days, weight)
        )
        hours = np.array(market.hours) * np.repeat(each.dayparts, 6)
        hour[rows] = rng.choice(24, size=len(rows), p=hours / hours.sum())
    moments: Floats = chosen * DAY + (hour + rng.random(len(person))) * 3600.0
    return moments


def _around(rng: np.random.Generator, centre: Ints, spread: float, weight: Floats) -> Ints:
    """A day near each ``centre``: of some drawn, one as ``weight`` has it (a Gumbel draw)."""
    drawn = np.rint(centre[:, None] + spread * rng.standard_normal((len(centre), _DRAWN)))
    last = len(weight) - 1
    # Days beyond either end are folded back.
    folded = np.abs(drawn) % (2 * last or 1)
    days = np.minimum(folded, 2 * last - folded).astype(np.int64).clip(0, last)
    best = np.argmax(np.log(weight)[days] + rng.gumbel(size=days.shape), axis=1)
    chosen: Ints = days[np.arange(len(days)), best]
    return chosen


def _touches(
    market: Market,
    rng: np.random.Generator,
    profile: Ints,
    devices: Ints,
    person: Ints,
    at: Floats,
) -> Touches:
    """The touches of ``person`` at the moments ``at`` that can cause something, by time."""
    size = len(at)
    mix = np.array([each.mix for each in market.channels])
    channel = pick(rng, mix * np.array([each.reach for each in market.profiles]), profile[person])
    order = np.argsort(at, kind="stable")
    seen = rng.random(size) < np.array([each.impressions for each in market.channels])[channel]
    return Touches(
        at=at[order],
        person=person[order],
        channel=channel[order],
        campaign=_campaigns(market, rng, channel[order]),
        device=(rng.random(size) * devices[person[order]]).astype(np.int64),
        seen=seen[order],
        navigational=np.zeros(size, dtype=np.bool_),
    )


def _campaigns(market: Market, rng: np.random.Generator, channel: Ints) -> Ints:
    """A campaign of each touch's channel, by share."""
    first = np.concatenate([[0], np.cumsum([len(each.campaigns) for each in market.channels])])
    campaign = np.zeros(len(channel), dtype=np.int64)
    for number, each in enumerate(market.channels):
        rows = np.flatnonzero(channel == number)
        shares = [campaign.share for campaign in each.campaigns]
        campaign[rows] = first[number] + _choose(rng, shares, len(rows))
    return campaign


def touch_rates(market: Market, profile: Ints, touches: Touches, days: int) -> Floats:
    """Purchases each touch is expected to cause before the end: (touches,); exact."""
    effect = np.array([each.effect for each in market.channels])
    lift = np.array([each.lift for each in market.profiles])
    decay = np.array([each.decay_days for each in market.channels]) * DAY
    reach = -np.expm1(-(days * DAY - touches.at) / decay[touches.channel])
    rates: Floats = effect[touches.channel] * lift[profile[touches.person], touches.channel] * reach
    return np.where(touches.navigational, 0.0, rates)


def purchases(
    market: Market,
    rng: np.random.Generator,
    profile: Ints,
    devices: Ints,
    touches: Touches,
    days: int,
) -> Conversions:
    """Purchases with their causes: one Poisson process per touch and one per person."""
    count = rng.poisson(touch_rates(market, profile, touches, days))
    cause = np.repeat(np.arange(len(count)), count)
    decay = np.array([each.decay_days for each in market.channels])[touches.channel[cause]] * DAY
    left = days * DAY - touches.at[cause]
    # An exponential delay cut at the end, by inverting its distribution.
    delay = -decay * np.log1p(rng.random(len(cause)) * np.expm1(-left / decay))
    baseline = np.array([each.baseline_per_90_days for each in market.profiles])[profile]
    anyway = rng.poisson(baseline * days / 90)
    person = np.concatenate([touches.person[cause], np.repeat(np.arange(len(profile)), anyway)])
    at = np.concatenate([touches.at[cause] + delay, rng.random(int(anyway.sum())) * days * DAY])
    cause = np.concatenate([cause, np.full(int(anyway.sum()), BASELINE)])
    mean = np.array([each.value for each in market.profiles])[profile[person]]
    noise = rng.normal(-(market.value_sigma**2) / 2, market.value_sigma, len(person))
    order = np.argsort(at, kind="stable")
    return Conversions(
        at=at[order],
        person=person[order].astype(np.int64),
        device=(rng.random(len(person)) * devices[person[order]]).astype(np.int64),
        signup=np.zeros(len(person), dtype=np.bool_),
        value=np.round(mean * np.exp(noise), 2)[order],
        cause=cause[order].astype(np.int64),
    )


def _navigation(market: Market, rng: np.random.Generator, bought: Conversions) -> Touches:
    """The visits by which people about to buy come back."""
    rows = np.flatnonzero(rng.random(len(bought.at)) < market.navigational_share)
    channel = _choose(rng, [each.navigational for each in market.channels], len(rows))
    before = rng.exponential(_NAVIGATION_HOURS * 3600 / 3, len(rows)) + 30.0
    return Touches(
        at=np.maximum(bought.at[rows] - before, 0.0),
        person=bought.person[rows],
        channel=channel,
        campaign=_campaigns(market, rng, channel),
        device=bought.device[rows],
        seen=np.zeros(len(rows), dtype=np.bool_),
        navigational=np.ones(len(rows), dtype=np.bool_),
    )


def _merged(one: Touches, other: Touches) -> tuple[Touches, Ints]:
    """Both by time, and where each row of ``one`` went."""
    at = np.concatenate([one.at, other.at])
    order = np.argsort(at, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))

    merged = Touches(
        at=at[order],
        person=np.concatenate([one.person, other.person])[order],
        channel=np.concatenate([one.channel, other.channel])[order],
        campaign=np.concatenate([one.campaign, other.campaign])[order],
        device=np.concatenate([one.device, other.device])[order],
        seen=np.concatenate([one.seen, other.seen])[order],
        navigational=np.concatenate([one.navigational, other.navigational])[order],
    )
    return merged, place[: len(one.at)]


def _with_signups(
    market: Market, rng: np.random.Generator, bought: Conversions, cause: Ints
) -> Conversions:
    """Purchases and sign-ups together, by time; a sign-up comes some time before a purchase."""
    first = np.unique(bought.person, return_index=True)[1]
    first = first[rng.random(len(first)) < market.signup_share]
    at = np.maximum(bought.at[first] - rng.exponential(2 * DAY, len(first)), 0.0)
    merged = np.concatenate([bought.at, at])
    order = np.argsort(merged, kind="stable")
    return Conversions(
        at=merged[order],
        person=np.concatenate([bought.person, bought.person[first]])[order],
        device=np.concatenate([bought.device, bought.device[first]])[order],
        signup=(np.arange(len(merged)) >= len(bought.at))[order],
        value=np.concatenate([bought.value, np.zeros(len(first))])[order],
        cause=np.concatenate([cause, np.full(len(first), BASELINE)])[order],
    )


def _spend(market: Market, rng: np.random.Generator, touches: Touches, days: int) -> Spend:
    """What was paid per day and campaign: visits and impressions at prices that vary by day."""
    channel = campaign_channels(market)
    cell = (touches.at // DAY).astype(np.int64) * len(channel) + touches.campaign
    paid = ~touches.navigational | (
        np.array([each.cost_per_visit for each in market.channels])[touches.channel] > 0
    )
    size = days * len(channel)
    shape = (days, len(channel))
    impressions = np.bincount(cell[touches.seen], minlength=size).reshape(shape)
    visits = np.bincount(cell[~touches.seen & paid], minlength=size).reshape(shape)
    per_visit = np.array([each.cost_per_visit for each in market.channels])[channel]
    per_thousand = np.array([each.cost_per_thousand for each in market.channels])[channel]
    price = rng.normal(1.0, 0.08, shape).clip(0.7, 1.3)
    # One simulated impression stands for the many that reach nobody who can be told apart.
    cost = (visits * per_visit + impressions * per_thousand / 25) * price
    return Spend(cost=np.round(cost, 2), impressions=impressions * 40, visits=visits)
