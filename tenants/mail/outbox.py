"""The outbox: a letter is a row in the transaction of what caused it, and leaves after it.

Claiming a letter sets the time of its next try before the first word is spoken to the mail server,
so no transaction waits for a server, and a worker that dies leaves the letter to the next. At least
once, therefore; the Message-ID is the same each time.
"""

import smtplib
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction

from kernel import refusals
from tenants import sealing
from tenants.contracts import LetterKind
from tenants.mail.letters import Content, Letter, compose
from tenants.models import Invitation, Mail

ATTEMPTS = 7
FIRST_WAIT = timedelta(seconds=30)
_CLAIM = """
UPDATE public.tenants_mail SET attempts = attempts + 1,
       next_at = %(now)s + make_interval(secs => %(first)s * power(4, attempts))
WHERE id = (SELECT id FROM public.tenants_mail
            WHERE sent_at IS NULL AND failed_at IS NULL AND next_at <= %(now)s
            ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def put(
    kind: LetterKind, content: Content, *, now: datetime, invitation: Invitation | None = None
) -> None:
    """Keep a letter to be written; the worker is told once the present transaction is through."""
    mail = Mail.objects.create(
        kind=kind, sealed=b"", created_at=now, next_at=now, invitation=invitation
    )
    sealed = sealing.seal(msgspec.json.encode(content), context=_context(mail))
    Mail.objects.filter(pk=mail.pk).update(sealed=sealed)
    transaction.on_commit(_wake)


def deliver(*, now: datetime, limit: int = 100) -> int:
    """Send what is due, at most ``limit`` letters; returns how many left."""
    sent = 0
    for _ in range(limit):
        mail = _claim(now)
        if mail is None:
            break
        sent += _deliver(mail, now)
    return sent


def _claim(now: datetime) -> Mail | None:
    """The next letter that is due, its next try already set."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "first": FIRST_WAIT.total_seconds()})
        row = cursor.fetchone()
    return Mail.objects.get(pk=row[0]) if row else None


def _deliver(mail: Mail, now: datetime) -> bool:
    content = msgspec.json.decode(
        sealing.unseal(bytes(mail.sealed), context=_context(mail)), type=Content
    )
    letter = compose(LetterKind(mail.kind), content, now=now)
    try:
        if letter is not None:
            _send(letter, mail)
    except (smtplib.SMTPException, OSError) as error:
        _not_now(mail, error, now)
        return False
    Mail.objects.filter(pk=mail.pk).update(sent_at=now, sealed=b"", failure="")
    return letter is not None


def _send(letter: Letter, mail: Mail) -> None:
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={
            "Message-ID": f"<letter-{mail.pk}-{mail.created_at:%H%M%S%f}@{settings.BASE_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(letter.html, "text/html")
    message.send()


def _not_now(mail: Mail, error: Exception, now: datetime) -> None:
    """Note why; give up when the server refused for good, or after the last try."""
    final = refusals.final(error) or mail.attempts >= ATTEMPTS
    changes = {"failed_at": now, "sealed": b""} if final else {}
    Mail.objects.filter(pk=mail.pk).update(failure=refusals.reason(error), **changes)


def _context(mail: Mail) -> str:
    return f"letter {mail.pk}"


def _wake() -> None:
    """Tell the worker; it looks by itself every while, so a queue that is gone costs a wait."""
    from kombu.exceptions import OperationalError

    from tenants.tasks import deliver_mail

    with suppress(OperationalError, OSError):
        deliver_mail.apply_async(retry=False, ignore_result=True)


def forget(*, before: datetime) -> None:
    """Drop the rows of letters that were done before then."""
    Mail.objects.filter(sent_at__lt=before).delete()
    Mail.objects.filter(failed_at__lt=before).delete()
