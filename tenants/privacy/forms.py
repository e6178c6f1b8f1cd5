"""What people type: a person's request, a step."""

from typing import Any

from django import forms

from tenants.privacy.contracts import Kind, Reason, Step
from tenants.privacy.policy import LONGEST_DAYS, SHORTEST_DAYS

ID_KINDS = (
    ("user", "user id"),
    ("anonymous", "anonymous id"),
    ("subject", "pseudonym"),
)
REASONS = {
    Reason.COMPLEX: "it is complex",
    Reason.IDENTITY_UNPROVEN: "the person could not be identified",
    Reason.UNFOUNDED: "it is unfounded or excessive",
    Reason.LEGAL_OBLIGATION: "a law demands that the data is kept",
    Reason.NOT_FOUND: "nothing is held about the person",
}


class RequestForm(forms.Form):
    """A request as it came in."""

    kind = forms.ChoiceField(choices=[(str(kind), kind.title()) for kind in Kind])
    id_kind = forms.ChoiceField(label="Known by", choices=ID_KINDS)
    value = forms.CharField(
        label="Id",
        max_length=500,
        help_text="Turned into a pseudonym at once; the id itself is not kept.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    received_on = forms.DateField(
        label="Received on", widget=forms.DateInput(attrs={"type": "date"})
    )
    reference = forms.RegexField(
        r"^[A-Za-z0-9#/-]{0,40}$",
        label="Your reference",
        required=False,
        help_text="A ticket's number. No names: it stays in the log.",
    )


class StepForm(forms.Form):
    """A step of a request."""

    step = forms.ChoiceField(
        choices=[
            (str(step), step)
            for step in (Step.IDENTITY_CHECKED, Step.EXTENDED, Step.COMPLETED, Step.REFUSED)
        ]
    )
    reason = forms.ChoiceField(
        required=False, choices=[("", ""), *((str(each), text) for each, text in REASONS.items())]
    )

    def chosen(self) -> dict[str, Any]:
        """The step and its reason."""
        return {"step": Step(self.cleaned_data["step"]), "reason": self.cleaned_data["reason"]}


def _before(purpose: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=f"{purpose}, before a person decides",
        choices=[("True", "allowed until a no"), ("False", "not allowed until a yes")],
        coerce=lambda text: text == "True",
    )


class PolicyForm(forms.Form):
    """How long events are kept, and what holds before a person decides."""

    retention_days = forms.IntegerField(
        label="Keep events for, in days",
        required=False,
        min_value=SHORTEST_DAYS,
        max_value=LONGEST_DAYS,
        help_text="What people did before that is dropped. Empty keeps everything for good.",
    )
    analytics = _before("Analytics")
    marketing = _before("Marketing")
    personalisation = _before("Personalisation")
