"""Everything that the page of one project shows, read at once and in few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.rules.deadline import days_left
from engine.rules.light import Light, task_light
from engine.rules.procedure import Kind
from engine.service import access, chronicle, course, deployments, rights, standing, tasks
from engine.service.access import Row
from engine.service.chronicle import Latest
from engine.service.course import Courses
from engine.service.standing import Reading
from engine.service.views import ProjectView, TaskView
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

#: more open tasks than this no project has on one page
MOST_TASKS = 200
NEWEST_EVENTS = 14


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task of the project that waits for somebody.

    `days` is what it has in all and `left` what is left of that, working days, negative when
    late; None without a due date. `holder` is who claimed it, as others call them.
    """

    task: TaskView
    holder: str
    days: int | None
    left: int | None
    light: Light
    #: the actor may work on it
    mine: bool
    stuck: bool

    @property
    def used(self) -> int:
        """Working days gone by."""
        return 0 if self.days is None or self.left is None else self.days - self.left


@dataclass(frozen=True, slots=True)
class Dossier:
    """A project: where it stands, what is open, what happened."""

    row: Row
    built: Deployment
    view: ProjectView
    #: the critical path with real and forecast dates
    path: Mapping[str, Any]
    #: the way through the diagram of each stage, and which of them is looked at
    courses: Courses
    stage: str
    tasks: Sequence[OpenTask]
    latest: Latest
    #: what clocks of items stand still for now, by item
    standing: Mapping[str, Row]
    #: approved extensions by item, of the present applications
    extended: Mapping[str, Row]

    @property
    def steps(self) -> Sequence[OpenTask]:
        """The open tasks of items themselves, without those of their joint reviews."""
        return [each for each in self.tasks if each.task.round_id is None]


def read(work: Work, identifier: int, stage: str = "") -> Dossier:
    """Return a project with everything its page shows of it.

    Without a stage, or for one there is not, that of what holds the project is looked at.
    Raises NotFound.
    """
    row = access.row_of(work, identifier)
    reading = standing.read(work, row)
    built = reading.built
    courses, diagrams = course.read(work, identifier, built)
    return Dossier(
        row=row,
        built=built,
        view=standing.whole(work, reading, diagrams),
        path=standing.path(work, reading),
        courses=courses,
        stage=stage if stage in courses else stage_of_interest(reading),
        tasks=open_tasks(work, row),
        latest=chronicle.latest(work, identifier, limit=NEWEST_EVENTS),
        standing=read_with(reading.items, "stop_"),
        extended=read_with(reading.items, "extension_of_"),
    )


def read_with(items: Sequence[Row], prefix: str) -> Mapping[str, Row]:
    """Return what was read together with activities, by item, where there was something."""
    found = {each["item"]: tasks.part(each, prefix) for each in items}
    return {item: row for item, row in found.items() if row["id"] is not None}


def outline(work: Work, identifier: int) -> tuple[Deployment, ProjectView]:
    """Return a project without its papers, and the procedure it runs on. Raises NotFound."""
    row = access.row_of(work, identifier)
    return deployments.deployment(work.db, row["version_id"]), standing.view(work, row)


def stage_of_interest(reading: Reading) -> str:
    """Return the stage of what holds a project, else the first with something undecided."""
    stages = [stage.id for stage in reading.built.procedure.stages]
    items = {row["item"]: row for row in reading.items}
    held = reading.outlook.held_by if reading.outlook else ()
    undecided = [
        row["stage"]
        for row in reading.items
        if row["kind"] != Kind.MILESTONE and row["decided_on"] is None
    ]
    named = [items[each.id]["stage"] for each in held] or sorted(undecided, key=stages.index)
    return named[0] if named else stages[-1]


def open_tasks(work: Work, project: Row) -> list[OpenTask]:
    """Return a project's open tasks by what is due first, those without a date last."""
    table = t.task.c
    query = (
        tasks.columns()
        .add_columns(t.user.c.display_name, table.days, table.stuck, table.stopped_on)
        .where(table.project_id == project["id"], table.state == "open")
        .where(access.visible_tasks(work.actor))
        .order_by(table.due_on, table.id)
        .limit(MOST_TASKS)
    )
    return [open_task(work, project, dict(row)) for row in work.db.execute(query).mappings()]


def open_task(work: Work, project: Row, row: Row) -> OpenTask:
    """Return a row as an open task."""
    view, stopped_on = tasks.view(row), row["stopped_on"]
    due_on = view.promised_due_on or view.statutory_due_on
    as_of = stopped_on or work.today
    return OpenTask(
        task=view,
        holder=row["display_name"] or view.assignee or "",
        days=row["days"],
        left=None if due_on is None else days_left(work.calendar, due_on, as_of),
        light=light(work, view, as_of, row["days"], paused=stopped_on is not None),
        mine=rights.may_complete(work.actor, row, project),
        stuck=row["stuck"],
    )


def light(work: Work, view: TaskView, as_of: date, days: int | None, *, paused: bool) -> Light:
    """Return the light of a task."""
    dates = (view.promised_due_on or view.statutory_due_on, view.statutory_due_on)
    limits = work.rules.lights
    return task_light(work.calendar, as_of, *dates, days=days, paused=paused, limits=limits)
