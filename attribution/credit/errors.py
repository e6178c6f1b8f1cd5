"""The one failure of the numerics: input that has no credit to compute."""

from kernel.errors import InvalidInput


class CreditError(InvalidInput):
    """Paths, a model or a parameter that can't be used; the sentence says which and where."""

    code = "invalid_credit_input"
    title = "The paths can't be attributed"
