"""Passwords: argon2id hashes, checked in the same time whether or not the user exists.

Hashing takes tens of milliseconds and 64 MiB: it is done outside transactions, two at a time.
"""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid

SHORTEST = 8
#: longer ones cost time to hash and guard nothing more
LONGEST = 256

_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)


def hashed(password: str, name: str = "") -> str:
    """Return the argon2id hash of a new password.

    Raises Invalid where it is shorter than 8 characters, longer than 256 or the user's name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        text = f"a password has {SHORTEST} to {LONGEST} characters"
        raise Invalid(text, field="password")
    if password == name:
        raise Invalid("a password must not be the user's name", field="password")
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one whose hash is kept; takes its time without one, too."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@cache
def _nobodys() -> str:
    """Return a hash that no password is asked for: what an unknown name is checked against."""
    return _HASHER.hash("a name that nobody has")
