"""Acceptance with gaps (容缺受理): secondary materials promised for a date, and what follows.

The catalogue says which materials of an item are secondary; a main one is never missing
(广东条例 art. 32, 青岛 art. 24). Review runs meanwhile, the decision waits (滨州 art. 11). What is
not there on the promised date stops the clock; after days of grace the file is returned (台州
2019). National law knows none of this: the rules are the cities', so each can set its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.errors import Conflict, Invalid
from engine.rules.calendar import BusinessCalendar
from engine.rules.catalogue import Item
from engine.rules.deadline import DayUnit, due_on
from engine.rules.lifecycle import Moves, moves

ONE = timedelta(days=1)
#: characters of the form a material is to come in
MAX_FORM = 200
#: what may become of the case: returned (退件, 台州), refused (滨州 art. 11), or its acceptance
#: withdrawn (浙江 2018)
OUTCOMES = ("returned", "refused", "not_accepted")

#: a promised material
GAP: Moves = moves({"open": "supplied lapsed void", "supplied": "", "lapsed": "", "void": ""})


@dataclass(frozen=True, slots=True)
class GapRules:
    """What a city does about promised materials that do not come."""

    #: working days of grace after the promised date
    grace_days: int = 15
    #: what becomes of the case then
    outcome: str = "returned"
    #: months the applicant is on the credit record; 0 for no record
    credit_months: int = 6

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            text = f"gaps.outcome must be one of {', '.join(OUTCOMES)}, not {self.outcome!r}"
            raise Invalid(text, field="gaps.outcome")


@dataclass(frozen=True, slots=True)
class Gap:
    """A material that is promised for a date."""

    material: str
    promised_on: date


class GapsOpen(Conflict):
    """Promised materials are still missing: the decision waits for them."""

    remedy = "Wait for the materials, or return the file; the item says until when they are due."


def promised(item: Item, given: Any, today: date, due: date) -> tuple[Gap, ...]:
    """Return the gaps that an acceptance names: a list of `{material, promised_on}`.

    `due` is the due date the case gets. Raises Invalid naming the field where there is none, one
    is no secondary material of the item or named twice, or its date is not after today and not
    later than the due date.
    """
    if not item.secondary or item.instant or "above_city" in item.guards:
        raise Invalid(f"{item.id} is not accepted with gaps", field="outcome")
    if not isinstance(given, list) or not given:
        raise Invalid("gaps must list what is missing and promised for when", field="gaps")
    found = tuple(gap(item, each, today, due) for each in given)
    if len({each.material for each in found}) < len(found):
        raise Invalid("a material is promised once", field="gaps")
    return found


def gap(item: Item, given: Any, today: date, due: date) -> Gap:
    """Return one gap. Raises Invalid."""
    if not isinstance(given, Mapping) or not set(given) <= {"material", "promised_on"}:
        raise Invalid("a gap is {material, promised_on}", field="gaps")
    material = given.get("material")
    if material not in item.secondary:
        known = ", ".join(item.secondary)
        text = f"{material!r} may not be missing; only these may: {known}"
        raise Invalid(text, field="gaps", materials=list(item.secondary))
    on = day(given.get("promised_on"))
    if not today < on <= due:
        text = f"{material} must be promised for a day after {today} and no later than {due}"
        raise Invalid(text, field="promised_on", earliest=str(today + ONE), latest=str(due))
    return Gap(str(material), on)


def day(given: Any) -> date:
    """Return a date of an answer, which is JSON. Raises Invalid."""
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise Invalid("promised_on must be a date like 2014-09-26", field="promised_on") from error


def form(given: Any) -> str:
    """Return the form in which the materials are to come. Raises Invalid."""
    if not isinstance(given, str) or len(given) > MAX_FORM:
        raise Invalid(f"form must be a text of at most {MAX_FORM} characters", field="form")
    return given.strip()


def check_complete(item: str, open_gaps: Iterable[Mapping[str, Any]]) -> None:
    """Raise GapsOpen where promised materials are missing, naming them and until when."""
    missing = [
        {"material": each["material"], "promised_on": str(each["promised_on"])}
        for each in open_gaps
    ]
    if missing:
        named = ", ".join(f"{each['material']} ({each['promised_on']})" for each in missing)
        text = f"{item} is not decided before these are there: {named}"
        raise GapsOpen(text, item=item, gaps=missing, missing=named)


def stands_from(
    calendar: BusinessCalendar, promised_on: date, due: date, free_from: Sequence[date]
) -> date:
    """Return the day from which the clock stands still for a material that has not come.

    From the promised date, which itself still counts; where that is the last day of the case's
    time, from the working day before, so that a day is left for the decision (ours). No earlier
    than the clock began, or went on after other stops (`free_from`).
    """
    last = due - ONE
    while not calendar.is_working_day(last):
        last -= ONE
    return max(min(promised_on, last), *free_from)


def grace_until_on(
    calendar: BusinessCalendar, reminded_on: date, days: int, stopped: Iterable[date] = ()
) -> date:
    """Return the last day of grace: so many working days from the day of the reminder on.

    That is itself the first of them: it comes on the day after the promised one. Days on which
    the project stood still are passed over.
    """
    start = reminded_on - ONE
    return due_on(calendar, start, days, DayUnit.WORKING, not_counted=frozenset(stopped))
