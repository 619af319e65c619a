"""One task: what it is about, its clock, and its answer; claimed, given back, given to somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from api.web import clock, law
from api.web.labels import ROLE_NAMES
from api.web.language import named
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.views import (
    clock_words,
    inbox_wanted,
    review_task,
    task_answers,
    task_form,
    task_papers,
    task_steps,
    task_trust,
)
from api.web.visit import SEEN, Visit
from engine.errors import Invalid
from engine.rules.deadline import days_left
from engine.service import access, changes, desk, identity, inbox, standings, tasks
from engine.service.desk import Desk
from engine.service.supervision import cards
from engine.service.supervision.card_rows import CardView, answerable, may_answer
from engine.service.tasks import TaskCancelled, TaskEnded
from engine.service.views import EventView, TaskView

TEMPLATE = "task.html.jinja"
#: reasons why somebody cannot answer that will not pass
NO_FORM = frozenset({"ended", "foreign"})


def look(visit: Visit) -> Answer:
    """Show a task; one of a joint review where the round is."""
    found = desk.lay(visit.work, visit.path["task"])
    if found.task.round_id is not None and visit.error is None:
        return Redirect(review_task.address(found.task))
    near = inbox.neighbours(visit.work, found.task.id, inbox_wanted.wanted(visit))
    return Shown(TEMPLATE, {**values(visit, found), "near": near})


def values(visit: Visit, found: Desk) -> dict[str, Any]:
    """Return what the page shows."""
    task, said = found.task, task_answers.answers(found)
    return {
        "section": "/tasks",
        "desk": found,
        "query": inbox_wanted.kept(visit),
        "upload": "material" in visit.form,
        "left": left(visit, found),
        "steps": task_steps.steps(found),
        "clock": panel(visit, found),
        "worked_days": worked_days(visit, found),
        "paused_days": paused_days(visit, found),
        "form": found.rights.blocked not in NO_FORM or "outcome" in visit.form,
        "asked": task_form.asked(task.outcomes),
        "grounds": list(law.grounds(task.outcomes, found.item.legal_basis)),
        "roles": [str(ROLE_NAMES.get(each, each)) for each in task.roles],
        "papers": task_papers.papers(found),
        "accept": task_papers.types(visit.service.settings),
        "max_bytes": visit.service.settings.attachment_max_bytes,
        "answers": [each for each in said if each.task != task.id],
        "request": task_answers.request(found),
        "changes": meanwhile(visit, found),
        "result": next((each for each in said if each.task == task.id), None),
        "law": law.law,
        "cards": carded(visit, task.id),
        "month": month,
        **clock_words.of_desk(),
        **task_trust.values(visit, found),
    }


def carded(visit: Visit, task: str) -> list[tuple[CardView, bool]]:
    """Return the cards that the visitor sees, and whether they are theirs to explain."""
    actor = visit.work.actor
    found = [] if actor.only("applicant") else cards.of_task(visit.work, task)
    return [(each, may_answer(actor, answerable(each))) for each in found]


def month(on: date) -> str:
    """Return a month's short name."""
    return str(format_date(on, "LLL"))


def left(visit: Visit, found: Desk) -> int | None:
    """Return the working days an open task has left."""
    dates = [on for on in (found.task.promised_due_on, found.task.statutory_due_on) if on]
    if found.task.state != "open" or not dates:
        return None
    return days_left(visit.work.calendar, min(dates), visit.work.today)


def panel(visit: Visit, found: Desk) -> clock.Panel | None:
    """Return the task's clock as of today."""
    if found.clock is None:
        return None
    work, paused = visit.work, found.light == "paused"
    return clock.panel(found.clock, work.today, work.rules.lights, paused=paused)


def worked_days(visit: Visit, found: Desk) -> int:
    """Return the working days since the task was opened, until its end."""
    task, zone = found.task, visit.work.settings.zone
    first = task.created_at.astimezone(zone).date()
    last = task.ended_at.astimezone(zone).date() if task.ended_at else visit.work.today
    return visit.work.calendar.between(first, max(first, last))


def paused_days(visit: Visit, found: Desk) -> int | None:
    """Return the working days since the window asked for more, None where it does not wait."""
    paused_on: date | None = found.case["paused_on"]
    return None if paused_on is None else visit.work.calendar.between(paused_on, visit.work.today)


def meanwhile(visit: Visit, found: Desk) -> list[EventView]:
    """Return what others did to the item since a form that is refused was made."""
    seen = visit.whole(SEEN) if visit.error is not None else None
    if seen is None:
        return []
    events = changes.since(visit.work, found.task.project, seen, item=found.task.item)
    name = named(found.item.name)
    return [replace(each, item=name if each.item else None) for each in events]


# -- answering -------------------------------------------------------------------------------------


def complete(visit: Visit) -> Answer:
    """Complete the task; what follows is the next one of the inbox."""
    identifier, outcome = visit.path["task"], visit.text("outcome")
    check_present(visit, tasks.get(visit.work, identifier))
    if not outcome:
        raise Invalid("an outcome must be chosen", field="outcome")
    near = inbox.neighbours(visit.work, identifier, inbox_wanted.wanted(visit))
    given = task_form.answer(visit, outcome)
    view = tasks.complete(visit.work, identifier, outcome, given, visit.expected_version)
    standings.refresh(visit.work, view.project)
    after = near.next or near.previous
    query = inbox_wanted.kept(visit)
    return Redirect(
        f"/tasks/{after}{query}" if after else f"/tasks{query}",
        task_answers.told(visit, view),
    )


def check_present(visit: Visit, task: TaskView) -> None:
    """Raise TaskEnded or Stale: who is too late need not be told what else they should type."""
    if task.state != "open":
        by = identity.called(visit.work, task.ended_by)
        kind = TaskCancelled if task.state == "cancelled" else TaskEnded
        raise kind(f"the task was {task.state} by {by}", state=task.state, ended_by=by)
    access.check_version(task.version, visit.expected_version)


def claim(visit: Visit) -> Answer:
    """Take the task."""
    view = tasks.claim(visit.work, visit.path["task"], visit.expected_version)
    return back(visit, view, _("已认领。"))


def unclaim(visit: Visit) -> Answer:
    """Give the task back to its department."""
    view = tasks.unclaim(visit.work, visit.path["task"], visit.expected_version)
    return back(visit, view, _("已退回，部门里的人都可以认领。"))


def assign(visit: Visit) -> Answer:
    """Give the task to somebody who may complete it."""
    user = visit.text("user")
    view = tasks.assign(visit.work, visit.path["task"], user, visit.expected_version)
    return back(
        visit, view, _("已改派给 %(name)s。", name=identity.called(visit.work, view.assignee))
    )


def back(visit: Visit, view: TaskView, notice: str) -> Redirect:
    """Return to the task."""
    standings.refresh(visit.work, view.project)
    return Redirect(address(visit), notice)


def address(visit: Visit) -> str:
    """Return the address of the task's page."""
    return f"/tasks/{visit.path['task']}{inbox_wanted.kept(visit)}"


def return_to_task(visit: Visit) -> Answer:
    """Lead from the address of a form, which shows nothing by itself, to the task."""
    return Redirect(address(visit))


TASK = "/tasks/<name:task>"
VERBS = (
    ("claim", claim, "claim_task"),
    ("unclaim", unclaim, "unclaim_task"),
    ("assign", assign, "assign_task"),
)
PAGES: tuple[Page, ...] = (
    show("task", TASK, look, "get_task"),
    act("task_complete", TASK, complete, "complete_task", form=look),
    *(
        act(f"task_{name}", f"{TASK}/{name}", verb, operation, form=look)
        for name, verb, operation in VERBS
    ),
    *(
        show(f"task_{name}_again", f"{TASK}/{name}", return_to_task, "get_task")
        for name, _verb, _operation in VERBS
    ),
)
