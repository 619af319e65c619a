"""What holds of every operation on every network: no gate vanishes unless an operation names it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given

from engine.analysis.network import View
from engine.analysis.reengineering.application import apply
from engine.analysis.reengineering.effect import applied, effect
from engine.analysis.reengineering.legality import breaches, earlier
from engine.analysis.reengineering.operation import Operation, OperationKind
from engine.analysis.reengineering.plan import Inapplicable, Plan
from engine.analysis.reengineering.scenario import StepState, play, totals
from engine.errors import Invalid
from engine.rules.catalogue import check_item
from engine.rules.procedure import Kind
from tests.analysis.plans import cases, steps

if TYPE_CHECKING:
    from engine.rules.precondition import Precondition

Case = tuple[Plan, tuple[Operation, ...], tuple["Precondition", ...]]
Pair = tuple[str, str]

Step = tuple[Plan, Operation, Plan]

ON_DAYS = (OperationKind.SHORTEN, OperationKind.JOINT_REVIEW, OperationKind.COMMITMENT)
ON_GATES = tuple(each for each in OperationKind if each not in ON_DAYS)


def pairs(found: Plan) -> set[Pair]:
    """Who is finished before whom."""
    reach = earlier(found.network)
    return {(before, after) for after, those in reach.items() for before in those}


def surviving(before: Plan, after: Plan) -> set[Pair]:
    return {pair for pair in pairs(before) if {*pair} <= after.activities.keys()}


@given(steps())
def test_no_gate_vanishes_that_no_operation_names(step: Step) -> None:
    before, operation, after = step
    lost = surviving(before, after) - pairs(after)
    assert lost <= released(before, operation)


def released(plan: Plan, operation: Operation) -> set[Pair]:
    """The pairs that an operation says it lets go."""
    name, reach = operation.item, earlier(plan.network)
    if operation.kind is OperationKind.PARALLELISE:
        return {(before, name) for before in reach[name]}
    if operation.kind is not OperationKind.MOVE_TO_POST:
        return set()
    homes = {plan.stands_for(each) for each in operation.remove_from}
    behind = homes | {each for each in reach if not homes.isdisjoint(reach[each])}
    return {(before, after) for before in preparation(plan, name) for after in behind}


def preparation(plan: Plan, name: str) -> set[str]:
    """An item with the applicants' and intermediaries' work that leads to it alone."""
    worked = {Kind.APPLICANT, Kind.INTERMEDIARY}
    near = [each for each in plan.gates(name) if plan[each].kind in worked]
    return {name}.union(*(preparation(plan, each) for each in near))


@given(steps(*ON_DAYS))
def test_an_operation_on_days_moves_no_gate(step: Step) -> None:
    before, operation, after = step
    assert pairs(before) == pairs(after)
    changed = {name for name in before.activities if before[name] != after[name]}
    assert changed <= {operation.item}
    assert after[operation.item].days <= before[operation.item].days


@given(steps(*ON_GATES))
def test_an_operation_on_gates_changes_no_days(step: Step) -> None:
    before, _, after = step
    assert {name: before[name].days for name in after.activities} == {
        name: each.days for name, each in after.activities.items()
    }


@given(steps(OperationKind.MERGE))
def test_who_takes_others_in_waits_for_no_more_than_before(
    step: Step,
) -> None:
    before, operation, after = step
    item = operation.item
    was, now = earlier(before.network)[item], earlier(after.network)[item]
    assert now <= was
    assert was - now <= {*operation.absorb}


@given(steps(OperationKind.MERGE))
def test_who_waited_for_a_merged_item_waits_for_the_one_that_took_it_in(
    step: Step,
) -> None:
    before, operation, after = step
    reach = earlier(after.network)
    for gone in operation.absorb:
        assert after.stands_for(gone) == operation.item
        for each in before.followers(gone):
            assert after.home(each.id) == operation.item or operation.item in reach[each.id]


@given(steps(OperationKind.PARALLELISE))
def test_a_parallelised_item_waits_for_what_is_named(step: Step) -> None:
    before, operation, after = step
    name, was = operation.item, pairs(before)
    homes = {before.stands_for(each) for each in operation.predecessors} - {name}
    assert {*after[name].predecessors} <= homes | {"START"}
    reach = earlier(after.network)
    assert homes <= reach[name]
    for follower in before.followers(name):
        assert {early for early, late in was if late == follower.id} <= reach[follower.id]


@given(steps(OperationKind.MOVE_TO_POST))
def test_a_moved_item_holds_up_what_is_named(step: Step) -> None:
    before, operation, after = step
    name = operation.item
    added = {before.stands_for(each) for each in operation.add_to} - {name}
    for home in {before.stands_for(each) for each in operation.remove_from} - added:
        assert name not in after.gates(home)
    for home in added:
        assert name in after[home].predecessors


@given(steps())
def test_an_item_stays_one_that_may_be_deployed(step: Step) -> None:
    before, operation, after = step
    assume(not any(breaches(before, operation)))
    try:
        for item in before.items.values():
            check_item(item)
    except Invalid:
        assume(condition=False)  # an earlier operation broke a law of its own
    for item in after.items.values():
        check_item(item)
        if item.days is not None and item.id in after.activities:
            assert after[item.id].days == item.days


@given(cases())
def test_savings_add_up_and_every_bar_begins_where_the_last_one_ended(case: Case) -> None:
    base, operations, laws = case
    found = effect("p", play(base, operations, laws))
    bars = applied(found["steps"])
    assert sum(bar["saved"] for bar in bars) == found["saved"]
    last = found["before"]["counted_days"]
    for bar in bars:
        assert bar["before"] == last
        last = bar["after"]
    assert last == found["after"]["counted_days"]
    assert found["cost"] == sum(bar["cost"] for bar in bars)


@given(cases())
def test_a_scenario_is_its_operations_one_after_another_and_leaves_its_base(case: Case) -> None:
    base, operations, laws = case
    kept = copy.deepcopy(base)
    played = play(base, operations, laws)
    assert base == kept
    plan = base
    for operation in played.applied:
        before = copy.deepcopy(plan)
        following = apply(plan, operation)
        assert plan == before
        plan = following
    assert plan == played.plan
    assert totals(plan)[View.COUNTED] == played.steps[-1].counted_days


@given(cases())
def test_a_skipped_operation_says_why_and_could_not_be_done_there(case: Case) -> None:
    base, operations, _ = case
    plan, done = base, list[Operation]()
    for step in play(base, operations).steps:
        assert (step.conflict is not None) == (step.state is StepState.CONFLICT)
        if step.state is StepState.APPLIED:
            plan = apply(plan, step.operation)
            done.append(step.operation)
            continue
        assert step.conflict is not None
        if step.conflict.detail["cause"] == "excluded":
            assert step.conflict.detail["excludes"] in {each.id for each in done}
            continue
        with pytest.raises(Inapplicable) as refusal:
            apply(plan, step.operation)
        assert refusal.value.message == step.conflict.message
