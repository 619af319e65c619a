"""What one step writes, gathered and then written in bulk: few statements, one of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Executable

from engine.service.work import Work
from engine.store import statements as sql

Row = dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """Rows to be written at the end of a step, in the order references need."""

    new_instances: list[Row] = field(default_factory=list)
    instances: list[Row] = field(default_factory=list)
    new_tasks: list[Row] = field(default_factory=list)
    ended_tasks: list[Row] = field(default_factory=list)
    new_timers: list[Row] = field(default_factory=list)
    ended_timers: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    #: what few steps write
    more: list[tuple[Executable, list[Row]]] = field(default_factory=list)

    def write(self, db: Connection) -> None:
        """Write everything."""
        for statement, rows in self._entries():
            if rows:
                db.execute(statement, rows)

    def _entries(self) -> Iterable[tuple[Executable, list[Row]]]:
        return (
            (sql.INSERT_INSTANCE, self.new_instances),
            (sql.UPDATE_INSTANCE, self.instances),
            # a step may end what it opened itself
            (sql.INSERT_TASK, self.new_tasks),
            (sql.END_TASK, self.ended_tasks),
            (sql.INSERT_TIMER, self.new_timers),
            (sql.END_TIMER, self.ended_timers),
            (sql.UPDATE_ITEM, self.items),
            (sql.INSERT_HISTORY, self.history),
            *self.more,
        )


def event_row(
    work: Work, project: int | None, event: str, item: str | None, data: Row, **more: Any
) -> Row:
    """Return a row of the history."""
    return {
        "project_id": project,
        "at": work.now,
        "actor": work.actor.name,
        "on_behalf_of": None,
        "event": event,
        "item": item,
        "task_id": None,
        "data": data,
        **more,
    }
