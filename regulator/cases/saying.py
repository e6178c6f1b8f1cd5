"""A case's steps and decisions in words, as pages and papers say them. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from regulator import contracts_cases as words
from regulator.contracts_cases import AppealResult, Decision, Outcome, Step
from regulator.money import said

Lines = list[tuple[str, str]]

OUTCOMES = {
    Outcome.NO_BREACH: "No breach",
    Outcome.WARNING: "Warning",
    Outcome.FINE: "Fine",
    Outcome.LICENCE_MEASURE: "Licence measure",
}
RESULTS = {
    AppealResult.DISMISSED: "Dismissed: the decision stands",
    AppealResult.ALLOWED: "Allowed: the decision falls",
    AppealResult.VARIED: "Varied: the decision is another",
}


def decided(decision: Decision) -> str:
    """A decision in a line: "Fine of 1,234.50 EUR"."""
    name = OUTCOMES[decision.outcome]
    if decision.amount is not None:
        return f"{name} of {said(decision.amount, decision.currency)}"
    return f"{name}: {decision.measure}" if decision.measure else name


def details(step: Step, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a step says beyond its name: (label, text); an empty label for plain words."""
    return _DETAILS[type(step)](step, names)


def _day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def _settled(step: words.AppealDecided) -> Lines:
    now = [("Decision now", decided(step.decision))] if step.decision else []
    return [("The appeal is", RESULTS[step.result]), *now, ("", step.reasons)]


_DETAILS: dict[type[Step], Callable[[Any, Mapping[str, str]], Lines]] = {
    words.CaseOpened: lambda step, _: [("About", each.title) for each in step.about],
    words.CaseAssigned: lambda step, names: [
        ("To", names.get(step.officer) or f"former member {step.officer[:8]}")
    ],
    words.CaseNoted: lambda step, _: [("", step.text)],
    words.ExplanationRequested: lambda step, _: [("By", _day(step.due)), ("", step.question)],
    words.ExplanationReceived: lambda step, _: [("Came on", _day(step.received)), ("", step.text)],
    words.CaseDecided: lambda step, _: [
        ("Decision", decided(step.decision)), ("", step.decision.reasons),
    ],
    words.CaseAppealed: lambda step, _: [("Lodged on", _day(step.lodged)), ("", step.grounds)],
    words.AppealDecided: lambda step, _: _settled(step),
    words.CaseClosed: lambda step, _: [("", step.reasons)],
    words.CaseReopened: lambda step, _: [("", step.reasons)],
}  # fmt: skip
