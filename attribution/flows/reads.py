"""What one channel's page reads from the stores: its days, what it cost where, its neighbours.

Each read is a sum over daily rows of one key, whatever the number of touches behind them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from attribution.contracts import LEARNED, By, Model
from attribution.flows import place
from attribution.projection import sums
from attribution.store.words import ADDITIVE, DIMENSIONS, MICRO, UNIT
from kernel.errors import NotFound

CHANNEL = DIMENSIONS.index(By.CHANNEL)
_WHERE = (
    " dimension = 0 AND model = %(model)s AND key = %(key)s"
    " AND day BETWEEN %(start)s AND %(end)s"
    " AND (%(segment)s::smallint[] IS NULL OR segment = ANY (%(segment)s))"
    " AND (%(kind)s::integer IS NULL OR conversion_type = %(kind)s) GROUP BY day"
)
_CREDIT_DAYS = (
    "SELECT day, sum(credit)::bigint, sum(value)::bigint"  # noqa: S608  # constants
    f" FROM attribution_daily_credit WHERE {_WHERE}"
)
_LEARNED_DAYS = (
    f"SELECT day, sum(credit), sum(value) FROM attribution_learned_credit WHERE {_WHERE}"  # noqa: S608  # constants
)
_COST_DAYS = (
    f"SELECT day, sum(cost)::bigint FROM {sums.SPENT}"  # noqa: S608  # constants
    " WHERE channel = %(key)s AND day BETWEEN %(start)s AND %(end)s GROUP BY day"
)
_SPENT = (
    "SELECT CASE %(side)s::integer WHEN 1 THEN campaign ELSE source END AS name,"  # noqa: S608  # constants
    " sum(cost)::bigint, sum(impressions)::bigint, sum(clicks)::bigint,"
    f" count(DISTINCT day) FROM {sums.SPENT}"
    " WHERE channel = %(key)s AND day BETWEEN %(start)s AND %(end)s GROUP BY 1"
    " ORDER BY 2 DESC, 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A channel's day: credit and its value under a model, and cost; ``roas`` needs cost."""

    day: date
    conversions: float
    value: float
    cost: float

    @property
    def roas(self) -> float | None:
        """Value per unit of cost; ``None`` on a day without cost."""
        return self.value / self.cost if self.cost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a campaign or source of the channel cost, and on how many days."""

    label: str
    cost: float
    impressions: int
    clicks: int
    days: int


def label_of(key: int) -> str:
    """The channel's name. Raises ``NotFound`` when no channel of the tenant has this id."""
    found = sums.labels(CHANNEL).get(key)
    if found is None:
        raise NotFound("There is no such channel.", channel=key)
    return found


def keys() -> dict[str, int]:
    """Name -> id of every channel, for links to its page."""
    return sums.ids(CHANNEL)


def days(key: int, model: Model, scope: sums.Scope) -> tuple[Day, ...]:
    """Every day of the range, empty ones too.

    ``model`` keeps credit by day: it is additive or learned. A learned model's days are as it was
    fitted, before a report scales them to the conversions of its range.
    """
    if model in LEARNED:
        found = sums.rows(_LEARNED_DAYS, scope.parameters(model=str(model), key=key))
        earned = {day: (credit, value) for day, credit, value in found}
    else:
        number = ADDITIVE.index(model)
        found = sums.rows(_CREDIT_DAYS, scope.parameters(model=number, key=key))
        earned = {day: (credit / UNIT, value / MICRO) for day, credit, value in found}
    costs = dict(sums.rows(_COST_DAYS, scope.parameters(key=key)))
    series = []
    for offset in range((scope.end - scope.start).days + 1):
        day = scope.start + timedelta(days=offset)
        conversions, value = earned.get(day, (0.0, 0.0))
        series.append(
            Day(
                day=day,
                conversions=conversions,
                value=value,
                cost=costs.get(day, 0) / MICRO,
            )
        )
    return tuple(series)


def spent(key: int, by: By, scope: sums.Scope) -> tuple[Spent, ...]:
    """The channel's cost by campaign or source, dearest first; spend knows no segment or type."""
    labels = sums.labels(DIMENSIONS.index(by))
    found = sums.rows(_SPENT, scope.parameters(key=key, side=DIMENSIONS.index(by)))
    return tuple(
        Spent(
            label=labels.get(name, str(name)),
            cost=cost / MICRO,
            impressions=impressions,
            clicks=clicks,
            days=count,
        )
        for name, cost, impressions, clicks, count in found
    )


def around(key: int, scope: sums.Scope, *, most: int) -> place.Around:
    """What comes right before and after the channel, from the stored transitions."""
    labels = sums.labels(CHANNEL)
    rows = sums.transitions(scope)
    return place.around(rows, key, lambda each: labels.get(each, str(each)), most=most)
