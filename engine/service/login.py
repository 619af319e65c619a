"""Logging in with a name and a password, and slowing down those who guess.

Failures are counted over a quarter of an hour by name and address together, by address, and
by name. The first limit stops a guesser without locking out the user elsewhere; the others
bound guessing from one address at many names, and from many addresses at one name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, func, insert, select

from engine.errors import LianshenError
from engine.service.passwords import matches
from engine.service.tokens import Unauthenticated, digest
from engine.service.work import Work
from engine.store import tables as t

WINDOW = timedelta(minutes=15)
#: failures allowed in the window, by what is counted
LIMITS = {"pair": 5, "address": 30, "name": 100}


class TooManyAttempts(LianshenError):
    """Too many logins have failed."""

    code = "too_many_attempts"
    remedy = "Wait as long as Retry-After says, then try again."


class WrongPassword(Unauthenticated):
    """The name or the password is wrong."""

    code = "wrong_password"
    remedy = "Check both; an administrator can set a new password."
    keep = True


def kept_hash(work: Work, name: str, address: str) -> str | None:
    """Return the hash to check a password against; None where nobody active has that name.

    Raises TooManyAttempts where too many logins have failed with that name or from there.
    """
    for subject, limit in subjects(name, address).items():
        refuse_beyond(work, subject, limit)
    chosen = select(t.user.c.password_hash).where(t.user.c.name == name, t.user.c.active)
    return work.db.execute(chosen).scalar()


def check(password: str, kept: str | None) -> bool:
    """Tell whether the password is right: slow by design, so outside any transaction."""
    return matches(password, kept)


def admit(work: Work, name: str, address: str) -> int:
    """Return the id of a user whose password was right, and forget their failures."""
    pair = next(iter(subjects(name, address)))
    work.db.execute(delete(t.login_attempt).where(t.login_attempt.c.subject == pair))
    chosen = select(t.user.c.id).where(t.user.c.name == name, t.user.c.active)
    identifier = work.db.execute(chosen).scalar()
    if identifier is None:
        raise WrongPassword
    return int(identifier)


def refuse(work: Work, name: str, address: str) -> None:
    """Count a failure. Raises WrongPassword, with what was counted kept."""
    rows = [{"subject": subject, "at": work.now} for subject in subjects(name, address)]
    work.db.execute(insert(t.login_attempt), rows)
    raise WrongPassword


def refuse_beyond(work: Work, subject: str, limit: int) -> None:
    """Raise TooManyAttempts, with the seconds to wait, where a limit is reached."""
    attempt = t.login_attempt.c
    recent = (attempt.subject == subject, attempt.at > work.now - WINDOW)
    failures, first_at = work.db.execute(
        select(func.count(), func.min(attempt.at)).where(*recent)
    ).one()
    if failures >= limit:
        raise TooManyAttempts(retry_after=seconds_left(first_at, work.now))


def seconds_left(first_at: datetime, now: datetime) -> int:
    """Return in how many seconds the oldest failure counted no longer counts."""
    return max(1, int((first_at + WINDOW - now).total_seconds()) + 1)


def subjects(name: str, address: str) -> Mapping[str, int]:
    """Return what failures are counted under, each with its limit; the first is the pair."""
    place = network(address)
    hashed = digest(name)
    return {
        f"pair:{hashed}:{place}": LIMITS["pair"],
        f"address:{place}": LIMITS["address"],
        f"name:{hashed}": LIMITS["name"],
    }


def network(address: str) -> str:
    """Return an address as it is counted: a whole /64 of IPv6 belongs to one customer."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def forget(work: Work, before: datetime) -> int:
    """Delete failures older than an instant; returns how many."""
    return work.db.execute(delete(t.login_attempt).where(t.login_attempt.c.at < before)).rowcount
