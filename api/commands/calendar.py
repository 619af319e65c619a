"""Questions about working days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from api.output import formatted, rows, show
from engine.rules import china
from engine.rules import workdays as answers

DATE = click.DateTime(["%Y-%m-%d"])
DAYS = click.IntRange(min=0)


@click.group()
def workdays() -> None:
    """Count working days by the national calendar: make-up days count, holidays do not.

    The first day is not counted, worked or not; day 1 is the next working day.
    """


@workdays.command()
@click.argument("date", metavar="DATE", type=DATE)
@click.argument("number", metavar="N", type=DAYS)
@formatted
def add(date: datetime, number: int, style: str) -> None:
    """Show the date N working days after DATE."""
    show(answers.add(china.calendar(), date.date(), number), style, lambda found: found["date"])


@workdays.command()
@click.argument("start", metavar="A", type=DATE)
@click.argument("end", metavar="B", type=DATE)
@formatted
def between(start: datetime, end: datetime, style: str) -> None:
    """Show how many working days lie after A up to and including B."""
    found = answers.between(china.calendar(), start.date(), end.date())
    show(found, style, lambda count: str(count["working_days"]))


@workdays.command()
@click.argument("date", metavar="DATE", type=DATE)
@click.argument("number", metavar="N", type=DAYS)
@formatted
def explain(date: datetime, number: int, style: str) -> None:
    """Show every day from DATE to N working days later, and why it counts or does not."""
    show(answers.explain(china.calendar(), date.date(), number), style, listed)


def listed(found: Any) -> Any:
    """Return the days as people read them."""
    lines = [
        (day["date"], "counted" if day["counted"] else "", day["reason"]) for day in found["days"]
    ]
    return rows(("date", "", "reason"), lines)
