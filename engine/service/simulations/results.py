"""What came of runs: kept with the figures of every replication, compared, played again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import select

from engine.analysis.simulation import compare as pairs
from engine.analysis.simulation import sensitivity as tornado
from engine.analysis.simulation.compare import NotPaired
from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.run import Progress, simulate
from engine.rules.simulation import NotDone, State
from engine.service.codes import code_of
from engine.service.simulations import frozen, planning, rows
from engine.service.work import Work
from engine.store import tables as t


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run was made of."""

    id: int
    name: str
    model: Model
    plan: Plan
    #: of a portfolio: the codes of its projects by id, and when it was looked at
    names: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None


def played(
    model: Model, plan: Plan, progress: Progress, *, processes: int = 1, sensitivity: bool = False
) -> dict[str, Any]:
    """Play a model and return its result as plain data.

    `progress` is told how much of all is done, the steps of the sensitivity included; where it
    returns False the run ends with Cancelled. Raises InvalidModel.
    """
    replications, of = plan.replications, steps(model, plan, sensitivity=sensitivity)
    found = simulate(model, plan, processes=processes, progress=lambda done, _: progress(done, of))
    if sensitivity:
        # each step is too short to be worth other processes
        found.sensitivity = tornado.sensitivity(
            model, plan, progress=lambda done, _: progress(replications + done, of)
        )
    about = {"engine": version("lianshen"), "start": model.origin.isoformat()}
    return {**about, **found.data()}


def steps(model: Model, plan: Plan, *, sensitivity: bool) -> int:
    """Return how much there is to play: replications, and with sensitivity the inputs varied."""
    return plan.replications + (len([*tornado.inputs(model)]) if sensitivity else 0)


def result(work: Work, identifier: int) -> dict[str, Any]:
    """Return the result of a run that is done. Raises NotFound, NotDone."""
    return frozen.unpacked_data(done(work, identifier)["result"])


def done(work: Work, identifier: int) -> dict[str, Any]:
    """Return the row of a run that is done: its plan and its result. Raises NotFound, NotDone."""
    row = rows.row_of(work, identifier, "id", "name", "state", "error", "plan", "result")
    if row["state"] != State.DONE:
        why = f": {row['error']}" if row["error"] else ""
        raise NotDone(f"the simulation is {row['state']}{why}", state=row["state"])
    return row


def compare(work: Work, first: int, second: int) -> dict[str, Any]:
    """Return what the second run has over the first, see `engine.analysis.simulation.compare`.

    Raises NotFound, NotDone, and NotPaired where their plans differ: `differ` names in what.
    """
    one, other = done(work, first), done(work, second)
    differ = [each for each in one["plan"] if one["plan"][each] != other["plan"].get(each)]
    if differ:
        values = ", ".join(
            f"{each}: {one['plan'][each]:g} and {other['plan'][each]:g}" for each in differ
        )
        raise NotPaired(f"the runs were not planned alike ({values})", differ=differ)
    found = pairs.compare(*(frozen.unpacked_data(each["result"]) for each in (one, other)))
    names = [{"id": each["id"], "name": each["name"]} for each in (one, other)]
    return {"runs": names, **found}


def model(work: Work, identifier: int) -> Model:
    """Return what a run plays. Raises NotFound."""
    return kept(work, identifier).model


def kept(work: Work, identifier: int) -> Kept:
    """Return what a run was made of. Raises NotFound."""
    row = rows.row_of(work, identifier, "name", "model", "plan", "created_at")
    made = (row["name"], frozen.unpacked(row["model"]), planning.plan_of(row["plan"]))
    found = Kept(identifier, *made)
    if not found.model.standing:
        return found
    return replace(found, names=project_codes(work, found.model), since=row["created_at"])


def project_codes(work: Work, model: Model) -> dict[str, str]:
    """Return the codes of the projects a model begins with, by id; without those removed."""
    project = t.project.c
    wanted = [int(each.id) for each in model.standing if each.id.isdecimal()]
    query = select(project.id, project.created_at).where(project.id.in_(wanted))
    return {str(row["id"]): code_of(work, dict(row)) for row in work.db.execute(query).mappings()}
