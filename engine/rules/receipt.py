"""Receipt of an application: what the law asks of the window that takes it in (行政许可法 art. 32).

What is missing is told on the spot or within five days, **once**, and completely. Who is not told
in time has had the application accepted, from the day it was received.
"""

from __future__ import annotations

from datetime import date

from engine.errors import Conflict
from engine.rules.calendar import BusinessCalendar
from engine.rules.deadline import step_due_on

RECEIVE = "receive"
#: what is noted of an acceptance by silence; nobody who answers may say so themselves
DEEMED_FIELDS = frozenset({"deemed", "received_on", "counted_from"})


class SecondNotice(Conflict):
    """The applicant was told before what is missing; the law allows one notice."""

    remedy = "Accept the application, or refuse to accept it with reasons."


def check_notice(item: str, told_on: date | None) -> None:
    """Raise SecondNotice where a notice of missing material was given before, on `told_on`."""
    if told_on is not None:
        text = f"{item}: told on {told_on} what is missing, and told once (行政许可法 art. 32)"
        raise SecondNotice(text, item=item, told_on=str(told_on))


def deemed_from(calendar: BusinessCalendar, received_on: date, lapsed_on: date) -> date:
    """The day from which the clock of an application deemed accepted is counted.

    That is the day of receipt. Where the time for receipt ended later than its five working days,
    on `lapsed_on`, because the project stood still meanwhile, the days it stood still are left out.
    """
    by_law = step_due_on(calendar, RECEIVE, received_on)
    stood = calendar.between(by_law, lapsed_on) if lapsed_on > by_law else 0
    return calendar.add(received_on, stood)
