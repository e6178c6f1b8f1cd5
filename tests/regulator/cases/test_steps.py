"""No sequence of steps leads where a case can't be."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator import contracts_cases as words
from regulator.cases import steps
from regulator.cases.steps import Case, State, StepIncomplete, StepRefused
from regulator.contracts_cases import About, AboutKind, AppealResult, Decision, Outcome

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
ABOUT = About(kind=AboutKind.ANOMALY, id="a-1", title="Silent for 9 h", operator="lucky")
SHARED = {"case": "1", "operator": "lucky", "actor": "a" * 32}
KINDS = tuple(steps._VERB)

decisions = st.builds(
    Decision,
    outcome=st.sampled_from(list(Outcome)),
    reasons=st.sampled_from(["", "Because."]),
    amount=st.sampled_from([None, 0, 5_000]),
    currency=st.sampled_from(["", "EUR"]),
    measure=st.sampled_from(["", "Suspended for a week"]),
)
texts = st.sampled_from(["", " ", "Because.", "x" * (steps.LONGEST_TEXT + 1)])
days = st.integers(-3, 400).map(lambda number: BEGIN.date() + timedelta(days=number))


def step_of(kind, draw, number):
    """A step of ``kind`` with whatever somebody may type."""
    shared = {**SHARED, "step": number}
    fields = {
        words.CaseOpened: lambda: {"number": 1, "title": draw(texts), "about": (ABOUT,)},
        words.CaseAssigned: lambda: {"officer": draw(st.sampled_from(["b" * 32, "c" * 32]))},
        words.CaseNoted: lambda: {"text": draw(texts)},
        words.ExplanationRequested: lambda: {"question": draw(texts), "due": draw(days)},
        words.ExplanationReceived: lambda: {"text": draw(texts), "received": draw(days)},
        words.CaseDecided: lambda: {"decision": draw(decisions)},
        words.CaseAppealed: lambda: {"grounds": draw(texts), "lodged": draw(days)},
        words.AppealDecided: lambda: {
            "result": draw(st.sampled_from(list(AppealResult))), "reasons": draw(texts),
            "decision": draw(st.none() | decisions),
        },
        words.CaseClosed: lambda: {"reasons": draw(texts)},
        words.CaseReopened: lambda: {"reasons": draw(texts)},
    }  # fmt: skip
    return kind(**shared, **fields[kind]())


def sound(case: Case, today: date) -> bool:
    """What holds of every case, however it got there."""
    decided = case.state in (State.DECIDED, State.APPEALED, State.SETTLED, State.CLOSED)
    return (
        (case.decision is not None) == decided
        and (case.due is not None) == (case.state is State.AWAITING)
        and (case.decision is None or bool(case.decision.reasons.strip()))
        and (
            case.decision is None
            or (case.decision.outcome is Outcome.FINE) == (case.decision.amount is not None)
        )
        and (
            words.CaseDecided not in steps.possible(case, today) or not steps._unheard(case, today)
        )
    )


@given(st.data())
def test_no_sequence_of_steps_reaches_an_impossible_state(data):
    case, today, taken = None, BEGIN, []
    for _ in range(data.draw(st.integers(1, 25))):
        today += timedelta(days=data.draw(st.integers(0, 40)))
        step = step_of(data.draw(st.sampled_from(KINDS)), data.draw, 1 + len(taken))
        allowed = () if case is None else steps.possible(case, today.date())
        try:
            steps.check(case, step, today.date())
        except StepRefused:
            assert case is None or type(step) not in allowed or type(step) is words.CaseAssigned
            continue
        except StepIncomplete:
            continue
        assert case is None or type(step) in allowed
        case = steps.after(case, step, today)
        taken.append((today, step))
        assert sound(case, today.date())
        assert (case.steps, case.changed_at) == (len(taken), today)
    assert steps.replay(taken) == case
    assert case is None or msgspec.convert(msgspec.to_builtins(case), Case) == case


def walk(*kinds_and_fields):
    """A case after these steps, a day each, checked."""
    case, now = None, BEGIN
    opened = (words.CaseOpened, {"number": 1, "title": "Silence", "about": (ABOUT,)})
    for number, (kind, fields) in enumerate((opened, *kinds_and_fields), start=1):
        step = kind(**SHARED, step=number, **fields)
        steps.check(case, step, now.date())
        case = steps.after(case, step, now)
        now += timedelta(days=1)
    return case


FINE = Decision(outcome=Outcome.FINE, reasons="It hid stakes.", amount=5_000, currency="EUR")
DECIDED = (words.CaseDecided, {"decision": FINE})
APPEALED = (words.CaseAppealed, {"grounds": "Too much.", "lodged": date(2026, 3, 4)})


@pytest.mark.parametrize(
    ("result", "decision", "holds"),
    [
        (AppealResult.DISMISSED, None, FINE),
        (AppealResult.ALLOWED, None, Decision(outcome=Outcome.NO_BREACH, reasons="So.")),
        (AppealResult.VARIED, msgspec.structs.replace(FINE, amount=100), None),
    ],
)
def test_an_appeal_leaves_replaces_or_lifts_the_decision(result, decision, holds):
    settled = (
        words.AppealDecided, {"result": result, "reasons": "So.", "decision": decision},
    )  # fmt: skip
    case = walk(DECIDED, APPEALED, settled)

    assert case.state is State.SETTLED
    assert case.decision == (holds or decision)


def test_nothing_is_decided_before_the_operator_was_heard():
    asked = (words.ExplanationRequested, {"question": "Why?", "due": date(2026, 3, 10)})
    case = walk(asked)
    step = words.CaseDecided(**SHARED, step=3, decision=FINE)

    with pytest.raises(StepRefused, match="until 2026-03-10"):
        steps.check(case, step, date(2026, 3, 10))
    assert not case.overdue(date(2026, 3, 10))
    steps.check(case, step, date(2026, 3, 11))
    assert case.overdue(date(2026, 3, 11))


def test_a_reopened_case_has_no_decision_and_can_be_decided_again():
    again = (words.CaseReopened, {"reasons": "New records."})
    case = walk(DECIDED, (words.CaseClosed, {"reasons": "Paid."}), again)

    assert (case.state, case.decision) == (State.OPEN, None)
    assert words.CaseDecided in steps.possible(case, BEGIN.date())


def test_a_case_is_about_one_operator():
    other = msgspec.structs.replace(ABOUT, operator="other")
    opened = words.CaseOpened(**SHARED, step=1, number=1, title="Two", about=(ABOUT, other))
    with pytest.raises(StepIncomplete):
        steps.check(None, opened, BEGIN.date())
