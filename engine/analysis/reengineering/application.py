"""What each operation does to a plan: pure functions, plan in, plan out.

Whoever waited for an item that is merged away, dropped or set beside its predecessors inherits
what that item waited for: else a precondition would vanish unseen. The item that takes others in
does not inherit their gates; whoever waited for them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.analysis.network import InvalidNetwork
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Inapplicable, Plan, gates
from engine.rules.catalogue import Item
from engine.rules.deadline import planned_days
from engine.rules.procedure import START, Activity, Kind

#: whose work prepares papers, and is no decision
PREPARING = frozenset({Kind.APPLICANT, Kind.INTERMEDIARY})


def apply(plan: Plan, operation: Operation) -> Plan:
    """The plan after an operation. Raises Inapplicable with the reason; breaches are not judged."""
    _check_worked(plan, operation)
    changed = APPLY[operation.kind](plan, operation)
    try:
        _ = changed.network
    except InvalidNetwork as error:
        members = error.detail.get("activities", [])
        cause = error.detail.get("cause", "cycle")
        raise Inapplicable(error.message, cause=cause, items=members) from error
    return changed


def _check_worked(plan: Plan, operation: Operation) -> None:
    for name in (operation.item, *operation.absorb):
        if plan[name].kind is Kind.MILESTONE:
            text = f"{name} is a point in time: there is nothing to change about it"
            raise Inapplicable(text, cause="unknown_item", items=[name])


def shorten(plan: Plan, operation: Operation) -> Plan:
    """A shorter promise, or less time for the applicant's own work."""
    return _in_days(plan, operation)


def merge(plan: Plan, operation: Operation) -> Plan:
    """One item takes others in: their papers come with it, their days and windows go."""
    for absorbed in operation.absorb:
        plan = _take_in(plan, operation.item, absorbed)
    return plan


def drop(plan: Plan, operation: Operation) -> Plan:
    """The item is asked for no more."""
    plan = _handed_on(plan, operation.item, plan.gates(operation.item))
    return plan.without(operation.item, dropped=plan.dropped | {operation.item})


def parallelise(plan: Plan, operation: Operation) -> Plan:
    """The item waits for what is named, and for nothing else, before it starts."""
    item = plan[operation.item]
    if item.id in operation.predecessors:
        text = f"{item.id} cannot wait for itself"
        raise Inapplicable(text, cause="itself", items=[item.id])
    # what would wait for nobody but itself waits for the beginning
    now = gates(map(plan.stands_for, operation.predecessors), item.id) or (START,)
    released = [name for name in item.predecessors if name not in now]
    for follower in plan.followers(item.id):
        plan = plan.changed(_inherits(follower, item.id, (item.id, *released)))
    return plan.changed(replace(plan[item.id], predecessors=now))


def move_to_post(plan: Plan, operation: Operation) -> Plan:
    """The item holds up what is named no more, and something later instead.

    What was held up goes on waiting for the decisions the item itself waited for, which would
    else vanish with it; not for the applicant's preparation of its papers.
    """
    kept = _decisions_before(plan, operation.item)
    for name in _standing(plan, operation.remove_from):
        follower = plan[name]
        if operation.item not in plan.gates(name):
            text = f"{name} does not wait for {operation.item} directly"
            raise Inapplicable(text, cause="waits_not", items=[name, operation.item])
        plan = plan.changed(_inherits(follower, operation.item, kept))
    for name in _standing(plan, operation.add_to):
        follower = plan[name]
        later = gates((*follower.predecessors, operation.item), name)
        plan = plan.changed(replace(follower, predecessors=later))
    return plan


def _standing(plan: Plan, names: Iterable[str]) -> list[str]:
    """Who does the work of items, each once: two may have been merged into one."""
    return list(dict.fromkeys(map(plan.stands_for, names)))


def _decisions_before(plan: Plan, item_id: str) -> tuple[str, ...]:
    """What an item waits for, applicants' and intermediaries' work seen through."""
    found: dict[str, bool] = {}
    waiting = [*reversed(plan.gates(item_id))]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = plan[name].kind in PREPARING
            waiting.extend(reversed(plan.gates(name)) if found[name] else ())
    return tuple(name for name, prepares in found.items() if not prepares)


def joint_review(plan: Plan, operation: Operation) -> Plan:
    """Decided with others at one table, in no more days than before."""
    plan = _in_days(plan, operation, equal=True)
    return plan.with_item(operation.item, participants=operation.participants)


def commitment(plan: Plan, operation: Operation) -> Plan:
    """Decided on the applicant's word; whether it is kept is checked afterwards."""
    plan = _in_days(plan, operation)
    return plan.with_item(operation.item, commitment_check_days=operation.check_days)


#: by kind
APPLY: Mapping[OperationKind, Callable[[Plan, Operation], Plan]] = {
    OperationKind.SHORTEN: shorten,
    OperationKind.MERGE: merge,
    OperationKind.DROP: drop,
    OperationKind.PARALLELISE: parallelise,
    OperationKind.MOVE_TO_POST: move_to_post,
    OperationKind.JOINT_REVIEW: joint_review,
    OperationKind.COMMITMENT: commitment,
}


def promise_of(plan: Plan, item_id: str) -> int:
    """The days of an item in the unit in which they are told."""
    activity, item = plan[item_id], plan.items.get(item_id)
    told = None if item is None or activity.kind is not Kind.APPROVAL else item.promised_days
    return activity.days if told is None else told


def working_days(plan: Plan, item_id: str, days: int) -> int:
    """The working days that a promise of so many days takes."""
    item = plan.items.get(item_id)
    promised = item is not None and plan[item_id].kind is Kind.APPROVAL
    return planned_days(days, item.promised_unit) if item and promised else days


def _in_days(plan: Plan, operation: Operation, *, equal: bool = False) -> Plan:
    days, now = operation.days or 0, promise_of(plan, operation.item)
    if days > now or (days == now and not equal):
        text = f"{operation.item} takes {now} days already: {days} would not shorten it"
        raise Inapplicable(text, cause="not_shorter", items=[operation.item])
    return set_days(plan, operation.item, days)


def set_days(plan: Plan, item_id: str, days: int) -> Plan:
    """The plan with another promise; of applicants' work, another expectation."""
    activity = plan[item_id]
    if item_id not in plan.items:
        return plan.changed(replace(activity, days=days))
    if activity.kind is not Kind.APPROVAL:
        return plan.with_item(item_id, expected_days=days)
    told: dict[str, Any] = {"promised_days": days, "instant": days == 0}
    # what is decided on the spot cannot wait for papers
    return plan.with_item(item_id, **told, **({"secondary": ()} if days == 0 else {}))


def _take_in(plan: Plan, into: str, absorbed: str) -> Plan:
    _check_other(plan, into, absorbed)
    plan = _handed_on(plan, absorbed, (into, *plan.gates(absorbed)))
    plan = _with_papers(plan, into, absorbed)
    return plan.without(absorbed, absorbed={**plan.absorbed, absorbed: into})


def _check_other(plan: Plan, into: str, absorbed: str) -> None:
    if into == absorbed:
        text = f"{into} cannot be merged into itself"
        raise Inapplicable(text, cause="itself", items=[into])
    if (plan[into].kind is Kind.APPROVAL) != (plan[absorbed].kind is Kind.APPROVAL):
        text = f"{into} and {absorbed}: only one of them is decided by a department"
        raise Inapplicable(text, cause="no_authority", items=[into, absorbed])


def _with_papers(plan: Plan, into: str, absorbed: str) -> Plan:
    """What was asked for with either is asked for, and what either could endanger is guarded."""
    one, other = plan.items.get(into), plan.items.get(absorbed)
    if one is None or other is None:
        return plan
    guards = tuple(dict.fromkeys((*one.guards, *other.guards)))
    return plan.with_item(
        into,
        materials=tuple(dict.fromkeys((*one.materials, *other.materials))),
        secondary=() if one.instant or "above_city" in guards else _secondary(one, other),
        guards=guards,
        deemed_on_lapse=one.deemed_on_lapse and not guards,
        commitment_check_days=None if guards else one.commitment_check_days,
    )


def _secondary(one: Item, other: Item) -> tuple[str, ...]:
    """The papers that may come later for both: what is a main one of either may not."""
    main = {*one.materials} - {*one.secondary} | {*other.materials} - {*other.secondary}
    both = dict.fromkeys((*one.secondary, *other.secondary))
    return tuple(each for each in both if each not in main)


def _handed_on(plan: Plan, gone: str, instead: Iterable[str]) -> Plan:
    for follower in plan.followers(gone):
        plan = plan.changed(_inherits(follower, gone, tuple(instead)))
    return plan


def _inherits(follower: Activity, gone: str, instead: tuple[str, ...]) -> Activity:
    """The follower waiting for others in place of one, to start or to decide as it waited."""
    starts = _instead(follower.predecessors, gone, instead, follower.id)
    return replace(
        follower,
        # what waited for something to start waits at least for the beginning
        predecessors=starts or (follower.predecessors and (START,)),
        # no decision falls before the beginning
        decision_waits_for=tuple(
            name
            for name in _instead(follower.decision_waits_for, gone, instead, follower.id)
            if name != START
        ),
    )


def _instead(
    names: tuple[str, ...], gone: str, instead: tuple[str, ...], own: str
) -> tuple[str, ...]:
    if gone not in names:
        return names
    return gates((each for name in names for each in (instead if name == gone else (name,))), own)
