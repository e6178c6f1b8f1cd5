"""A case's steps and decisions in words, as pages and papers say them. Pure."""

from collections.abc import Mapping

from regulator import contracts_cases as words
from regulator.contracts_cases import AppealResult, Decision, Outcome, Step
from regulator.money import said

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
    match step:
        case words.CaseOpened():
            return [("About", each.title) for each in step.about]
        case words.CaseAssigned():
            return [("To", names.get(step.officer) or f"former member {step.officer[:8]}")]
        case words.CaseNoted():
            return [("", step.text)]
        case words.ExplanationRequested():
            return [("By", f"{step.due:%-d %b %Y}"), ("", step.question)]
        case words.ExplanationReceived():
            return [("Came on", f"{step.received:%-d %b %Y}"), ("", step.text)]
        case words.CaseDecided():
            return [("Decision", decided(step.decision)), ("", step.decision.reasons)]
        case words.CaseAppealed():
            return [("Lodged on", f"{step.lodged:%-d %b %Y}"), ("", step.grounds)]
        case words.AppealDecided():
            now = [("Decision now", decided(step.decision))] if step.decision else []
            return [("The appeal is", RESULTS[step.result]), *now, ("", step.reasons)]
        case words.CaseClosed() | words.CaseReopened():
            return [("", step.reasons)]
    return []
