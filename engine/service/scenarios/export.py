"""The way back to BPMN: a plan as the files of a procedure that can be deployed.

A stage in which nobody waits for anything else than before keeps its diagram. The others are
composed anew from the network; items keep their names, the processes they call and their
properties. What the plan promises, and what it changes of the catalogue, goes to `procedure.yaml`.
The files are read again before they are given out: they say what the plan says, or they are
refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import yaml

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import equivalent, reduced
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.errors import Invalid, InvalidDefinition
from engine.rules.catalogue import Item, Name
from engine.rules.procedure import OPEN, START, Activity, Kind
from engine.workflow import deployment as model
from engine.workflow.compose_base import Base
from engine.workflow.deployment import Deployment, Files
from engine.workflow.deployment_rows import named, row_of
from engine.workflow.layout import draw
from engine.workflow.problem import ERROR, Problem
from engine.workflow.recompose import recompose
from engine.workflow.yaml_file import read_mapping

DIAGRAMS = {".bpmn", ".xml"}


class NotComposable(Invalid):
    """The diagrams hold what a network does not say: composed anew they would run otherwise."""

    code = "not_composable"
    remedy = "Draw what is named inside the process that an item calls, or the new version by hand."


def files_of(
    plan: Plan,
    base: Deployment,
    base_files: Files,
    name: Name,
    procedure_id: str,
    *,
    operations: Iterable[Operation] = (),
    departments: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Return the files of a plan that came of a base by `operations`, which `source` names.

    `departments` names those whose lane has no name of their own.

    A stage of which nothing is left is left out. Raises NotComposable where a diagram to compose
    holds what would be lost, InvalidDefinition where the plan cannot be deployed (a promise above
    the statute).
    """
    drawn = Base(base, base_files, departments)
    anew = drawn.changed(plan.activities, plan.items)
    refuse([each for each in drawn.losses(anew) if each.severity == ERROR])
    smallest = reduced(plan.network)
    composed = {stage.id for stage in base.procedure.stages if stage.diagram in anew}
    chosen = (smallest[each.id] if each.stage in composed else each for each in plan.network)
    network = ActivityNetwork(in_order(chosen, base_files))
    names = diagram_names(base, network, composed)
    items = items_of(plan, network, drawn.items_outside(anew))
    refuse(list(without_days(items.values())))
    entries = catalogue(base_files, items)
    told = {
        "id": procedure_id,
        "name": named(name),
        **about(base, operations),
        "stages": [stage_row(base, stage, file) for stage, file in names.items()],
        "items": {
            each: row_of(item, entries.get(each, {}), drawn.elements[each].name)
            for each, item in items.items()
        },
    }
    files = kept(base_files, anew)
    for stage, diagram in recompose(drawn, list(network), composed & names.keys()).items():
        files[names[stage]] = draw(diagram)
    files[model.CATALOGUE] = dumped({"items": entries})
    files[model.PROCEDURE] = dumped(told)
    check(files, items, network)
    return files


def warnings_of(plan: Plan, base: Deployment, base_files: Files) -> list[Problem]:
    """Return what of a base's diagrams is lost when a plan is drawn.

    Errors are what runs: with these `files_of` refuses. Warnings are what is only drawn.
    """
    drawn = Base(base, base_files)
    return list(drawn.losses(drawn.changed(plan.activities, plan.items)))


def refuse(found: Sequence[Problem]) -> None:
    """Raise NotComposable where anything is lost."""
    if found:
        first = found[0]
        problems = [each.as_dict() for each in found]
        raise NotComposable(first.message, element=first.element, problems=problems)


def without_days(items: Iterable[Item]) -> Iterator[Problem]:
    """Yield the items of a lone diagram that count no day, since nobody says how many."""
    for item in items:
        if item.days is None:
            text = f"{item.id} says in no file how many days it takes: give it the property `days`"
            yield Problem("missing_days", text, item.id)


def in_order(activities: Iterable[Activity], base_files: Files) -> list[Activity]:
    """Return activities, and what each waits for, in the order of the base's `procedure.yaml`.

    It is the order in which diagrams are composed: what does not change is drawn as it was.
    """
    found = list(activities)
    listed = read_mapping(base_files.get(model.PROCEDURE, b"")).get("items") or {}
    names = dict.fromkeys([START, *map(str, listed), *(each.id for each in found)])
    place = {name: number for number, name in enumerate(names)}
    return [
        replace(each, predecessors=tuple(sorted(each.predecessors, key=place.__getitem__)))
        for each in sorted(found, key=lambda each: place[each.id])
    ]


def diagram_names(
    base: Deployment, network: ActivityNetwork, composed: Container[str]
) -> dict[str, str]:
    """Return the files' names of the stages that are left, by stage, in order."""
    left = {each.stage for each in network}
    shared = Counter(stage.diagram for stage in base.procedure.stages)
    names = {}
    for number, stage in enumerate(base.procedure.stages, 1):
        path = PurePosixPath(stage.diagram)
        together = stage.id in composed and shared[stage.diagram] > 1
        if stage.id not in composed or stage.id in left:
            names[stage.id] = f"{path.stem}-{number}{path.suffix}" if together else path.name
    return names


def kept(base_files: Files, anew: Container[str]) -> dict[str, bytes]:
    """Return the diagrams that stay as they are: those that stages call, too."""
    return {
        name: content
        for name, content in base_files.items()
        if PurePosixPath(name).suffix in DIAGRAMS and name not in anew
    }


def items_of(plan: Plan, network: ActivityNetwork, outside: Iterable[str]) -> dict[str, Item]:
    """Return the items that are drawn, their decisions waiting as they do in the network.

    `outside` stand in diagrams that stay, on ways that do not count.
    """
    found = {
        each.id: replace(plan.items[each.id], decision_waits_for=each.decision_waits_for)
        for each in network
        if each.id in plan.items
    }
    return found | {each: plan.items[each] for each in outside if each not in found}


def catalogue(base_files: Files, items: Iterable[str]) -> dict[str, Any]:
    """Return the catalogue's entries of some items."""
    known = read_mapping(base_files.get(model.CATALOGUE, b"")).get("items") or {}
    return {each: known[each] for each in items if each in known}


def about(base: Deployment, operations: Iterable[Operation]) -> dict[str, Any]:
    """Return what `procedure.yaml` says of the whole."""
    procedure = base.procedure
    done = ", ".join(each.id for each in operations) or "no operation"
    told = {
        "project_type": procedure.project_type,
        "source": f"re-engineering of {procedure.id} (version {base.hash[:12]}): {done}",
        "starts_with": named(procedure.starts_with),
        "window_months": procedure.window_months,
    }
    return {key: value for key, value in told.items() if value}


def stage_row(base: Deployment, stage_id: str, diagram: str) -> dict[str, Any]:
    """Return a stage's row."""
    stage = base.procedure.stage(stage_id)
    return {"id": stage.id, "name": named(stage.name), "lead": stage.lead, "diagram": diagram}


def dumped(data: Mapping[str, Any]) -> bytes:
    """Return YAML with short rows on one line each."""
    written: str = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120
    )
    return written.encode()


def check(files: Files, items: Mapping[str, Item], network: ActivityNetwork) -> None:
    """Read the files again; they must say the same. Raises InvalidDefinition, NotComposable."""
    built, problems = model.build(files)
    errors = [each for each in problems if each.severity == ERROR]
    if built is None or errors:
        details = [each.as_dict() for each in problems]
        raise InvalidDefinition(errors[0].message, problems=details)
    read = built.procedure.items
    wrong = sorted(name for name in {*items, *read} if items.get(name) != read.get(name))
    if wrong or not equivalent(awaited(network), ActivityNetwork(built.activities)):
        text = f"the diagrams would not say what the plan says of {', '.join(wrong) or 'the order'}"
        raise NotComposable(text, elements=wrong)


def awaited(network: ActivityNetwork) -> ActivityNetwork:
    """Return a network without the milestones that nobody waits for: diagrams do not tell them."""
    named_by = {name for each in network for name in (*each.predecessors, *each.decision_waits_for)}
    return ActivityNetwork(
        each
        for each in network
        if each.kind is not Kind.MILESTONE or each.id in {START, OPEN} | named_by
    )
