"""The one failure of the numerics: input that has no credit to compute."""

from kernel.errors import InvalidInput


class CreditError(InvalidInput):
    """Paths, a model's name or a parameter that can't be used; the sentence names what and where."""

    code = "invalid_credit_input"
    title = "The paths can't be attributed"
