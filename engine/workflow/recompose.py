"""Stages of a procedure composed anew from activities, in its own words and with ids of BPMN.

An item, a department or a stage may be called what no element of BPMN may be called: 备案. The
diagrams then have ids of their own; what runs reads the properties and messages, which stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.rules.procedure import START, Activity
from engine.workflow.compose import Captions, StagePlan, compose
from engine.workflow.compose_base import Base
from engine.workflow.diagram import Diagram
from engine.workflow.xml import ID


def recompose(
    base: Base, activities: Sequence[Activity], stages: Iterable[str]
) -> dict[str, Diagram]:
    """Return the diagrams of some stages by their ids, composed of the activities of all."""
    codes = Codes.of(base, activities)
    drawn = [codes.activity(each) for each in activities if each.id != START]
    plans = {stage: codes.stage(base.stage_plan(stage, activities)) for stage in stages}
    made = compose(drawn, list(plans.values()), codes.captions(base.captions()))
    return {stage: codes.diagram(made[plan.id]) for stage, plan in plans.items()}


@dataclass(frozen=True)
class Codes:
    """Names and the ids that stand for them in the diagrams; most names are ids themselves."""

    activities: Mapping[str, str]
    departments: Mapping[str, str]
    #: stage → the id of its process, which it keeps
    processes: Mapping[str, str]

    @classmethod
    def of(cls, base: Base, activities: Iterable[Activity]) -> Codes:
        """Return the ids for a procedure and its activities."""
        return cls(
            codes((each.id for each in (*base.deployment.activities, *activities)), "item"),
            codes(base.departments(), "department"),
            {stage: definition.id for stage, definition in base.deployment.stages.items()},
        )

    def activity(self, activity: Activity) -> Activity:
        """Return an activity by its ids; what its decision waits for is a property and stays."""
        return replace(
            activity,
            id=self.activities[activity.id],
            stage=self.processes[activity.stage],
            department=self.departments.get(activity.department, ""),
            predecessors=tuple(self.activities[each] for each in activity.predecessors),
        )

    def stage(self, plan: StagePlan) -> StagePlan:
        """Return a stage by its ids."""
        return replace(plan, id=self.processes[plan.id], lead=self.departments.get(plan.lead, ""))

    def captions(self, captions: Captions) -> Captions:
        """Return captions by ids."""
        return replace(
            captions,
            departments={self.departments[k]: name for k, name in captions.departments.items()},
            waits={self.activities.get(k, k): label for k, label in captions.waits.items()},
            drawn={self.activities.get(k, k): node for k, node in captions.drawn.items()},
        )

    def diagram(self, diagram: Diagram) -> Diagram:
        """Return a diagram whose events wait for the names; without a lane that is nobody's."""
        names = {code: name for name, code in self.activities.items()}
        nodes = tuple(
            replace(node, message=names.get(node.message, node.message)) for node in diagram.nodes
        )
        if [lane.id for lane in diagram.lanes] != ["lane-"]:
            return replace(diagram, nodes=nodes)
        return replace(diagram, lanes=(), nodes=tuple(replace(node, lane="") for node in nodes))


def codes(names: Iterable[str], what: str) -> dict[str, str]:
    """Return an id for each name: itself where it may be one, and where it is nothing."""
    places = enumerate(dict.fromkeys(names), 1)
    return {
        name: name if not name or ID.fullmatch(name) else f"{what}-{place}"
        for place, name in places
    }
