"""What a site people come from can be."""

from enum import StrEnum


class Site(StrEnum):
    """What a referring site, or a campaign's source, is."""

    SEARCH = "search"
    SOCIAL = "social"
    VIDEO = "video"
    SHOPPING = "shopping"
    ASSISTANT = "assistant"
    MAIL = "mail"
    PAYMENT = "payment"
    SIGN_IN = "sign-in"
    OTHER = "other"


# People come back from these as part of a visit, not by a new one.
RETURNS = frozenset({Site.PAYMENT, Site.SIGN_IN})
