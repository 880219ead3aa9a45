"""The second step of a log-in: codes of an authenticator app (TOTP, RFC 6238), recovery codes.

No secret is stored. An app's secret is computed from the installation's key and a random seed in
the row, and of a recovery code a digest with that key is kept: the database alone gives nobody a
code (docs/decisions/0032-second-factor.md).
"""

import datetime as dt
import secrets
import unicodedata
from base64 import b32encode
from contextlib import contextmanager

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from commitments.actions.history import note, recorded
from commitments.models import Entry, SecondFactor

SALT = "commitments.second_factor"
SECONDS = 30
# Clocks of phones go wrong by this many steps before a code is refused.
DRIFT = 1
CODES = 10
# Nothing that is read as something else; twelve of them cannot be guessed.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
# So many wrong codes in a row are forgiven; then each doubles the time in which none is looked at.
FORGIVEN = 5
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(days=1)


class NoCodeTaken(Exception):
    """Too many wrong codes in a row: none is looked at until `until`."""

    def __init__(self, until):
        super().__init__()
        self.until = until


# --- Secrets that are computed --------------------------------------------------------------------


def new_seed():
    return secrets.token_hex(16)


def keys():
    """The installation's key, and former ones that still count while devices move to the new."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def secret_of(person, seed, *, key=None):
    """What the app is given, in the 32 letters and digits that apps take."""
    digest = salted_hmac(SALT, f"{person.pk}:{seed}", secret=key, algorithm="sha256").digest()
    return b32encode(digest[:20]).decode()


def step_of(person, seed, text, *, at):
    """The step of time whose code this is, or None."""
    now = int(at.timestamp()) // SECONDS
    for key in keys():
        totp = pyotp.TOTP(secret_of(person, seed, key=key), interval=SECONDS)
        for step in range(now - DRIFT, now + DRIFT + 1):
            if constant_time_compare(totp.generate_otp(step), as_typed(text)):
                return step
    return None


def digest_of(person, code, *, key=None):
    value = f"{person.pk}:{code}"
    return salted_hmac(f"{SALT}.code", value, secret=key, algorithm="sha256").hexdigest()


def as_typed(text):
    """A code however it was typed: in groups, in capitals, in full width."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(each for each in plain if each.isalnum())


def in_groups(text):
    return [text[start : start + 4] for start in range(0, len(text), 4)]


# --- Set up, log in, lose -------------------------------------------------------------------------


def set_up(person, *, seed, step, at):
    """Take a new device in place of any old one; gives the recovery codes, which nobody sees again.

    `step` is that of the code which proved that the app has the secret.
    """
    with changing(person, by=person, at=at) as (factor, records):
        factor = factor or SecondFactor(user=person)
        factor.seed, factor.set_up_at, factor.last_step = seed, at, step
        factor.wrong_in_a_row = 0
        codes = fill_codes(factor, at=at)
        factor.save()
        records.append(factor)
    return codes


def renew_codes(person, *, at):
    """Ten new recovery codes in place of the old ones."""
    with changing(person, by=person, at=at) as (factor, _records):
        codes = fill_codes(factor, at=at)
        factor.save()
    return codes


def reset(person, *, by, at, why=""):
    """Let somebody who has lost everything begin anew. The entry says who did it."""
    with changing(person, by=by, at=at, why=why) as (factor, _records):
        if factor is not None:
            factor.delete()


def takes(person, text, *, at):
    """Whether this is a code of the person's app or one for emergencies; then it is used up.

    Raises NoCodeTaken, whatever the code, after too many wrong ones. The row is locked: of two
    requests with one code, on two nodes, one is taken.
    """
    with changing(person, by=person, at=at) as (factor, _records):
        if factor is None:
            return False
        until = pause_ends(factor)
        is_paused = until is not None and at < until
        if not is_paused:
            is_right = use(factor, text, at=at)
            factor.wrong_in_a_row = 0 if is_right else factor.wrong_in_a_row + 1
            factor.wrong_at = None if is_right else at
            factor.save()
            if not is_right:
                note(Entry.Action.LOGIN_FAILED, by=None, at=at, record=person)
    if is_paused:
        raise NoCodeTaken(until)
    return is_right


def require(rule, *, by, at):
    """Save the rule: it holds at once, also for who is logged in already."""
    with recorded([rule], by=by, at=at):
        rule.save()


# --- Parts ----------------------------------------------------------------------------------------


@contextmanager
def changing(person, *, by, at, why=""):
    """The person's row, locked, with what becomes of it told in the history."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=person.pk).first()
        with recorded([factor] if factor else [], by=by, at=at, why=why) as records:
            yield factor, records


def fill_codes(factor, *, at):
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    factor.codes = [digest_of(factor.user, code) for code in codes]
    factor.codes_left, factor.codes_made_at = CODES, at
    return ["-".join(in_groups(code)) for code in codes]


def use(factor, text, *, at):
    """Whether a code is right and unused; the row is changed so that it is not taken again."""
    step = step_of(factor.user, factor.seed, text, at=at)
    if step is not None:
        is_new = step > factor.last_step
        factor.last_step = max(step, factor.last_step)
        return is_new
    possible = {digest_of(factor.user, as_typed(text), key=key) for key in keys()}
    left = [digest for digest in factor.codes if digest not in possible]
    if len(left) == len(factor.codes):
        return False
    factor.codes = left
    factor.codes_left = len(factor.codes)
    return True


def pause_ends(factor):
    beyond = factor.wrong_in_a_row - FORGIVEN
    if beyond < 0 or factor.wrong_at is None:
        return None
    # A doubling more than eleven is longer than a day anyway.
    return factor.wrong_at + min(FIRST_PAUSE * 2 ** min(beyond, 11), LONGEST_PAUSE)
