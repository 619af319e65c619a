"""A plan under every subset of some operations at once; `application`, lifted.

START is left out: nothing is later for waiting for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from engine.analysis.reengineering.application import PREPARING, promise_of, working_days
from engine.analysis.reengineering.legality import reserved
from engine.analysis.reengineering.lifted import (
    NO,
    YES,
    Days,
    Truth,
    both,
    choose,
    either,
    ever,
    some,
    without,
)
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Plan
from engine.rules.procedure import START, Kind

#: by activity: what it waits for, and where
Gates = dict[str, dict[str, Truth]]


class LiftedPlan:
    """What is there, what waits for what, and for how long, in each subset.

    `conflict` is true where some operation could not be applied, `unlawful` where one breaks a
    rule of its own kind. Where there is a conflict the rest means nothing.
    """

    def __init__(self, base: Plan) -> None:
        self.base = base
        names = [name for name in base.activities if name != START]
        self.there: dict[str, Truth] = dict.fromkeys(names, YES)
        self.starts: Gates = {name: _known(base[name].predecessors) for name in names}
        self.decides: Gates = {name: _known(base[name].decision_waits_for) for name in names}
        #: who does the work of an item
        self.homes: Gates = {name: {name: YES} for name in names}
        self.promise: dict[str, Days] = {name: np.int32(promise_of(base, name)) for name in names}
        self.days: dict[str, Days] = {name: np.int32(base[name].days) for name in names}
        items = base.items
        self.guarded: dict[str, Truth] = {
            name: np.bool_(name in items and bool(items[name].guards)) for name in names
        }
        #: items that only their department decides, and where which department takes part
        self.reserved = tuple(name for name in names if reserved(base, name))
        self.seats: Gates = {name: seats_of(base, name) for name in names}
        #: where an item is decided on the applicant's word
        self.committed: dict[str, Truth] = {}
        self.conflict: Truth = NO
        self.unlawful: Truth = NO

    def apply(self, operation: Operation, active: Truth) -> None:
        """Apply an operation in the subsets where it is active."""
        for name in (operation.item, *operation.absorb):
            if name not in self.there or self.base[name].kind is Kind.MILESTONE:
                self.refuse(active)
                return
            self.refuse(without(active, self.there[name]))
        APPLY[operation.kind](self, operation, active)

    def refuse(self, where: Truth) -> None:
        """Note where an operation could not be applied."""
        self.conflict = either(self.conflict, where)

    def gates(self, name: str) -> dict[str, Truth]:
        """All that must be finished before an activity can be."""
        found = dict(self.starts[name])
        for before, waits in self.decides[name].items():
            found[before] = either(found.get(before, NO), waits)
        return found

    def edges(self) -> Iterator[tuple[str, str, Truth]]:
        """Every gate, from whom to whom and where; those of both kinds."""
        for gates in (self.starts, self.decides):
            for name, before in gates.items():
                yield from ((each, name, where) for each, where in before.items())

    def inherit(self, gone: str, instead: Mapping[str, Truth], where: Truth) -> None:
        """Let all that waits for an activity wait for others instead."""
        for gates in (self.starts, self.decides):
            for follower in gates:
                replace(gates, follower, gone, instead, where)

    def remove(self, name: str, where: Truth, into: str | None = None) -> None:
        """Take an activity out; its work goes to another, or is done no more."""
        self.there[name] = without(self.there[name], where)
        for homes in self.homes.values():
            moved = both(homes.get(name, NO), where)
            if into is not None:
                homes[into] = either(homes.get(into, NO), moved)
            homes[name] = without(homes.get(name, NO), where)

    def at_home(self, name: str, where: Truth) -> list[tuple[str, Truth]]:
        """Who does an item's work, and in which of the subsets; nobody is a conflict."""
        homes = {} if name == START else self.homes.get(name, {})
        found = [(home, both(where, stands)) for home, stands in homes.items()]
        if name != START:
            self.refuse(without(where, some(homes.values())))
        return found

    def set_days(self, operation: Operation, where: Truth, *, equal: bool = False) -> None:
        """Promise other days, where they are fewer."""
        name, told = operation.item, operation.days or 0
        days, now = np.int32(told), self.promise[name]
        fewer = now >= days if equal else now > days
        self.refuse(without(where, fewer))
        self.promise[name] = choose(where, days, now)
        taken = np.int32(working_days(self.base, name, told))
        self.days[name] = choose(where, taken, self.days[name])


def replace(
    gates: Gates, follower: str, gone: str, instead: Mapping[str, Truth], where: Truth
) -> None:
    """Let one activity wait for others in place of one that it waits for."""
    waited = gates[follower].get(gone)
    if waited is None:
        return
    affected = both(waited, where)
    gates[follower][gone] = without(waited, where)
    for before, truth in instead.items():
        if before != follower:
            known = gates[follower].get(before, NO)
            gates[follower][before] = either(known, both(affected, truth))


def shorten(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """A shorter promise, or less time for the applicant."""
    plan.set_days(operation, active)


def joint_review(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """Decided at one table, in no more days than before."""
    plan.set_days(operation, active, equal=True)
    seats = plan.seats[operation.item]
    for department in {plan.base[each].department for each in plan.reserved}:
        now = both(active, np.bool_(department in operation.participants))
        seats[department] = either(now, without(seats.get(department, NO), active))


def commitment(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """Decided on the applicant's word: never what may endanger others."""
    name = operation.item
    plan.committed[name] = either(plan.committed.get(name, NO), active)
    plan.set_days(operation, active)


def drop(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """Asked for no more: never what protects others."""
    name = operation.item
    plan.unlawful = either(plan.unlawful, both(active, plan.guarded[name]))
    plan.inherit(name, plan.gates(name), active)
    plan.remove(name, active)


def merge(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """One item takes others in, and what they guard."""
    into = operation.item
    for absorbed in operation.absorb:
        present = both(plan.there[into], plan.there[absorbed])
        decided = {plan.base[each].kind is Kind.APPROVAL for each in (into, absorbed)}
        apart = into == absorbed or len(decided) > 1
        plan.refuse(without(active, NO if apart else present))
        plan.inherit(absorbed, {**plan.gates(absorbed), into: YES}, active)
        plan.remove(absorbed, active, into)
        if {into, absorbed} <= plan.base.items.keys():
            guarded = both(active, plan.guarded[absorbed])
            plan.guarded[into] = either(plan.guarded[into], guarded)


def parallelise(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """It waits for what is named and nothing else; who waited for it inherits the rest."""
    name, now = operation.item, defaultdict[str, Truth](lambda: NO)
    if name in operation.predecessors:
        plan.refuse(active)
    for before in operation.predecessors:
        for home, where in plan.at_home(before, active):
            if home != name:
                now[home] = either(now[home], where)
    old = plan.starts[name]
    released = {before: without(waits, now[before]) for before, waits in old.items()}
    plan.inherit(name, {**released, name: YES}, active)
    plan.starts[name] = {
        each: either(both(active, now[each]), without(old.get(each, NO), active))
        for each in {**old, **now}
    }


def move_to_post(plan: LiftedPlan, operation: Operation, active: Truth) -> None:
    """It holds up something later instead."""
    name = operation.item
    kept = decisions_before(plan, name, active)
    for home, where in standing(plan, operation.remove_from, active).items():
        waited = either(plan.starts[home].get(name, NO), plan.decides[home].get(name, NO))
        plan.refuse(without(where, waited))
        for gates in (plan.starts, plan.decides):
            replace(gates, home, name, kept, where)
    for home, where in standing(plan, operation.add_to, active).items():
        if home != name:
            plan.starts[home][name] = either(plan.starts[home].get(name, NO), where)


def standing(plan: LiftedPlan, names: Iterable[str], active: Truth) -> dict[str, Truth]:
    """Who does the work of items, and where; nobody is a conflict, and so is the beginning."""
    found = defaultdict[str, Truth](lambda: NO)
    for name in names:
        if name == START:
            plan.refuse(active)
        for home, where in plan.at_home(name, active):
            found[home] = either(found[home], where)
    return found


def decisions_before(plan: LiftedPlan, name: str, where: Truth) -> dict[str, Truth]:
    """What an item waits for, applicants' and intermediaries' work seen through."""
    found = defaultdict[str, Truth](lambda: NO)
    waiting = [(name, where)]
    while waiting:
        at, here = waiting.pop()
        for before, waits in plan.gates(at).items():
            fresh = without(both(here, waits), found[before])
            if ever(fresh):
                found[before] = either(found[before], fresh)
                waiting += [(before, fresh)] if plan.base[before].kind in PREPARING else []
    return {each: truth for each, truth in found.items() if plan.base[each].kind not in PREPARING}


APPLY: Mapping[OperationKind, Callable[[LiftedPlan, Operation, Truth], None]] = {
    OperationKind.SHORTEN: shorten,
    OperationKind.MERGE: merge,
    OperationKind.DROP: drop,
    OperationKind.PARALLELISE: parallelise,
    OperationKind.MOVE_TO_POST: move_to_post,
    OperationKind.JOINT_REVIEW: joint_review,
    OperationKind.COMMITMENT: commitment,
}


def seats_of(base: Plan, name: str) -> dict[str, Truth]:
    """The departments that take part in an item's decision: its own, and those of its review."""
    item = base.items.get(name)
    others = () if item is None else item.participants
    return dict.fromkeys((base[name].department, *others), YES)


def _known(names: tuple[str, ...]) -> dict[str, Truth]:
    return {name: YES for name in names if name != START}
