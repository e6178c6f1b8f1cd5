"""What people type about cases: a form for each step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from kernel.errors import InvalidInput
from regulator import contracts_cases as words
from regulator.cases.saying import OUTCOMES, RESULTS
from regulator.contracts_cases import AppealResult, Decision, Outcome, Step
from regulator.money import minor

_LONGEST = 20_000


def _words(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class StepForm(forms.Form):
    """A step as people type it. ``currency`` is the operator's, ``officers`` who may get a case."""

    def __init__(
        self, *args: Any, currency: str = "EUR", officers: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.currency, self.officers = currency, dict(officers or {})
        self.ready()

    def ready(self) -> None:
        """What the fields offer that only the case knows."""

    def values(self) -> dict[str, Any]:
        """The step's fields of checked input; raises ``InvalidInput``."""
        return dict(self.cleaned_data)


class AssignForm(StepForm):
    """To whom."""

    def ready(self) -> None:
        """Offer those who may decide cases."""
        choices = list(self.officers.items())
        self.fields["officer"] = forms.ChoiceField(label="Officer", choices=choices)


class NoteForm(StepForm):
    """A note."""

    text = _words("Note", "Stays in the case, with your name and the time.")


class RequestForm(StepForm):
    """What the operator is asked, and until when."""

    question = _words("What the operator is to explain")
    due = _day("By", "Nothing is decided before this day has passed or the explanation came.")


class ReceiveForm(StepForm):
    """What the operator said."""

    text = _words("The operator's explanation", "In its own words.", rows=6)
    received = _day("It came on")


class _Decides(StepForm):
    """A decision; a fine's amount is in whole units, like 1234.50."""

    amount = forms.CharField(label="Amount", required=False, max_length=20)
    measure = forms.CharField(
        label="Measure", required=False, max_length=400,
        help_text="Of a licence measure: which, and for how long.",
    )  # fmt: skip

    def ready(self) -> None:
        """Say the currency."""
        self.fields["amount"].help_text = f"Of a fine, in {self.currency}: 1234.50."

    def decision(self) -> Decision:
        """What was decided; what another outcome would need is left out."""
        given = self.cleaned_data
        outcome = Outcome(given["outcome"])
        amount = None
        if outcome is Outcome.FINE:
            try:
                amount = minor(given["amount"] or "0", self.currency)
            except InvalidInput as error:
                raise type(error)(error.detail, field="amount") from None
        return Decision(
            outcome=outcome, reasons=given["reasons"], amount=amount,
            currency=self.currency if amount is not None else "",
            measure=given["measure"] if outcome is Outcome.LICENCE_MEASURE else "",
        )  # fmt: skip


class DecideForm(_Decides):
    """The decision."""

    outcome = forms.ChoiceField(
        label="Decision", choices=[(str(each), text) for each, text in OUTCOMES.items()]
    )
    reasons = _words("Reasons", rows=6)
    field_order = ("outcome", "amount", "measure", "reasons")

    def values(self) -> dict[str, Any]:
        """The step's fields."""
        return {"decision": self.decision()}


class AppealForm(StepForm):
    """The operator's appeal."""

    grounds = _words("On what grounds", rows=6)
    lodged = _day("Lodged on")


class SettleForm(_Decides):
    """The appeal's decision."""

    result = forms.ChoiceField(
        label="The appeal is", choices=[(str(each), text) for each, text in RESULTS.items()]
    )
    outcome = forms.ChoiceField(
        label="If varied, the decision is now",
        choices=[(str(each), text) for each, text in OUTCOMES.items()],
    )
    reasons = _words("Reasons", rows=6)
    field_order = ("result", "outcome", "amount", "measure", "reasons")

    def values(self) -> dict[str, Any]:
        """The step's fields."""
        result = AppealResult(self.cleaned_data["result"])
        varied = self.decision() if result is AppealResult.VARIED else None
        return {"result": result, "reasons": self.cleaned_data["reasons"], "decision": varied}


class CloseForm(StepForm):
    """Why nothing is left to be done."""

    reasons = _words("Why it is closed", "The fine is paid, the appeal's time has passed, …")


class ReopenForm(StepForm):
    """Why it is examined again."""

    reasons = _words("Why it is examined again", "Its decision holds no more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as the page offers it: its name in forms, what the button says."""

    name: str
    kind: type[Step]
    form: type[StepForm]
    title: str
    button: str


ASKED = {
    each.name: each
    for each in (
        Asked(name="assign", kind=words.CaseAssigned, form=AssignForm, title="Assign it",
              button="Assign"),
        Asked(name="note", kind=words.CaseNoted, form=NoteForm, title="Write a note",
              button="Keep the note"),
        Asked(name="request", kind=words.ExplanationRequested, form=RequestForm,
              title="Request an explanation", button="Request it"),
        Asked(name="receive", kind=words.ExplanationReceived, form=ReceiveForm,
              title="Enter the explanation", button="Enter it"),
        Asked(name="decide", kind=words.CaseDecided, form=DecideForm, title="Decide",
              button="Decide"),
        Asked(name="appeal", kind=words.CaseAppealed, form=AppealForm, title="Enter an appeal",
              button="Enter it"),
        Asked(name="settle", kind=words.AppealDecided, form=SettleForm,
              title="Enter the appeal's decision", button="Enter it"),
        Asked(name="close", kind=words.CaseClosed, form=CloseForm, title="Close it",
              button="Close the case"),
        Asked(name="reopen", kind=words.CaseReopened, form=ReopenForm, title="Reopen it",
              button="Reopen the case"),
    )
}  # fmt: skip
"""The steps people take, by their name in forms."""
BY_KIND = {each.kind: each for each in ASKED.values()}


class OpenForm(forms.Form):
    """A new case: what it is called, what it is about (``about``: JSON), of which operator."""

    title = forms.CharField(
        label="Title", max_length=200, help_text="What the case is called in lists and papers."
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, operators: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"] = forms.ChoiceField(
            label="Operator", required=False, choices=list(operators.items())
        )
