"""The published words of fraud."""

from enum import StrEnum


class FraudType(StrEnum):
    """The kinds of fraud of the field that installs can show."""

    CLICK_INJECTION = "click_injection"
    INSTALL_HIJACK = "install_hijack"
    CLICK_FLOODING = "click_flooding"
    CLICK_SPAM = "click_spam"
