"""One-time codes: good for a moment and once, guessing is slow, the seed lies sealed."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tenants import second_factor
from tenants.models import RecoveryCode, SecondFactor, User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HERE = {"address": "203.0.113.9"}


@pytest.fixture
def bob(db):
    return User.objects.create_user(email="bob@example.com", password="x", name="Bob")


@pytest.fixture
def otp(bob):
    """The app on Bob's phone."""
    return pyotp.TOTP(second_factor.begin(user=bob))


@pytest.fixture
def codes(bob, otp):
    """Bob's recovery codes; his second factor is on."""
    return second_factor.confirm(user=bob, code=otp.at(NOW), origin="", now=NOW, **HERE)


def check(bob, code, after=60):
    second_factor.check(user=bob, code=code, now=NOW + timedelta(seconds=after), **HERE)


def test_it_is_on_once_a_code_was_shown(bob, otp):
    assert not second_factor.has(bob)
    with pytest.raises(second_factor.WrongCode):
        second_factor.confirm(user=bob, code="000000", origin="", now=NOW, **HERE)
    assert not second_factor.has(bob)

    second_factor.confirm(user=bob, code=otp.at(NOW), origin="", now=NOW, **HERE)
    assert second_factor.has(bob)


def test_the_seed_stays_until_it_is_confirmed_and_is_never_shown_again(bob, otp, codes):
    with pytest.raises(second_factor.InvalidInput):
        second_factor.begin(user=bob)


def test_the_seed_is_sealed(bob, otp, codes):
    assert otp.secret.encode() not in bytes(SecondFactor.objects.get().sealed)


def test_a_code_is_good_once(bob, otp, codes):
    code = otp.at(NOW + timedelta(seconds=60))
    check(bob, f" {code[:3]} {code[3:]} ")
    with pytest.raises(second_factor.WrongCode):
        check(bob, code)


def test_the_first_code_can_not_be_replayed_at_the_log_in(bob, otp, codes):
    with pytest.raises(second_factor.WrongCode):
        check(bob, otp.at(NOW), after=10)


def test_a_code_of_before_the_last_used_one_is_refused(bob, otp, codes):
    check(bob, otp.at(NOW + timedelta(seconds=90)), after=60)
    with pytest.raises(second_factor.WrongCode):
        check(bob, otp.at(NOW + timedelta(seconds=60)), after=60)


@pytest.mark.parametrize(("off_by", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(bob, otp, codes, off_by, fits):
    code = otp.at(NOW + timedelta(seconds=300 + off_by))
    if fits:
        check(bob, code, after=300)
        return
    with pytest.raises(second_factor.WrongCode):
        check(bob, code, after=300)


@pytest.mark.parametrize(
    "nonsense", ["", "abc", "\uff11\uff12\uff13\uff14\uff15\uff16", "0" * 40, "ü"]
)
def test_nonsense_is_a_wrong_code(bob, codes, nonsense):
    with pytest.raises(second_factor.WrongCode):
        check(bob, nonsense)


def test_guessing_is_stopped(bob, otp, codes):
    for _ in range(8):
        with pytest.raises(second_factor.WrongCode):
            check(bob, "000000")
    with pytest.raises(second_factor.TooManyTries):
        check(bob, otp.at(NOW + timedelta(seconds=60)))


def test_a_recovery_code_is_good_once(bob, codes):
    assert len(set(codes)) == second_factor.CODES
    check(bob, codes[3].upper().replace("-", " "))
    assert second_factor.codes_left(bob) == second_factor.CODES - 1
    with pytest.raises(second_factor.WrongCode):
        check(bob, codes[3])


def test_recovery_codes_are_kept_as_hashes(codes):
    kept = b"".join(bytes(each.digest) for each in RecoveryCode.objects.all())
    assert not any(code.replace("-", "").encode() in kept for code in codes)


def test_new_recovery_codes_replace_the_old(bob, codes):
    (first, *_) = second_factor.renew_codes(user=bob, origin="", now=NOW)
    with pytest.raises(second_factor.WrongCode):
        check(bob, codes[0])
    check(bob, first)


def test_one_persons_codes_are_of_no_use_to_another(bob, codes):
    eve = User.objects.create_user(email="eve@example.com", password="x")
    with pytest.raises(second_factor.WrongCode):
        check(eve, codes[0])


def test_switched_off_nothing_is_left(bob, codes):
    second_factor.switch_off(user=bob, origin="", now=NOW)
    assert not second_factor.has(bob)
    assert not RecoveryCode.objects.exists()


def test_the_picture_has_no_style_of_its_own(bob, otp):
    drawn = second_factor.picture(bob, otp.secret)
    assert drawn.startswith("<svg")
    assert "style" not in drawn
