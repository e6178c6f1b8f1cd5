"""The second factor: one-time codes of an app (TOTP, RFC 6238), and recovery codes for lost phones.

The seed is sealed under the master key, recovery codes are kept as hashes. A code is good for its
half minute and the ones beside it, and once: the step it stood for is written down with it.
"""

import hashlib
import secrets
from datetime import datetime

import pyotp
import segno
from django.db import transaction

from kernel.errors import InvalidInput
from tenants import acts, sealing, throttle
from tenants.contracts import LetterKind, SecondFactorChanged
from tenants.mail import outbox
from tenants.models import RecoveryCode, SecondFactor, Tenant, User

STEP_SECONDS = 30
WINDOW = 1
CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ISSUER = "Touchstone"


class WrongCode(InvalidInput):
    """The code is wrong, too old, or was used before."""

    code = "wrong_code"
    title = "This code does not fit"


class TooManyTries(InvalidInput):
    """Codes of this account were tried too often."""

    code = "too_many_tries"
    http_status = 429
    title = "Too many tries"


def has(user: User) -> bool:
    """Whether a log-in of ``user`` asks for a code."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(*, user: User) -> str:
    """The seed to be scanned, the same until it is confirmed; 160 random bits in base 32."""
    with transaction.atomic():
        factor, fresh = SecondFactor.objects.select_for_update().get_or_create(user=user)
        if factor.confirmed_at is not None:
            raise InvalidInput("There is a second factor already.")
        if fresh:
            sealed = sealing.seal(pyotp.random_base32().encode(), context=_context(user))
            SecondFactor.objects.filter(user=user).update(sealed=sealed)
            factor.sealed = sealed
    return _seed(factor)


def picture(user: User, seed: str) -> str:
    """The seed as a QR code: an SVG element without any style of its own."""
    address = pyotp.TOTP(seed).provisioning_uri(name=user.email, issuer_name=_ISSUER)
    drawn = segno.make(address, error="m")
    return str(drawn.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None))


def confirm(*, user: User, code: str, address: str, origin: str, now: datetime) -> list[str]:
    """Switch the second factor on with its first code; the recovery codes, shown this once.

    Raises ``WrongCode`` or ``TooManyTries``.
    """
    with _guessing(user, address):
        _use_code(user, code, now, confirmed=False)
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).update(confirmed_at=now)
        codes = _new_codes(user)
        _tell(user, "switched on", origin, now)
    return codes


def check(*, user: User, code: str, address: str, now: datetime) -> None:
    """Use up a code of the app or a recovery code. Raises ``WrongCode`` or ``TooManyTries``."""
    with _guessing(user, address):
        if not _use_recovery(user, code, now):
            _use_code(user, code, now, confirmed=True)


@transaction.atomic
def switch_off(*, user: User, origin: str, now: datetime) -> None:
    """Log in with the password alone from now on."""
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    _tell(user, "switched off", origin, now)


@transaction.atomic
def renew_codes(*, user: User, origin: str, now: datetime) -> list[str]:
    """New recovery codes in place of all earlier ones."""
    codes = _new_codes(user)
    _tell(user, "given new recovery codes", origin, now)
    return codes


def codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


class _guessing:  # noqa: N801  # used as a word: ``with _guessing(user, address)``
    """Count wrong codes, and refuse to look at any after too many."""

    def __init__(self, user: User, address: str) -> None:
        self._who = {"email": user.email, "address": address, "purpose": "code"}

    def __enter__(self) -> None:
        if throttle.blocked(**self._who):
            raise TooManyTries("Too many wrong codes. Wait a quarter of an hour.")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, WrongCode):
            throttle.note_failure(**self._who)
        elif kind is None:
            throttle.forgive(email=self._who["email"], purpose="code")


def _use_code(user: User, code: str, now: datetime, *, confirmed: bool) -> None:
    """Accept the code's step when it is newer than the last one used, and write it down."""
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None or (factor.confirmed_at is not None) != confirmed:
        raise WrongCode("This code does not fit.")
    step = _step_of(_seed(factor), code, now)
    newer = SecondFactor.objects.filter(user=user, last_step__lt=step if step else 0)
    if step is None or not newer.update(last_step=step):
        raise WrongCode("This code does not fit, or was used already: wait for the next one.")


def _step_of(seed: str, code: str, now: datetime) -> int | None:
    """The step a code stands for, of the present one and those beside it; ``None`` for none."""
    given = "".join(code.split())
    present = int(now.timestamp()) // STEP_SECONDS
    otp, found = pyotp.TOTP(seed, interval=STEP_SECONDS), None
    for step in range(present - WINDOW, present + WINDOW + 1):
        fits = secrets.compare_digest(otp.generate_otp(step).encode(), given.encode())
        found = step if fits else found  # all are looked at: time tells nothing
    return found


def _use_recovery(user: User, code: str, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(code), used_at=None)
    return bool(unused.update(used_at=now))


def _new_codes(user: User) -> list[str]:
    """Codes of 16 letters and digits, about 79 bits: too many to be guessed from their hashes."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(16)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(code)) for code in codes
    )
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def _digest(code: str) -> bytes:
    plain = "".join(each for each in code.lower() if each.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()


def _seed(factor: SecondFactor) -> str:
    opened = sealing.unseal(bytes(factor.sealed), context=f"second factor {factor.user_id}")
    return opened.decode()


def _context(user: User) -> str:
    return f"second factor {user.pk}"


def _tell(user: User, what: str, origin: str, now: datetime) -> None:
    """In the log of each tenant of the account, and by letter to its owner."""
    for tenant in Tenant.objects.filter(memberships__user=user).exclude(provisioned_at=None):
        act = SecondFactorChanged(actor=acts.pseudonym(tenant, user), change=what)
        acts.record(tenant, act, now=now, origin=origin)
    content = {
        "to": user.email,
        "subject": f"Your Touchstone second factor was {what}",
        "what": f"The second factor of {user.email} was {what} on {now:%-d %B %Y at %H:%M} UTC.",
        "advice": "Was it not you? Choose a new password at once, and tell an owner.",
    }
    outbox.put(LetterKind.NOTICE, content, now=now)
