"""What people type about an operator."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kernel.errors import InvalidInput
from regulator.contracts import GameType, Rates, Terms
from regulator.money import digits
from regulator.operators import rules
from tenants.rules import CURRENCIES

GAMES = {
    GameType.SLOTS: "slot machines",
    GameType.TABLE: "roulette, blackjack and other tables",
    GameType.SPORTS: "bets on sports and races",
    GameType.POKER: "poker against other players",
    GameType.BINGO: "bingo",
    GameType.LOTTERY: "lotteries",
}


class TermsForm(forms.Form):
    """An operator's entry; its short name and currency are asked for once."""

    operator = forms.CharField(
        max_length=40,
        label="Short name",
        help_text="In returns and addresses, like lucky-games. It can't be changed later.",
    )
    name = forms.CharField(max_length=120, label="Name")
    licence = forms.CharField(max_length=60, label="Licence number")
    licensed_from = forms.DateField(
        label="Licensed from", widget=forms.DateInput(attrs={"type": "date"})
    )
    licensed_until = forms.DateField(
        label="Licensed until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty while there is no end.",
    )
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES])
    game_types = forms.MultipleChoiceField(
        label="Licensed for",
        choices=[(str(each), text) for each, text in GAMES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    rates = forms.CharField(
        label="Tax",
        required=False,
        max_length=4_000,
        help_text="A line from each day on: 2026-01-01 ggr 15% above 0, 20% above 1000000."
        " GGR or stakes; thresholds in whole units for each return.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the rates, whose thresholds are in the currency."""
        cleaned: dict[str, Any] = super().clean() or {}
        scale = 10 ** digits(cleaned.get("currency", "EUR"))
        try:
            cleaned["read_rates"] = rules.read_rates(cleaned.get("rates", ""), scale)
        except InvalidInput as error:
            raise ValidationError({"rates": error.detail}) from None
        return cleaned

    def values(self) -> dict[str, Any]:
        """The entry's fields."""
        given = self.cleaned_data
        rates: tuple[Rates, ...] = given["read_rates"]
        return {
            "operator": given["operator"].strip(), "name": given["name"].strip(),
            "licence": given["licence"].strip(), "licensed_from": given["licensed_from"],
            "licensed_until": given["licensed_until"], "currency": given["currency"],
            "game_types": tuple(given["game_types"]), "rates": rates,
        }  # fmt: skip

    @staticmethod
    def initial_of(entry: Terms) -> dict[str, Any]:
        """What the form shows of an entry."""
        return {
            "operator": entry.operator, "name": entry.name, "licence": entry.licence,
            "licensed_from": entry.licensed_from, "licensed_until": entry.licensed_until,
            "currency": entry.currency, "game_types": list(entry.game_types),
            "rates": rules.write_rates(entry.rates, 10 ** digits(entry.currency)),
        }  # fmt: skip
