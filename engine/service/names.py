"""Names of items and stages in both languages, out of the procedures that are deployed."""

from __future__ import annotations

from engine.rules.catalogue import Name
from engine.service import deployments
from engine.service.work import Work
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
    wanted = text.strip()
    return {
        item.id
        for built in deployments.newest(work.db)
        for item in built.procedure.items.values()
        if holds(wanted, item.id, item.name)
    }


def holds(text: str, identifier: str, name: Name) -> bool:
    """Tell whether an id or a name holds a text, in letters of either size."""
    wanted = text.casefold()
    return any(wanted in each.casefold() for each in (identifier, name.zh, name.en))
