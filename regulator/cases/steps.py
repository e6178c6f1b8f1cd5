"""A case as a state machine: which steps are possible, and what each makes of it. Pure.

                     ┌────────────── decided ───────────────┐
    open ── requested ──► awaiting ── received ──► explained ┤
                                                             ▼
    closed ◄── closed ── decided ── appealed ──► appealed ── appeal decided ──► settled ─► closed

Notes and assignments are possible until a case is closed; a closed one can be reopened. Whoever was
asked for an explanation is heard: nothing is decided before it came or its day has passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from kernel.errors import InvalidInput
from regulator import contracts_cases as words
from regulator.contracts_cases import About, AppealResult, Decision, Outcome, Step

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200
LONGEST_WAIT = timedelta(days=366)
MOST_ABOUT = 50


class State(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    AWAITING = "awaiting"
    EXPLAINED = "explained"
    DECIDED = "decided"
    APPEALED = "appealed"
    SETTLED = "settled"
    CLOSED = "closed"


class StepRefused(InvalidInput):
    """This step can't be taken from where the case stands; ``data`` says the state."""

    code = "step_refused"
    http_status = 409
    title = "This step is not possible now"


class StepIncomplete(InvalidInput):
    """A step lacks something or contradicts itself; ``data`` names the field."""

    code = "step_incomplete"
    title = "The step is not complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case after some steps. ``decision`` is the one that holds, ``steps`` how many there were.

    ``officer`` is empty while nobody has it; ``due`` is the day by which an explanation is awaited.
    """

    id: str
    number: int
    operator: str
    title: str
    about: tuple[About, ...]
    state: State
    opened_at: datetime
    opened_by: str
    changed_at: datetime
    steps: int
    officer: str = ""
    asked_on: date | None = None
    due: date | None = None
    decided_on: date | None = None
    decision: Decision | None = None

    #: A case's own words, for people.
    PREFIX: ClassVar[str] = "C-"

    @property
    def reference(self) -> str:
        """What people call it by: C-12."""
        return f"{self.PREFIX}{self.number}"

    def overdue(self, today: date) -> bool:
        """Whether an explanation is awaited whose day has passed."""
        return self.state is State.AWAITING and self.due is not None and self.due < today


ALWAYS = (words.CaseAssigned, words.CaseNoted)
POSSIBLE: dict[State, tuple[type[Step], ...]] = {
    State.OPEN: (words.ExplanationRequested, words.CaseDecided, *ALWAYS),
    State.AWAITING: (
        words.ExplanationReceived, words.ExplanationRequested, words.CaseDecided, *ALWAYS,
    ),
    State.EXPLAINED: (words.CaseDecided, words.ExplanationRequested, *ALWAYS),
    State.DECIDED: (words.CaseAppealed, words.CaseClosed, *ALWAYS),
    State.APPEALED: (words.AppealDecided, *ALWAYS),
    State.SETTLED: (words.CaseClosed, *ALWAYS),
    State.CLOSED: (words.CaseReopened,),
}  # fmt: skip
"""The steps that a case can take next, those that carry it on first."""


def possible(case: Case, today: date) -> tuple[type[Step], ...]:
    """The steps that ``case`` can take on the day ``today``."""
    return tuple(
        each
        for each in POSSIBLE[case.state]
        if not (each is words.CaseDecided and _unheard(case, today))
    )


def check(case: Case | None, step: Step, today: date) -> None:
    """Raise ``StepRefused`` or ``StepIncomplete`` when ``step`` can't come next in ``case``."""
    if case is None:
        if not isinstance(step, words.CaseOpened):
            raise StepRefused("There is no such case.", state="")
        _check_opened(step)
        return
    if type(step) not in POSSIBLE[case.state]:
        raise StepRefused(
            f"A case that is {case.state} can't be {_VERB[type(step)]}.", state=str(case.state)
        )
    if isinstance(step, words.CaseDecided) and _unheard(case, today):
        raise StepRefused(
            f"The operator has until {case.due} to explain; decide then, or when it has.",
            state=str(case.state),
        )
    _CHECKS[type(step)](case, step, today)


def after(case: Case | None, step: Step, at: datetime) -> Case:
    """``case`` once ``step`` was taken ``at``; expects one that ``check`` lets through."""
    if isinstance(step, words.CaseOpened):
        return Case(
            id=step.case, number=step.number, operator=step.operator, title=step.title,
            about=step.about, state=State.OPEN, opened_at=at, opened_by=step.actor, changed_at=at,
            steps=1,
        )  # fmt: skip
    if case is None:
        raise StepRefused("There is no such case.", state="")
    counted = replace(case, changed_at=at, steps=case.steps + 1)
    moved: Case = _MOVES[type(step)](counted, step, at.date())
    return moved


def replay(steps: Sequence[tuple[datetime, Step]]) -> Case | None:
    """A case from all its steps in order; ``None`` from none."""
    case = None
    for at, step in steps:
        case = after(case, step, at)
    return case


def _asked(case: Case, step: words.ExplanationRequested, day: date) -> Case:
    asked = case.asked_on if case.state is State.AWAITING else day
    return replace(case, state=State.AWAITING, asked_on=asked, due=step.due)


def _decided(case: Case, step: words.CaseDecided, day: date) -> Case:
    return replace(case, state=State.DECIDED, decision=step.decision, decided_on=day, due=None)


def _settled(held: Decision | None, step: words.AppealDecided) -> Decision | None:
    if step.result is AppealResult.DISMISSED:
        return held
    if step.result is AppealResult.VARIED:
        return step.decision
    return Decision(outcome=Outcome.NO_BREACH, reasons=step.reasons)


def _unheard(case: Case, today: date) -> bool:
    return case.state is State.AWAITING and case.due is not None and today <= case.due


def _check_opened(step: words.CaseOpened) -> None:
    _text(step.title, "title", LONGEST_TITLE)
    if not 0 < len(step.about) <= MOST_ABOUT:
        raise StepIncomplete(f"A case is about 1 to {MOST_ABOUT} things.", field="about")
    if {each.operator for each in step.about} != {step.operator}:
        raise StepIncomplete("A case is about one operator.", field="about")


def _check_assigned(case: Case, step: words.CaseAssigned, _today: date) -> None:
    if step.officer == case.officer:
        raise StepRefused("This officer has the case already.", state=str(case.state))


def _check_asked(_case: Case, step: words.ExplanationRequested, today: date) -> None:
    _text(step.question, "question")
    if not today < step.due <= today + LONGEST_WAIT:
        raise StepIncomplete("Give the operator a day after today.", field="due")


def _check_received(case: Case, step: words.ExplanationReceived, today: date) -> None:
    _text(step.text, "text")
    _within(step.received, case.asked_on, today, "received", "it was asked for")


def _check_appealed(case: Case, step: words.CaseAppealed, today: date) -> None:
    _text(step.grounds, "grounds")
    _within(step.lodged, case.decided_on, today, "lodged", "the decision")


def _check_appeal(step: words.AppealDecided) -> None:
    _text(step.reasons, "reasons")
    if (step.decision is not None) != (step.result is AppealResult.VARIED):
        raise StepIncomplete("A varied decision says what it is now.", field="outcome")
    if step.decision is not None:
        _check_decision(step.decision)


def _check_decision(decision: Decision) -> None:
    _text(decision.reasons, "reasons")
    fined = decision.outcome is Outcome.FINE
    if fined != (decision.amount is not None) or (fined and not (decision.amount or 0) > 0):
        raise StepIncomplete("A fine has an amount, and nothing else has one.", field="amount")
    if fined and not decision.currency:
        raise StepIncomplete("A fine has a currency.", field="currency")
    if decision.outcome is Outcome.LICENCE_MEASURE:
        _text(decision.measure, "measure")
    elif decision.measure:
        raise StepIncomplete("Only a licence measure says which.", field="measure")


def _text(text: str, field: str, most: int = LONGEST_TEXT) -> None:
    if not 0 < len(text.strip()) <= most or "\0" in text:
        raise StepIncomplete(f"Write 1 to {most:,} characters.", field=field)


def _within(day: date, first: date | None, last: date, field: str, what: str) -> None:
    if day > last or (first is not None and day < first):
        raise StepIncomplete(f"The day lies between {what} and today.", field=field)


# What a step makes of a case, and what it must say; functions of (case, step, day).
_MOVES: dict[type[Step], Callable[[Case, Any, date], Case]] = {
    words.CaseAssigned: lambda case, step, _: replace(case, officer=step.officer),
    words.CaseNoted: lambda case, _step, _day: case,
    words.ExplanationRequested: _asked,
    words.ExplanationReceived: lambda case, _step, _: replace(
        case, state=State.EXPLAINED, due=None
    ),
    words.CaseDecided: _decided,
    words.CaseAppealed: lambda case, _step, _: replace(case, state=State.APPEALED),
    words.AppealDecided: lambda case, step, _: replace(
        case, state=State.SETTLED, decision=_settled(case.decision, step)
    ),
    words.CaseClosed: lambda case, _step, _: replace(case, state=State.CLOSED),
    words.CaseReopened: lambda case, _step, _: replace(
        case, state=State.OPEN, decision=None, decided_on=None
    ),
}
_CHECKS: dict[type[Step], Callable[[Case, Any, date], None]] = {
    words.CaseAssigned: _check_assigned,
    words.CaseNoted: lambda _case, step, _: _text(step.text, "text"),
    words.ExplanationRequested: _check_asked,
    words.ExplanationReceived: _check_received,
    words.CaseDecided: lambda _case, step, _: _check_decision(step.decision),
    words.CaseAppealed: _check_appealed,
    words.AppealDecided: lambda _case, step, _: _check_appeal(step),
    words.CaseClosed: lambda _case, step, _: _text(step.reasons, "reasons"),
    words.CaseReopened: lambda _case, step, _: _text(step.reasons, "reasons"),
}
_VERB: dict[type[Step], str] = {
    words.CaseOpened: "opened",
    words.CaseAssigned: "assigned",
    words.CaseNoted: "noted on",
    words.ExplanationRequested: "asked an explanation of",
    words.ExplanationReceived: "explained",
    words.CaseDecided: "decided",
    words.CaseAppealed: "appealed",
    words.AppealDecided: "decided on appeal",
    words.CaseClosed: "closed",
    words.CaseReopened: "reopened",
}
