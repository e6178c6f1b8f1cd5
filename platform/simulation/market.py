"""What a simulated market is made of; ``NORTHWIND`` is the one the demo shows."""

from dataclasses import dataclass

from simulation.site import Browsing


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as its links show it."""

    name: str
    source: str
    medium: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, named as GA4's default channel groups.

    ``mix`` is its share of touches; ``effect`` the purchases one touch causes when nothing is cut
    off by the end; ``decay_days`` how fast that effect fades (mean of an exponential);
    ``impressions`` the share of touches that are only seen; ``cost`` of a visit and of a thousand
    impressions. A ``navigational`` channel is how people about to buy come back: such touches are
    added before conversions, cause nothing, and mislead whoever credits the last touch.
    """

    name: str
    mix: float
    effect: float
    decay_days: float
    campaigns: tuple[Campaign, ...]
    impressions: float = 0.0
    cost_per_visit: float = 0.0
    cost_per_thousand: float = 0.0
    navigational: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of people: share, activity, spending, and how strongly each channel moves them.

    ``lift`` multiplies the effect of each channel's touches, ``reach`` each channel's share of the
    touches. ``dayparts`` multiply the market's hours from 0, 6, 12 and 18 o'clock, ``weekend`` its
    Saturdays and Sundays. ``spread_days``: their touches fall around a time of their own, with this
    standard deviation; without it on all days.
    """

    name: str
    share: float
    activity: float
    baseline_per_90_days: float
    value: float
    lift: tuple[float, ...]
    reach: tuple[float, ...]
    mobile: float
    dayparts: tuple[float, float, float, float]
    weekend: float
    browsing: Browsing
    spread_days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Channels, profiles and habits; everything a simulation needs but size, dates and seed."""

    name: str
    site: str
    currency: str
    channels: tuple[Channel, ...]
    profiles: tuple[Profile, ...]
    touches_per_person: float = 4.0
    hours: tuple[float, ...] = (
        2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 11, 12, 11, 10, 10, 11, 13, 16, 19, 20, 17, 11, 5,
    )  # fmt: skip
    weekdays: tuple[float, ...] = (1.0, 0.97, 0.96, 0.98, 1.02, 1.15, 1.22)
    trend_per_90_days: float = 0.25
    navigational_share: float = 0.7
    signup_share: float = 0.35
    identified_share: float = 0.45
    second_device_share: float = 0.35
    value_sigma: float = 0.6


def _campaigns(*rows: tuple[str, str, str, float]) -> tuple[Campaign, ...]:
    return tuple(
        Campaign(name=name, source=source, medium=medium, share=share)
        for name, source, medium, share in rows
    )


NORTHWIND = Market(
    name="Northwind Outdoor",
    site="https://www.northwind-outdoor.example",
    currency="EUR",
    channels=(
        Channel(
            name="Paid Search", mix=0.17, effect=0.055, decay_days=4, cost_per_visit=0.85,
            campaigns=_campaigns(
                ("brand", "google", "cpc", 0.4), ("tents-generic", "google", "cpc", 0.35),
                ("boots-generic", "bing", "cpc", 0.25),
            ),
        ),
        Channel(
            name="Paid Social", mix=0.18, effect=0.022, decay_days=6, impressions=0.72,
            cost_per_visit=0.55, cost_per_thousand=6.5,
            campaigns=_campaigns(
                ("summer-lookalike", "facebook", "paid_social", 0.45),
                ("retargeting", "instagram", "paid_social", 0.35),
                ("creators", "tiktok", "paid_social", 0.2),
            ),
        ),
        Channel(
            name="Display", mix=0.15, effect=0.005, decay_days=5, impressions=0.9,
            cost_per_visit=0.4, cost_per_thousand=2.8,
            campaigns=_campaigns(
                ("prospecting", "gdn", "display", 0.6), ("remarketing", "criteo", "display", 0.4),
            ),
        ),
        Channel(
            name="Paid Video", mix=0.07, effect=0.016, decay_days=9, impressions=0.85,
            cost_per_visit=0.7, cost_per_thousand=9.0,
            campaigns=_campaigns(("trailer", "youtube", "paid_video", 1.0)),
        ),
        Channel(
            name="Email", mix=0.09, effect=0.045, decay_days=3, cost_per_visit=0.03,
            campaigns=_campaigns(
                ("newsletter", "newsletter", "email", 0.7),
                ("basket-reminder", "automation", "email", 0.3),
            ),
        ),
        Channel(
            name="Affiliates", mix=0.06, effect=0.018, decay_days=3, cost_per_visit=0.65,
            campaigns=_campaigns(("voucher", "savemore", "affiliate", 1.0)),
        ),
        Channel(
            name="Organic Search", mix=0.14, effect=0.03, decay_days=5, navigational=0.35,
            campaigns=_campaigns(("", "google", "organic", 0.85), ("", "bing", "organic", 0.15)),
        ),
        Channel(
            name="Referral", mix=0.05, effect=0.026, decay_days=7,
            campaigns=_campaigns(("", "trailmag.example", "referral", 1.0)),
        ),
        Channel(
            name="Direct", mix=0.09, effect=0.004, decay_days=2, navigational=0.65,
            campaigns=_campaigns(("", "(direct)", "(none)", 1.0)),
        ),
    ),
    # Separate, but not apart: most pages, hours and channels are everybody's, and it takes several
    # visits to tell people from each other.
    profiles=(
        Profile(
            name="Passive Explorer", share=0.46, activity=0.8, baseline_per_90_days=0.006,
            value=58, lift=(0.6, 1.1, 1.2, 1.5, 0.5, 0.4, 0.8, 1.2, 1.0), mobile=0.78,
            reach=(0.5, 1.35, 1.4, 1.7, 0.5, 0.3, 0.8, 1.6, 0.6),
            dayparts=(1.2, 0.6, 0.7, 1.6), weekend=1.2,
            browsing=Browsing(
                pages=0.55, seconds=24, coupon=0.06,
                #      home jour cat  prod sale comp rev  srch acct dlvr bask
                kinds=(1.6, 4.2, 2.0, 1.2, 0.3, 0.1, 0.3, 0.5, 0.1, 0.1, 0.1),
                intents=(6.0, 1.5, 1.0, 0.3, 0.6),
            ),
        ),
        Profile(
            name="Deal Hunter", share=0.24, activity=1.1, baseline_per_90_days=0.012,
            value=44, lift=(1.0, 0.8, 0.7, 0.5, 1.4, 2.6, 0.8, 0.6, 1.0), mobile=0.6,
            reach=(1.1, 0.8, 0.8, 0.6, 1.1, 3.4, 1.0, 0.6, 0.7),
            dayparts=(0.9, 0.9, 1.2, 0.9), weekend=1.7,
            browsing=Browsing(
                pages=1.2, seconds=38, coupon=0.62,
                kinds=(0.7, 0.2, 1.3, 1.6, 5.0, 0.5, 0.3, 1.3, 0.2, 0.2, 0.4),
                intents=(0.4, 1.2, 6.5, 0.8, 0.4),
            ),
        ),
        Profile(
            name="Loyalist", share=0.16, activity=1.2, baseline_per_90_days=0.11,
            value=83, lift=(0.5, 0.6, 0.5, 0.7, 1.7, 0.4, 0.7, 0.7, 1.0), mobile=0.45,
            reach=(0.7, 0.6, 0.5, 0.6, 2.6, 0.4, 0.7, 0.6, 1.5),
            dayparts=(0.5, 1.5, 1.0, 0.8), weekend=0.8,
            browsing=Browsing(
                pages=1.2, seconds=45, coupon=0.2,
                kinds=(1.5, 0.5, 1.2, 1.8, 0.4, 0.2, 0.2, 0.9, 4.2, 0.4, 0.7),
                intents=(0.4, 0.5, 0.5, 1.0, 6.5),
            ),
        ),
        Profile(
            name="High-Intent", share=0.14, activity=1.4, baseline_per_90_days=0.05,
            value=96, lift=(2.2, 1.2, 1.0, 0.9, 1.0, 0.9, 1.9, 1.6, 1.0), mobile=0.34,
            reach=(1.8, 0.6, 0.7, 0.7, 0.7, 0.7, 1.6, 2.7, 0.9),
            dayparts=(0.5, 1.0, 1.4, 0.8), weekend=0.8, spread_days=7,
            browsing=Browsing(
                pages=2.4, seconds=70, coupon=0.1,
                kinds=(0.4, 0.4, 1.2, 3.4, 0.3, 2.4, 1.8, 1.1, 0.1, 1.2, 0.8),
                intents=(0.8, 3.8, 0.5, 4.4, 0.5),
            ),
        ),
    ),
)  # fmt: skip
