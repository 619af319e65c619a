"""What a scenario asks of whom: each item's differences from the base, department by department."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.analysis.network import ActivityNetwork
from engine.analysis.reduction import reduced
from engine.analysis.reengineering.application import promise_of
from engine.analysis.reengineering.legality import earlier
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Plan
from engine.rules.procedure import START, Activity, Kind


class ChangeKind(StrEnum):
    """What is different."""

    #: handled within another item: `into`
    MERGED = "merged"
    #: takes in other items with their papers: `absorbed`, `materials` that are new to it
    TAKES_IN = "takes_in"
    #: asked for no more
    DROPPED = "dropped"
    #: `before` → `after`, days of its promise
    PROMISE = "promise"
    #: the same of applicants' and intermediaries' own work
    EXPECTATION = "expectation"
    #: may begin sooner: no longer `waits_for`, but for `instead`
    EARLIER = "earlier"
    #: holds up others than before: no longer `holds_up`, but `instead`
    MOVED = "moved"
    #: convenes the joint review with `participants`
    CONVENES = "convenes"
    #: gives its opinion at the joint review of the item, which `lead` convenes
    TAKES_PART = "takes_part"
    #: decides on a commitment and checks it within `check_days`
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a department must now do differently."""

    kind: ChangeKind
    item: str
    department: str
    detail: dict[str, Any] = field(default_factory=dict)


def changes(base: Plan, plan: Plan, applied: Sequence[Operation] = ()) -> tuple[Change, ...]:
    """Every difference between two plans, in the order of the base's items.

    `applied` are the operations between them: moves and joint reviews are named from these.
    """
    gone = [change for each in base.activities.values() for change in _gone(plan, each)]
    waits = _Waits(base, plan)
    kept = [each for each in base.activities.values() if each.id in plan.activities]
    same = [change for each in kept for change in _kept(base, plan, each, waits)]
    done = [change for each in applied for change in _named(base, plan, each)]
    order = {name: place for place, name in enumerate(base.activities)}
    return tuple(sorted((*gone, *same, *done), key=lambda change: order[change.item]))


def _gone(plan: Plan, activity: Activity) -> Iterator[Change]:
    name, department = activity.id, activity.department
    if name in plan.activities:
        return
    if name in plan.absorbed:
        into = plan.home(name) or plan.absorbed[name]
        yield Change(ChangeKind.MERGED, name, department, {"into": into})
    else:
        yield Change(ChangeKind.DROPPED, name, department)


def _kept(base: Plan, plan: Plan, activity: Activity, waits: _Waits) -> Iterator[Change]:
    name, department = activity.id, activity.department
    taken = [each for each in plan.absorbed if plan.home(each) == name]
    if taken:
        told = {"absorbed": taken, "materials": _new_materials(base, plan, name)}
        yield Change(ChangeKind.TAKES_IN, name, department, told)
    before, after = promise_of(base, name), promise_of(plan, name)
    if before != after:
        kind = ChangeKind.PROMISE if activity.kind is Kind.APPROVAL else ChangeKind.EXPECTATION
        yield Change(kind, name, department, {"before": before, "after": after})
    fewer, instead = waits.of(name)
    if fewer and activity.kind is not Kind.MILESTONE:
        told = {"waits_for": fewer, "instead": instead}
        yield Change(ChangeKind.EARLIER, name, department, told)


def _new_materials(base: Plan, plan: Plan, name: str) -> list[str]:
    if name not in plan.items:
        return []
    known = base.items[name].materials
    return [each for each in plan.items[name].materials if each not in known]


def _named(base: Plan, plan: Plan, operation: Operation) -> Iterator[Change]:
    """What an operation asks for that the networks do not show, where the item is still there."""
    name = operation.item
    if name not in plan.activities:
        return
    lead = base[name].department
    if operation.kind is OperationKind.MOVE_TO_POST:
        told = {"holds_up": list(operation.remove_from), "instead": list(operation.add_to)}
        yield Change(ChangeKind.MOVED, name, lead, told)
    if operation.kind is OperationKind.COMMITMENT:
        yield Change(ChangeKind.COMMITMENT, name, lead, {"check_days": operation.check_days})
    if operation.kind is OperationKind.JOINT_REVIEW:
        others = [each for each in operation.participants if each != lead]
        yield Change(ChangeKind.CONVENES, name, lead, {"participants": others})
        for department in others:
            yield Change(ChangeKind.TAKES_PART, name, department, {"lead": lead})


class _Waits:
    """What each activity waited for, and waits for, without what follows from the rest."""

    def __init__(self, base: Plan, plan: Plan) -> None:
        self.plan = plan
        self.was, self.now = _direct(base.network), _direct(plan.network)
        self.reach = earlier(plan.network)

    def of(self, name: str) -> tuple[list[str], list[str]]:
        """What it waits for no more at all, and what it now waits for directly."""
        homes = {self.plan.home(each) for each in self.was[name]} - {None, START, name}
        fewer = [each for each in homes if each is not None and each not in self.reach[name]]
        return sorted(fewer), [each for each in self.now[name] if each != START]


def _direct(network: ActivityNetwork) -> dict[str, tuple[str, ...]]:
    return {each.id: (*each.predecessors, *each.decision_waits_for) for each in reduced(network)}
