"""What is in hand of a project, row by row, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from api.web.labels import ITEM_STATES, STEPS, STOP_REASONS, tone
from api.web.views.project_figures import is_open
from api.web.views.project_names import Names
from engine.rules.lifecycle import CLOSED_WITHOUT_RESULT, WITHDRAWABLE
from engine.service.access import Row
from engine.service.dossier import Dossier, OpenTask
from engine.service.views import ItemView
from engine.service.work import Work

#: sorts behind everything that is due
NOT_DUE = 10_000
#: kinds of work that no legal clock runs for
WITHOUT_CLOCK = {"applicant", "intermediary"}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An item in hand, or one that ended without a result; days are working days.

    `tone` and `word` stand in for the light where nothing is due.
    """

    item: str
    name: str
    step: str
    department: str
    holder: str
    href: str
    used: int
    promised: int
    left: int | None
    paused: bool
    promised_due_on: date | None
    statutory_due_on: date | None
    light: str
    tone: str
    word: str
    stuck: bool
    withdrawable: bool
    again: bool
    #: what its clock stands still for, and until when that was told to take
    stands: str = ""
    #: by how much its time is extended, and why
    extended: str = ""


def open_rows(
    work: Work, dossier: Dossier, names: Names, departments: Mapping[str, str]
) -> list[OpenRow]:
    """Return what is in hand; first what ended without a result, then by the days left."""
    tasks = {each.task.item: each for each in reversed(dossier.steps)}
    rows = [
        open_row(work, dossier, item, tasks.get(item.id), names, departments)
        for item in dossier.view.items
        if item.id in tasks or is_open(item) or is_to_be_applied_for(dossier, item)
    ]
    return sorted(rows, key=lambda row: (not row.again, NOT_DUE if row.left is None else row.left))


def is_to_be_applied_for(dossier: Dossier, item: ItemView) -> bool:
    """Tell whether an item ended without a result in a project that goes on."""
    goes_on = dossier.view.state in {"running", "suspended"}
    return goes_on and item.state in CLOSED_WITHOUT_RESULT


def open_row(
    work: Work,
    dossier: Dossier,
    item: ItemView,
    task: OpenTask | None,
    names: Names,
    departments: Mapping[str, str],
) -> OpenRow:
    """Return one row. An item that waits for others has no task."""
    holder = task.task.department if task else item.department
    again = item.state in CLOSED_WITHOUT_RESULT
    stopped = dossier.standing.get(item.id)
    paused = dossier.view.state == "suspended" or item.state == "supplement_requested"
    paused = paused or stopped is not None
    used, promised = days_of(work, dossier, item, task)
    return OpenRow(
        item=item.id,
        name=names.item(item.id),
        step=step(item, task),
        department=departments.get(holder, holder),
        holder=task.holder if task else "",
        href=f"/tasks/{task.task.id}" if task else "",
        used=used,
        promised=promised,
        left=task.left if task else None,
        paused=paused,
        promised_due_on=item.promised_due_on if item.decided_on is None else None,
        statutory_due_on=task.task.statutory_due_on if task else item.statutory_due_on,
        light=str(task.light) if task and task.left is not None else "",
        tone="paused" if paused and not again else tone(item.state),
        word=word(dossier, item),
        stuck=bool(task and task.stuck),
        withdrawable=item.state in WITHDRAWABLE and dossier.view.state == "running",
        again=again and dossier.view.state == "running",
        stands=stands(stopped) if stopped else "",
        extended=extended(dossier.extended[item.id]) if item.id in dossier.extended else "",
    )


def stands(row: Row) -> str:
    """Return what a clock stands still for, and until when that was told to take."""
    reason, expected_on = str(STOP_REASONS[row["reason"]]), row["expected_on"]
    if expected_on is None:
        return str(_("因%(reason)s中止计时", reason=reason))
    on = expected_on.strftime("%m-%d")
    if row["overran"]:
        return str(_("因%(reason)s中止计时，已超过告知的 %(on)s", reason=reason, on=on))
    return str(_("因%(reason)s中止计时，预计 %(on)s 前恢复", reason=reason, on=on))


def extended(row: Row) -> str:
    """Return by how much an item's time is extended, and why."""
    return str(_("已延期 %(days)s 天：%(reason)s", days=row["days"], reason=row["reason"]))


def word(dossier: Dossier, item: ItemView) -> str:
    """Return the state of an item in a word; nothing moves in a suspended project."""
    if (dossier.view.state == "suspended" or item.id in dossier.standing) and is_open(item):
        return str(_("中止"))
    return str(ITEM_STATES.get(item.state, item.state))


def step(item: ItemView, task: OpenTask | None) -> str:
    """Return what is to be done: a step of the case, or the work itself."""
    if task is None:
        return "" if item.state in CLOSED_WITHOUT_RESULT else str(_("等前置事项办结"))
    if task.task.element in STEPS:
        return str(STEPS[task.task.element])
    return ""


def days_of(work: Work, dossier: Dossier, item: ItemView, task: OpenTask | None) -> tuple[int, int]:
    """Return the working days used and those there are in all.

    Work without a clock has those it was expected to take.
    """
    if item.kind in WITHOUT_CLOCK and item.opened_on:
        until = max(dossier.row["suspended_on"] or work.today, item.opened_on)
        return work.calendar.between(item.opened_on, until), item.promised_days or 0
    if task is None or task.days is None:
        return 0, 0
    return max(0, task.used), task.days
