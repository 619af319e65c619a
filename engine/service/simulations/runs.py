"""A run of the simulation from its setting up to its removal; results are in `results`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, update

from engine.analysis.eventlog.log import EventLog
from engine.analysis.simulation import present
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.reading import InvalidAssumptions
from engine.errors import Conflict
from engine.rules import lifecycle
from engine.rules.simulation import ENDED, RUN, State
from engine.service.pages import decode_cursor, number, page
from engine.service.simulations import (
    events,
    frozen,
    modelling,
    planning,
    results,
    rows,
    sources,
    standard,
)
from engine.service.simulations.views import RunRow, RunView
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment

result, compare = results.result, results.compare
model, kept = results.model, results.kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs; None for any."""

    state: str | None = None
    procedure: str | None = None
    scenario: int | None = None
    #: part of a name
    text: str | None = None


def create(
    work: Work,
    *,
    name: str,
    source: Mapping[str, Any],
    assumptions: Mapping[str, Any],
    plan: Mapping[str, Any],
    sensitivity: bool = False,
) -> int:
    """Freeze what is to be played, queue it for a worker, and return the run's id.

    `source` is as `sources.of` reads it, `assumptions` as people write them, `plan` the fields of
    `Plan`. Raises Invalid naming the field, NotFound, NotComposable.
    """
    row = prepared(
        work,
        name=name,
        source=source,
        assumptions=assumptions,
        plan=plan,
        sensitivity=sensitivity,
    )
    return add(work, row)


def prepared(
    work: Work,
    *,
    name: str,
    source: Mapping[str, Any],
    assumptions: Mapping[str, Any],
    plan: Mapping[str, Any],
    sensitivity: bool = False,
) -> dict[str, Any]:
    """Return the row of a run that is to be added; only reads, and may take a second.

    Raises what `create` raises.
    """
    work.actor.require(rows.WRITER)
    read, wanted = planning.plan_of(plan), rows.checked_name(name)
    found = sources.of(work, source)
    played = modelled(
        found.built,
        assumptions,
        today=work.today,
        calendar=work.calendar,
        standing=found.standing,
    )
    played = present.begun(played, found.begun) if found.standing else played
    return {
        "name": wanted,
        "source": dict(found.told),
        "procedure": found.told["procedure"],
        "version_id": found.told["version_id"],
        "assumptions": standard.plain(assumptions),
        "plan": planning.told(read),
        "sensitivity": sensitivity,
        "model": frozen.packed(played),
        "digest": frozen.digest(played, read, sensitivity=sensitivity),
        "of": results.steps(played, read, sensitivity=sensitivity),
    }


def modelled(built: Deployment, assumptions: Mapping[str, Any], **named: Any) -> Model:
    """Return what is played, see `modelling.model`; its errors name the fields of a request."""
    try:
        return modelling.model(built, assumptions, **named)
    except InvalidAssumptions as error:
        field = f"assumptions.{error.detail['field']}"
        raise InvalidAssumptions(error.message, **{**error.detail, "field": field}) from error


def add(work: Work, row: Mapping[str, Any]) -> int:
    """Queue a run that was prepared and return its id."""
    work.actor.require(rows.WRITER)
    made = {"state": State.QUEUED, "created_at": work.now, "created_by": work.actor.name}
    statement = insert(t.simulation).values({**row, **made}).returning(t.simulation.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    rows.record(work, identifier, "created", name=row["name"], procedure=row["procedure"])
    return identifier


def get(work: Work, identifier: int) -> RunView:
    """Return a run. Raises NotFound."""
    return rows.view_of(rows.row_of(work, identifier))


def find(
    work: Work, wanted: Wanted | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page[RunRow]:
    """Return the runs, the newest first."""
    work.actor.require(*rows.READERS)
    query = rows.selected(*rows.LISTED).where(*conditions(wanted or Wanted()))
    query = query.order_by(t.simulation.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(t.simulation.c.id < decode_cursor(cursor, number)[0])
    found = list(work.db.execute(query).mappings())
    part = page(found, limit, lambda last: (last["id"],))
    return Page([rows.listed(dict(row)) for row in part.items], part.next)


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters ask for."""
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        found.append(t.simulation.c.state == wanted.state)
    if wanted.procedure:
        found.append(t.simulation.c.procedure == wanted.procedure)
    if wanted.scenario is not None:
        found.append(t.simulation.c.source["scenario"].as_integer() == wanted.scenario)
    if wanted.text:
        found.append(t.simulation.c.name.icontains(wanted.text, autoescape=True))
    return found


def cancel(work: Work, identifier: int) -> None:
    """End a run before its time: a worker lets go of it within a second or two.

    Raises NotFound, Conflict for one that has ended.
    """
    work.actor.require(rows.WRITER)
    table = t.simulation
    statement = (
        update(table)
        .where(table.c.id == identifier, table.c.state.not_in(ENDED))
        .values(state=State.CANCELLED, finished_at=work.now, claim="")
    )
    if not work.db.execute(statement).rowcount:
        row = rows.row_of(work, identifier, "state")
        lifecycle.check(RUN, row["state"], State.CANCELLED, "the simulation")
    rows.record(work, identifier, "cancelled")


def remove(work: Work, identifier: int) -> None:
    """Remove a run with its result. Raises NotFound, Conflict for one that a worker has."""
    work.actor.require(rows.WRITER)
    row = rows.row_of(work, identifier, "name", "state")
    table = t.simulation
    statement = delete(table).where(table.c.id == identifier, table.c.state != State.RUNNING)
    if not work.db.execute(statement).rowcount:
        raise Conflict("the simulation is running: cancel it first", state=row["state"])
    rows.record(work, identifier, "removed", name=row["name"])


def event_log(work: Work, identifier: int, replication: int = 0) -> EventLog:
    """Return the log of one replication, played again: the same each time.

    Raises NotFound, Invalid where there is no such replication.
    """
    run = results.kept(work, identifier)
    return events.replayed(run, replication, work.settings.zone)
