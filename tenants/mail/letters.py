"""What the letters say. A kind is a function of what was put into the outbox, and two templates.

Composed by the worker, just before sending: so whether an account exists is looked up where nobody
can measure how long it takes, and links are as young as their letter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.template.loader import render_to_string

from tenants.contracts import LetterKind

Content = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to one person; ``facts`` is what its templates show."""

    to: str
    subject: str
    kind: LetterKind
    facts: Content = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The plain text."""
        return render_to_string(f"mail/{self.kind}.txt", self._shown()).strip() + "\n"

    @property
    def html(self) -> str:
        """The same as HTML."""
        return render_to_string(f"mail/{self.kind}.html", self._shown())

    def _shown(self) -> Content:
        return {**self.facts, "to": self.to, "subject": self.subject}


Composer = Callable[[Content, datetime], Letter | None]


def compose(kind: LetterKind, content: Content, *, now: datetime) -> Letter | None:
    """The letter, or ``None`` when there is nobody to write to."""
    return COMPOSERS[kind](content, now)


def _invitation(content: Content, now: datetime) -> Letter:
    return Letter(
        to=content["to"],
        subject=f"{content['inviter']} invites you to {content['organisation']} on Touchstone",
        kind=LetterKind.INVITATION,
        facts=content,
    )


def _join(content: Content, now: datetime) -> Letter:
    return Letter(
        to=content["to"],
        subject=f"Join {content['organisation']} on Touchstone",
        kind=LetterKind.JOIN,
        facts=content,
    )


def _password_reset(content: Content, now: datetime) -> Letter | None:
    """A link for the account of the address; no account, no letter."""
    from tenants import passwords
    from tenants.models import User

    user = User.objects.filter(email=content["to"], is_active=True).first()
    if user is None:
        return None
    link = content["reset_at"].replace(passwords.PLACE, passwords.path_of(user))
    return Letter(
        to=user.email,
        subject="Choose a new password for Touchstone",
        kind=LetterKind.PASSWORD_RESET,
        facts={"name": user.name, "link": link, "minutes": str(passwords.MINUTES)},
    )


def _notice(content: Content, now: datetime) -> Letter | None:
    """Something happened to an account; no account, no letter."""
    from tenants.models import User

    user = User.objects.filter(email=content["to"], is_active=True).first()
    if user is None:
        return None
    return Letter(
        to=user.email,
        subject=content["subject"],
        kind=LetterKind.NOTICE,
        facts={"name": user.name, **content},
    )


def _sign_ins_failed(content: Content, now: datetime) -> Letter | None:
    """The account's door was closed; written to the logs of its tenants before it is told."""
    from tenants import signins
    from tenants.models import User

    user = User.objects.filter(email=content["to"], is_active=True).first()
    if user is None:
        return None
    at = datetime.fromisoformat(content["at"])
    signins.record_failures(
        user=user, origin=content["origin"], at=at, key=f"failed {user.pk} {content['at']}"
    )
    return _notice(content, now)


COMPOSERS: dict[LetterKind, Composer] = {
    LetterKind.INVITATION: _invitation,
    LetterKind.JOIN: _join,
    LetterKind.PASSWORD_RESET: _password_reset,
    LetterKind.NOTICE: _notice,
    LetterKind.SIGN_INS_FAILED: _sign_ins_failed,
}
