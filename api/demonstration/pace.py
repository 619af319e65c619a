"""How long people take: when each task of a project is answered, most of them in time."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import TYPE_CHECKING

from api.demonstration.plan import Turn
from engine.service.views import TaskView

if TYPE_CHECKING:
    from api.demonstration.site import Site

#: working days a step takes, at least and at most
STEPS = {"supplement": (2, 4), "pay": (1, 3), "deliver": (0, 2), "issue": (0, 0)}
#: those that a receipt takes, one as often as another
RECEIPTS = (0, 0, 0, 0, 0, 1)
#: those that an applicant takes more, or less, than is expected
WORK = (-2, 1)
#: of its promise, what a decision in time takes
PACES = (0.5, 0.6, 0.7, 0.8, 0.8, 0.9, 1.0)
#: of a decision's time, what the review takes
REVIEW = 0.6
#: working days by which a decision is late
LATENESS = (1, 1, 2)
#: steps at the counter, which closes before the office
AT_COUNTER = {"receive", "supplement", "pay", "work"}
#: of a hundred tasks at these steps, how many are claimed before they are answered
CLAIMED, CLAIMABLE = 45, {"review", "decide"}


def step_of(task: TaskView) -> str:
    """Return the step of a task: the element of its case, or `work` drawn in the stage itself."""
    return "work" if task.element == task.item else task.element


def answer_at(site: Site, at: datetime, task: TaskView, turn: Turn) -> datetime:
    """Return when a task will be answered."""
    step, hours = step_of(task), site.city.hours
    chance = site.chance(task.item, step, turn.attempt)
    today = hours.day_of(at)
    if turn.days is not None:
        days = turn.days
    elif step == "decide":
        days = until_decided(site, today, task, turn)
    else:
        days = taken(site, task, turn, chance)
    return hours.later(at, days, chance, counter=step in AT_COUNTER)


def taken(site: Site, task: TaskView, turn: Turn, chance: Random) -> int:
    """Return the working days a step before the decision takes, or one after it."""
    step, days = step_of(task), site.items[task.item].days or 1
    if step == "review":
        return int(whole(site, task.item, turn.attempt) * REVIEW)
    if step == "work":
        return max(1, days + chance.randint(*WORK))
    if step == "receive":
        # what is promised in a day is received at once
        return chance.choice(RECEIPTS) if days > 1 else 0
    return chance.randint(*STEPS.get(step, (0, 1)))


def until_decided(site: Site, today: date, task: TaskView, turn: Turn) -> int:
    """Return the working days until a decision: in time from acceptance, or late."""
    calendar = site.city.hours.calendar
    days = whole(site, task.item, turn.attempt)
    decided_on = calendar.add(site.accepted.get(task.item, today), days)
    if turn.late and task.promised_due_on:
        decided_on = calendar.add(task.promised_due_on, turn.late)
    return calendar.between(today, decided_on) if decided_on > today else 0


def whole(site: Site, item: str, attempt: int) -> int:
    """Return the working days from acceptance to a decision in time."""
    share = site.chance(item, "pace", attempt).choice(PACES)
    return max(1, round((site.items[item].days or 1) * share))


def lateness(site: Site, item: str) -> int:
    """Return by how many working days a decision is late."""
    return site.chance(item, "late").choice(LATENESS)


def claim_at(site: Site, at: datetime, task: TaskView, turn: Turn) -> datetime | None:
    """Return when somebody claims a task; None where nobody does."""
    chance = site.chance(task.item, task.element, "claim", turn.attempt)
    wanted = turn.claimed or chance.randrange(100) < CLAIMED
    if step_of(task) not in CLAIMABLE or task.assignee or not wanted:
        return None
    return site.city.hours.later(at, 0, chance, counter=False)
