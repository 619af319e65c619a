"""Due dates that moved of late, for who waits for them: an applicant is told without asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from engine.rules.catalogue import Name
from engine.service import deployments, names
from engine.service.projects import event_view
from engine.service.views import EventView
from engine.service.work import Work
from engine.store import tables as t

MOVED = "deadline.moved"
#: a date that moved longer ago is no news
RECENT = timedelta(days=7)
MOST = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """A due date that moved: the event that tells of it, of which project and item."""

    event: EventView
    project_name: str
    item_name: Name


def of_applicant(work: Work, limit: int = MOST) -> list[Moved]:
    """Return the dates that moved of late in the actor's own projects, the newest first."""
    if not work.actor.has_plain("applicant") or work.actor.id is None:
        return []
    table, project = t.history, t.project.c
    query = (
        select(table, project.name.label("project_name"), project.version_id)
        .join(t.project, project.id == table.c.project_id)
        .where(project.applicant_user_id == work.actor.id, project.ended_at.is_(None))
        .where(table.c.event == MOVED, table.c.task_id.is_(None))
        .where(table.c.at >= work.now - RECENT)
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    return [
        Moved(
            event_view(row, str(row["id"])),
            row["project_name"],
            names.item_name(deployments.deployment(work.db, row["version_id"]), row["item"] or ""),
        )
        for row in work.db.execute(query).mappings()
    ]


def recent(work: Work, events: Iterable[EventView]) -> list[EventView]:
    """Return those of some events that tell of an item's date which moved of late."""
    return [
        each
        for each in events
        if each.event == MOVED and each.task is None and each.at >= work.now - RECENT
    ]
