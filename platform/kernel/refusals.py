"""What a mail server's refusal means. Pure."""

import smtplib


def final(error: Exception) -> bool:
    """Whether the mail server said that trying again is of no use (RFC 5321 §4.2.1: 5yz).

    Credentials it does not take are our mistake, not the letter's: the letter waits for the repair.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False


def reason(error: Exception) -> str:
    """What went wrong, without the address it went wrong for."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"recipient refused ({', '.join(map(str, codes))})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"mail server answered {error.smtp_code}"
    return f"mail server not reached ({type(error).__name__})"
