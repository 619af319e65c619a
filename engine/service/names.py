"""Names of items and stages in both languages, out of the procedures that are deployed."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.rules.catalogue import Name
from engine.service import deployments
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment


def item_name(built: Deployment, item: str) -> Name:
    """Return what an item is called; a milestone or one that is unknown by its id."""
    known = built.procedure.items.get(item)
    return known.name if known else Name(item)


def stage_name(built: Deployment, stage: str) -> Name:
    """Return what a stage is called."""
    names = (each.name for each in built.procedure.stages if each.id == stage)
    return next(names, Name(stage))


def items_like(work: Work, text: str) -> set[str]:
    """Return the items of the newest procedures whose id or name holds a text."""
    wanted = text.strip().casefold()
    newest = select(func.max(t.procedure_version.c.id)).group_by(t.procedure_version.c.procedure)
    found: set[str] = set()
    for version in work.db.execute(newest).scalars():
        items = deployments.deployment(work.db, version).procedure.items.values()
        found.update(
            item.id
            for item in items
            if any(wanted in each.casefold() for each in (item.id, item.name.zh, item.name.en))
        )
    return found
