"""The city's own history as an event log: what every project's people did, step by step or by item.

Activities are node ids of the procedure's control flow: `IND-02/review` for a step of an item,
`IND-A1` for a task of the stage itself, `IND-02` for an item as a whole; tasks of a joint review
are `joint-review/give-opinion`. Cases are projects by their codes, their `traits` the procedure,
its version, and the state the project is in.

A step is ready when its task was opened, starts when whoever completed it claimed it (unknown
where nobody did), ends when it was completed. An item is ready with the receipt of its case,
starts with its acceptance, ends with its decision, whatever that was; work without a case is
ready when it opens and ends when it is done. Cancelled tasks and open ones are left out. What a
clock stood still is taken out by moving `ready` and `start` on: ends are as they were. Steps that
silence answered have nobody as their resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, select
from typing_extensions import TypedDict, Unpack

from engine.analysis.eventlog.log import EventLog
from engine.errors import Invalid
from engine.service import codes
from engine.service.logs import history_items, history_steps, stops
from engine.service.logs.deed import log_of
from engine.service.logs.notes import PSEUDONYMS, STOPPED
from engine.service.logs.people import Naming
from engine.service.logs.rights import READERS
from engine.service.work import Work
from engine.store import tables as t

Level = Literal["step", "item"]
LEVELS = {"step": history_steps.deeds, "item": history_items.deeds}


class Asked(TypedDict, total=False):
    """Which history: of projects of a procedure that were started from a day until another.

    Both days count. `anonymous`, which it is by default, names people by number and no project.
    """

    procedure: str | None
    since: date | None
    until: date | None
    level: Level
    anonymous: bool


def own(work: Work, **asked: Unpack[Asked]) -> EventLog:
    """Return what happened in the city's projects, the oldest project first.

    Raises Forbidden, Invalid for a level there is not.
    """
    work.actor.require(*READERS)
    level, anonymous = asked.get("level", "step"), asked.get("anonymous", True)
    if level not in LEVELS:
        raise Invalid(f"level must be one of {', '.join(LEVELS)}", field="level")
    traits = traits_of(work, asked, anonymous=anonymous)
    known = {key: row["code"] for key, row in traits.items()}
    chosen = select(t.project.c.id).where(*conditions(work, asked))
    people = Naming.of(work, anonymous=anonymous)
    found = LEVELS[level](work, chosen, stops.of_projects(work, chosen), known, people)
    notes = (STOPPED, PSEUDONYMS) if anonymous else (STOPPED,)
    return log_of(found, by_name(traits), notes)


def traits_of(work: Work, asked: Asked, *, anonymous: bool) -> dict[int, dict[str, str]]:
    """Return the code and the attributes of every project that is wanted, by its key."""
    found = {}
    for row in work.db.execute(projects(work, asked)).mappings():
        same = ("procedure", "version", "state")
        told = {name: str(row[name]) for name in same}
        told |= {} if anonymous else {"name": row["name"]}
        found[row["id"]] = {"code": codes.code_of(work, dict(row)), **told}
    return found


def by_name(traits: Mapping[int, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return attributes of projects as attributes of cases: by name, then by code."""
    names = dict.fromkeys(name for row in traits.values() for name in row if name != "code")
    return {name: {row["code"]: row[name] for row in traits.values()} for name in names}


def projects(work: Work, asked: Asked) -> Select[Any]:
    """Return the query of the projects that are wanted."""
    project, version = t.project.c, t.procedure_version.c
    return (
        select(project.id, project.name, project.created_at, project.state)
        .add_columns(version.procedure, version.version)
        .join(t.procedure_version, version.id == project.version_id)
        .where(*conditions(work, asked))
        .order_by(project.id)
    )


def conditions(work: Work, asked: Asked) -> list[ColumnElement[bool]]:
    """Return what is asked of a project."""
    version, started = t.procedure_version.c, t.project.c.started_at
    found: list[ColumnElement[bool]] = [started.is_not(None)]
    if procedure := asked.get("procedure"):
        of = select(version.id).where(version.procedure == procedure)
        found.append(t.project.c.version_id.in_(of))
    if since := asked.get("since"):
        found.append(started >= midnight(work, since))
    if until := asked.get("until"):
        found.append(started < midnight(work, until + timedelta(days=1)))
    return found


def midnight(work: Work, on: date) -> datetime:
    """Return the instant a day begins in the service's time zone."""
    return datetime.combine(on, time(), work.settings.zone)
