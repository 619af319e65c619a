"""Extension of an item's time (行政许可法 art. 42): once, by whom the law names, for a reason told.

20 days may become 30 with the approval of the department's head, 45 become 60 with that of the
government's; the applicant is told why. What a special law counts has what that law allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.errors import Conflict, Invalid
from engine.rules.catalogue import Item
from engine.rules.handling import TIMES

#: the role that approves: of a department, or of the government where bound to none
HEAD = "head"
GOVERNMENT = ""


class ExtensionState(StrEnum):
    """What has become of a request."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"


class AlreadyExtended(Conflict):
    """The item's time has been extended, or that was asked for: it may be once."""

    remedy = "Decide the request that is open; a time that was extended cannot be again."


class NotExtendable(Conflict):
    """The law that gives the item its time knows no extension."""

    remedy = "Decide within the time there is."


class TooLate(Conflict):
    """The time has run out: there is nothing left to extend."""

    remedy = "Decide now; a time that has ended cannot be extended."


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approves: the head of a department, or ('') of the government; and which law says so."""

    department: str
    source: str


def approver(item: Item) -> Approver:
    """Return who approves an item's extension."""
    time = TIMES[item.handling]
    source = time.source if item.special_extension_days is None else item.legal_basis
    return Approver(GOVERNMENT if time.government else item.department, source)


def check_extendable(item: Item, *, asked_before: bool) -> None:
    """Raise NotExtendable, or AlreadyExtended where this attempt has a request or an extension."""
    if not item.extension_days:
        text = f"{item.id}: its law ({item.legal_basis or 'a special one'}) knows no extension"
        raise NotExtendable(text, item=item.id)
    if asked_before:
        text = f"{item.id}: an extension was asked for before; there is one an application"
        raise AlreadyExtended(text, item=item.id)


def check_request(item: Item, days: int, reason: str, notice: str) -> None:
    """Raise Invalid where an extension is too long, or not told with its reason."""
    most = item.extension_days
    if not 1 <= days <= most:
        text = f"{item.id} may be extended by 1 to {most} {item.unit} days, not {days}"
        raise Invalid(text, field="days", most=most)
    if not reason.strip():
        raise Invalid("the applicant is told the reason of an extension", field="reason")
    if not notice.strip():
        text = "an extension needs the reference of the written notice to the applicant"
        raise Invalid(text, field="notice")


def check_in_time(last_on: date | None, as_of_on: date, item: str) -> None:
    """Raise TooLate where the last day of a time has passed.

    `as_of_on` is today, or the day the clock stopped where it stands still.
    """
    if last_on is not None and last_on < as_of_on:
        text = f"{item} was due on {last_on}; what has ended cannot be extended"
        raise TooLate(text, item=item, due_on=str(last_on))
