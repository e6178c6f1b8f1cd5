"""The plans: what a tenant may use. Amounts are per tenant."""

from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from kernel.errors import InvalidInput

WARN_AT = (0.8, 1.0)
"""Shares of the month's events at which the owners are told."""


class UnknownPlan(InvalidInput):
    """There is no plan of this name."""

    code = "unknown_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan.

    ``events`` new events a calendar month (UTC), ``grace`` of them more before any is turned away;
    ``rate`` requests a second, up to ``burst`` at once after a pause; ``days`` events are kept at
    most; ``seats`` members and open invitations together.
    """

    name: str
    label: str
    events: int
    grace: float
    rate: float
    burst: int
    days: int
    seats: int

    @property
    def ceiling(self) -> int:
        """The number of events from which on events are turned away."""
        return int(self.events * (1 + self.grace))


_ALL = (
    Plan(
        name="free", label="Free", events=100_000, grace=0.1, rate=10, burst=50, days=90, seats=3
    ),
    Plan(
        name="team", label="Team", events=5_000_000, grace=0.1, rate=100, burst=500, days=400,
        seats=15,
    ),
    Plan(
        name="business", label="Business", events=100_000_000, grace=0.1, rate=1_000, burst=5_000,
        days=1_100, seats=100,
    ),
    Plan(
        name="enterprise", label="Enterprise", events=5_000_000_000, grace=0.1, rate=10_000,
        burst=50_000, days=3_660, seats=10_000,
    ),
)  # fmt: skip
PLANS = MappingProxyType({plan.name: plan for plan in _ALL})


def plan_of(name: str) -> Plan:
    """The plan ``name``; raises ``UnknownPlan``."""
    try:
        return PLANS[name]
    except KeyError:
        raise UnknownPlan(f"There are the plans {', '.join(PLANS)}, not {name!r}.") from None


def month_of(now: datetime) -> str:
    """The calendar month in UTC, "2026-11"."""
    return f"{now.astimezone(UTC):%Y-%m}"


def month_ends(now: datetime) -> datetime:
    """The first moment of the next month."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if first.month == 12:
        return first.replace(year=first.year + 1, month=1)
    return first.replace(month=first.month + 1)


def reached(*, used: int, plan: Plan) -> float | None:
    """The highest share of ``WARN_AT`` that ``used`` events have reached; ``None`` below all."""
    return max((share for share in WARN_AT if used >= share * plan.events), default=None)
