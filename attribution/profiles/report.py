"""What is known of profiles, to be shown: who they are, what moves them, where budget lies. Pure.

Cost is known per channel and not per person, so a profile's part of a channel's cost is its part of
the channel's touches. Budgets are shared out in proportion to the value that touches caused, which
is the best split where every channel's response has the same elasticity (Dorfman and Steiner,
"Optimal advertising and optimal quality", American Economic Review 44(5), 1954): one for all by the
value of the channel, or one for each profile by the value of the channel among its people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from attribution.behaviour.psychology import FIGURES
from attribution.profiles.naming import SAID
from attribution.store.words import NO_PROFILE
from eventlog.contracts import Cursor

EVERYBODY = -1
NOBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A channel among some people.

    ``caused`` conversions and their ``value`` (money) with 95 % bounds; ``last`` and ``last_value``
    under last touch; ``cost`` is the people's part. ``multiplier`` is the return on their cost
    against everybody's, which is what a touch does to them against what it does to everybody;
    ``None`` where it did nothing to anybody. ``decided``: its interval does not hold 1.
    """

    channel: str
    touches: float
    caused: float
    caused_low: float
    caused_high: float
    value: float
    value_low: float
    value_high: float
    last: float
    last_value: float
    cost: float
    multiplier: float | None
    multiplier_low: float | None
    multiplier_high: float | None

    @property
    def decided(self) -> bool:
        """Whether these people differ from everybody by more than chance explains."""
        low, high = self.multiplier_low, self.multiplier_high
        return low is not None and high is not None and not low <= 1 <= high

    @property
    def roas(self) -> float | None:
        """Value caused per unit of cost."""
        return self.value / self.cost if self.cost else None

    @property
    def roi(self) -> float | None:
        """What is left of the value after the cost, per unit of cost."""
        return self.roas - 1 if self.roas is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some people's conversions: all of them, what touches caused, what last touch says.

    ``gap`` is the part of what last touch credits that no touch caused: 1 - caused / credited.
    """

    number: int
    name: str
    journeys: int
    conversions: float
    value: float
    effects: tuple[Effect, ...]

    @property
    def caused(self) -> float:
        """Conversions that touches caused."""
        return sum(each.caused for each in self.effects)

    @property
    def credited(self) -> float:
        """Conversions last touch shares out: all with a touch."""
        return sum(each.last for each in self.effects)

    @property
    def gap(self) -> float | None:
        """The efficiency gap between last touch and what was caused."""
        return 1 - self.caused / self.credited if self.credited else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """A profile: its people, how clear they are, their psychology, what is unusual about them."""

    number: int
    name: str
    said: str
    people: int
    share: float
    clear: float
    visits: float
    pages: float
    intent: str
    intents: Mapping[str, float]
    figures: Mapping[str, float]
    unusual: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """A channel's budget: spent, one for all, and per group (by ``Group`` in order)."""

    channel: str
    spent: float
    one: float
    one_by_group: tuple[float, ...]
    by_group: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Two ways to share out what was spent; ``moved`` is what lies elsewhere in the second."""

    lines: tuple[BudgetLine, ...]
    total: float
    moved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A number of profiles that was tried."""

    number: int
    silhouette: float
    stability: float
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilesReport:
    """Everything about the profiles of the last fit; ``fitted_at`` is ``None`` before the first.

    ``everybody`` and ``groups`` (the profiles in order, then who has none) are of the conversions
    of ``conversion_type`` that ended in the days ``start``..``end``; ``None`` and empty where
    nothing converted. ``known`` of ``people`` have come often enough to be told.
    """

    fitted_at: datetime | None
    log: Cursor
    people: int
    known: int
    needed: int
    profiles: tuple[ProfileView, ...]
    weighed: tuple[Weighed, ...]
    conversion_type: str
    start: date | None
    end: date | None
    everybody: Group | None
    groups: tuple[Group, ...]
    budgets: Budgets | None
    currency: str

    @property
    def chosen(self) -> Weighed | None:
        """What was weighed for the number of profiles that was chosen."""
        return next((each for each in self.weighed if each.chosen), None)


def weighed(details: Mapping[str, Any]) -> tuple[Weighed, ...]:
    """The numbers of profiles that were tried, from a fit's details."""
    return tuple(
        Weighed(number=int(number), chosen=int(number) == details["chosen"], **each)
        for number, each in sorted(
            details.get("choices", {}).items(), key=lambda item: int(item[0])
        )
    )


def view(
    number: int, name: str, people: int, known: int, details: Mapping[str, Any]
) -> ProfileView:
    """A profile from what the worker kept of it."""
    return ProfileView(
        number=number,
        name=name,
        said=SAID.get(name, "People with habits of their own."),
        people=people,
        share=people / known if known else 0.0,
        clear=details["clear"],
        visits=details["visits"],
        pages=details["pages"],
        intent=details["intent"],
        intents=details["intents"],
        figures={name: details["figures"][name] for name in FIGURES},
        unusual=tuple((column, deviation) for column, deviation in details["unusual"]),
    )


def groups(
    found: Mapping[str, Any], names: Mapping[int, str], cost: Mapping[str, float]
) -> tuple[Group, ...]:
    """Everybody, the profiles in order, and who has none, from a fit's effects.

    ``cost`` is what each channel cost in the days of the fit.
    """
    labels = {EVERYBODY: "Everybody", NOBODY: NO_PROFILE, **names}
    return tuple(
        Group(
            number=number,
            name=labels.get(number, f"Earlier profile {number}"),
            journeys=found["journeys"][row],
            conversions=found["conversions"][row],
            value=found["total_value"][row],
            effects=tuple(
                _effect(found, row, place, cost) for place in range(len(found["channels"]))
            ),
        )
        for row, number in enumerate(found["groups"])
    )


def _effect(found: Mapping[str, Any], row: int, place: int, cost: Mapping[str, float]) -> Effect:
    names = ("caused", "caused_low", "caused_high", "value", "value_low", "value_high",
             "last", "last_value")  # fmt: skip
    channel, touches, every = (
        found["channels"][place], found["touches"][row][place], found["touches"][0][place],
    )  # fmt: skip
    return Effect(
        channel=channel,
        touches=touches,
        cost=cost.get(channel, 0.0) * touches / every if every else 0.0,
        multiplier=found["lift"][row][place],
        multiplier_low=found["lift_low"][row][place],
        multiplier_high=found["lift_high"][row][place],
        **{name: found[name][row][place] for name in names},
    )


def budgets(parts: Sequence[Group]) -> Budgets | None:
    """Two ways to share out what the ``parts``' paid channels cost; ``None`` without any effect."""
    paid = [
        rows
        for rows in zip(*(part.effects for part in parts), strict=True)
        if sum(each.cost for each in rows) > 0
    ]
    total = sum(each.cost for rows in paid for each in rows)
    value = sum(each.value for rows in paid for each in rows)
    if value <= 0:
        return None
    lines = tuple(_line(rows, total / value) for rows in paid)
    moved = sum(
        abs(one - own)
        for line in lines
        for one, own in zip(line.one_by_group, line.by_group, strict=True)
    )
    return Budgets(
        lines=tuple(sorted(lines, key=lambda line: -line.one)), total=total, moved=moved / 2
    )


def _line(rows: Sequence[Effect], rate: float) -> BudgetLine:
    """``rate`` is the budget that goes with a unit of value."""
    one = rate * sum(each.value for each in rows)
    touches = sum(each.touches for each in rows)
    return BudgetLine(
        channel=rows[0].channel,
        spent=sum(each.cost for each in rows),
        one=one,
        one_by_group=tuple(one * each.touches / touches for each in rows),
        by_group=tuple(rate * each.value for each in rows),
    )
