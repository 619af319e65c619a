"""What a scenario does, and the cheapest of its operations: on paper, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.answer import answer
from engine.analysis.reengineering.effect import effect as effect_of
from engine.analysis.reengineering.legality import breaches, judged
from engine.analysis.reengineering.operation import Operation, operations_of
from engine.analysis.reengineering.optimiser import Progress, optimise
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Played, play
from engine.analysis.reengineering.subsets import relevant
from engine.errors import Invalid
from engine.rules.precondition import Precondition
from engine.service import deployments, procedures
from engine.service.procedures import Files
from engine.service.scenarios import city_lists, rows
from engine.service.scenarios.scenarios import plan_of
from engine.service.scenarios.views import ScenarioView
from engine.service.work import Work
from engine.settings import Settings
from engine.workflow.deployment import Deployment

published, laws = city_lists.published, city_lists.laws
#: operations of which all sets are looked at while somebody waits: some four seconds
AT_ONCE = 24


class TooManyAtOnce(Invalid):
    """The optimum of so many operations is not computed while somebody waits."""

    remedy = "Ask the command `lianshen scenario optimise`, which says how far it is."


@dataclass(frozen=True, slots=True)
class Carried:
    """A scenario carried through on its base."""

    scenario: ScenarioView
    base: Deployment
    played: Played


@dataclass(frozen=True, slots=True)
class Question:
    """What the optimiser is asked; nothing more need be read to answer it."""

    base: Plan
    operations: tuple[Operation, ...]
    target: int
    laws: tuple[Precondition, ...]


def carried(work: Work, scenario_id: int) -> Carried:
    """Carry a scenario through on the version it stands on. Raises NotFound."""
    view = rows.view_of(rows.row_of(work, scenario_id))
    built = deployments.deployment(work.db, view.version_id)
    base = Plan.of(built.activities, built.procedure.items)
    played = play(base, operations_of(view.operations), laws(work.settings))
    return Carried(view, built, played)


def effect(work: Work, scenario_id: int) -> dict[str, Any]:
    """Return the effect of a scenario, JSON-ready. Raises NotFound.

    Beside what `engine.analysis.reengineering.effect` tells: `scenario` (which, in what state,
    and `version`, that it was computed of), `makes` (the procedure that the city's list for the
    base is published to make, and whether this scenario makes it; None without one),
    `base_version`, `newest_version`, `outdated`.
    """
    return told(work, carried(work, scenario_id))


def told(work: Work, found: Carried) -> dict[str, Any]:
    """Return the effect of a scenario that was carried through."""
    view = found.scenario
    names = ("id", "name", "state", "version", "target_procedure")
    return {
        "scenario": {name: getattr(view, name) for name in names},
        **effect_of(view.procedure, found.played),
        "makes": made(work, view.procedure, found.played.plan.network),
        "base_version": view.base_version,
        "newest_version": view.newest_version,
        "outdated": view.outdated,
    }


def made(work: Work, procedure: str, network: ActivityNetwork) -> dict[str, Any] | None:
    """Return what the published list of a procedure makes, and whether a network is that."""
    makes = published(work.settings, procedure)[0]
    known = procedures.find(work, makes) if makes else []
    if not known:
        return None
    target = deployments.deployment(work.db, known[0].id)
    equal = equivalent(network, ActivityNetwork(target.activities))
    return {"procedure": makes, "equal": equal}


def question(work: Work, scenario_id: int, target: int) -> Question:
    """Return what the optimiser is asked about a scenario: all its operations, on or off.

    Raises NotFound.
    """
    row = rows.row_of(work, scenario_id)
    base = plan_of(work, row["version_id"])
    return Question(base, operations_of(row["operations"]), target, laws(work.settings))


def answered(asked: Question, progress: Progress = lambda _done, _all: None) -> dict[str, Any]:
    """Return the optimum, JSON-ready; `progress` is told how many sets of all were looked at.

    Raises Invalid for a target below one day, and for too many operations.
    """
    found = optimise(asked.base, asked.operations, asked.target, asked.laws, progress)
    return answer(found)


def optimum(work: Work, scenario_id: int, target: int) -> dict[str, Any]:
    """Return the cheapest of a scenario's operations that reach a target.

    Raises NotFound, and what `at_once` raises.
    """
    return at_once(question(work, scenario_id, target))


def at_once(asked: Question) -> dict[str, Any]:
    """Return the optimum where it can be told while one waits.

    Raises Invalid for a target below one day, TooManyAtOnce for more operations than that.
    """
    number = choices(asked)
    if number > AT_ONCE:
        raise too_many(number)
    return answered(asked)


def too_many(number: int) -> TooManyAtOnce:
    """Return the error that says so."""
    text = (
        f"{number} operations could move construction start: of more than {AT_ONCE} the "
        "command `lianshen scenario optimise` finds the cheapest, and says how far it is"
    )
    return TooManyAtOnce(text, field="operations", number=number, most=AT_ONCE)


def choices(asked: Question) -> int:
    """Return how many operations the optimiser chooses among: each doubles its work."""
    lawful = [each for each in asked.operations if not any(breaches(asked.base, each))]
    return len(relevant(asked.base, lawful, judged(asked.base, asked.laws)))


def paper(files: Files, settings: Settings) -> tuple[str, Plan]:
    """Return the id and the plan of a procedure on paper.

    Raises InvalidDefinition with all problems.
    """
    built, _ = procedures.plan(files, settings)
    return built.procedure.id, Plan.of(built.activities, built.procedure.items)
