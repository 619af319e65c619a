"""The clock that a task runs on: its step's own by law, or its item's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.rules.catalogue import Item
from engine.rules.deadline import STEP_DEADLINES
from engine.rules.legal_clock import LegalClock, Term
from engine.rules.light import Light, task_light
from engine.service.access import Row
from engine.service.clock import stops
from engine.service.clock.receipt import receipt_day
from engine.service.clock.steps import REVIEW, own_clock
from engine.service.work import Work


def is_past(row: Row, case: Row) -> bool:
    """Tell whether a task is of an application that another has followed."""
    return row["case_item"] is not None and row["attempt"] != case["attempt"]


def light_of(work: Work, row: Row) -> Light:
    """Return the light of a task."""
    if row["state"] != "open":
        return Light.DONE if row["state"] == "completed" else Light.GONE
    dates = [each for each in (row["promised_due_on"], row["statutory_due_on"]) if each]
    return task_light(
        work.calendar,
        work.today,
        min(dates, default=None),
        row["statutory_due_on"],
        days=row["days"],
        paused=row["stopped_on"] is not None,
        limits=work.rules.lights,
    )


def clock_of(
    work: Work, row: Row, case: Row, item: Item, stood: Sequence[Row]
) -> LegalClock | None:
    """Return the clock a task runs on: its step's own by law, else its item's; None without."""
    if is_past(row, case) or not (row["promised_due_on"] or row["statutory_due_on"]):
        return None
    step = own_clock(row)
    start_on = started_on(work, row, case, step)
    mine = {stops.PROJECT} if step else {stops.PROJECT, row["item"]}
    known = (stops.stop(each) for each in stops.known_of(stood, row, mine))
    promised, statutory = terms(row, case, item, step)
    return LegalClock(
        calendar=work.calendar,
        start_on=start_on,
        end_on=None if row["state"] == "open" else ended_on(work, row, case, step),
        stops=tuple(each for each in known if each.until_on is None or each.until_on > start_on),
        promised=promised,
        statutory=statutory,
    )


def started_on(work: Work, row: Row, case: Row, step: str) -> date:
    """Return the day from which a task's clock is counted, itself not counted."""
    if step == "receive":
        return receipt_day(work, row["created_at"])
    opened_on: date = row["created_at"].astimezone(work.settings.zone).date()
    if step == REVIEW:
        return opened_on
    return (
        max(opened_on, case["decided_on"] or opened_on)
        if step
        else case["accepted_on"] or opened_on
    )


def terms(row: Row, case: Row, item: Item, step: str) -> tuple[Term | None, Term | None]:
    """Return what a task's clock promises, and what the law gives; with days of an extension."""
    promised_on, statutory_on = row["promised_due_on"], row["statutory_due_on"]
    if step == REVIEW:
        return Term(promised_on, row["days"]), None
    if step:
        rule = STEP_DEADLINES[step]
        due_on = statutory_on if rule.statutory else promised_on
        own = Term(due_on, rule.days, rule.unit, rule.source)
        return (None, own) if rule.statutory else (own, None)
    more: int = case["extension_days"]
    promised, statutory = item.promised, item.statutory
    return (
        Term(promised_on, promised.days + more, promised.unit) if promised else None,
        Term(statutory_on, statutory.days + more, statutory.unit, item.legal_basis)
        if statutory and statutory_on
        else None,
    )


def ended_on(work: Work, row: Row, case: Row, step: str) -> date | None:
    """Return the day on which the clock of a task that has ended stopped counting.

    The item's own goes on until its decision.
    """
    last: date = row["ended_at"].astimezone(work.settings.zone).date()
    if step or row["state"] == "cancelled":
        return last
    decided_on: date | None = case["decided_on"]
    return decided_on
