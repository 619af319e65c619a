"""The optimiser is exact: against playing every subset, on random plans and on the city's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.reengineering import subsets as lifted
from engine.analysis.reengineering.answer import answer
from engine.analysis.reengineering.operation import Operation, operations_of
from engine.analysis.reengineering.optimiser import MAX_OPERATIONS, optimise
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.errors import Invalid
from engine.rules.catalogue import Item, Name
from engine.rules.procedure import OPEN, START
from tests.analysis import subsets as naive
from tests.analysis.networks import PROCEDURES, milestone, work
from tests.analysis.plans import bundled, cases, law, laws, operation, plan, published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.rules.precondition import Precondition

Case = tuple[Plan, tuple[Operation, ...], tuple["Precondition", ...]]


def agree(base: Plan, operations: Sequence[Operation], rules: Sequence[Precondition]) -> None:
    """Every subset at once is every subset on its own."""
    chunks = list(lifted.chunks(base, operations, rules))
    days = np.concatenate([each.days for each in chunks])
    cost = np.concatenate([each.cost for each in chunks])
    allowed = np.concatenate([each.allowed for each in chunks])
    played = naive.played(base, operations, rules)
    assert len(days) == len(played)
    for number, each in enumerate(played):
        assert lifted.members(number, operations) == each.chosen
        assert (bool(allowed[number]), int(cost[number])) == (each.allowed, each.cost), each
        if each.possible:
            assert int(days[number]) == each.days, each


@given(cases(), st.sampled_from((1, 2, 16)))
def test_all_subsets_at_once_are_what_each_is_alone(case: Case, bits: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifted, "CHUNK_BITS", bits)
        agree(*case)


@pytest.mark.parametrize(("name", "count"), [*zip(PROCEDURES, (10, 8, 10, 8), strict=True)])
def test_all_subsets_of_the_citys_first_operations(name: str, count: int) -> None:
    agree(bundled(name)[0], published(name)[:count], laws())


@given(cases(), st.integers(1, 20), st.sampled_from((1, 2, 16)))
def test_best_front_and_near_are_those_of_brute_force(case: Case, target: int, bits: int) -> None:
    base, operations, rules = case
    played = naive.played(base, operations, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifted, "CHUNK_BITS", bits)
        found = optimise(base, operations, target, rules)
    assert found.best == naive.best(played, target)
    assert found.front == naive.front(played)
    assert found.near == naive.near(played, target)
    assert found.reached == (naive.best(played, target) is not None)
    assert found.fewest_days == min(each.days for each in played if each.allowed)


@given(cases())
def test_what_is_barred_or_idle_is_so_in_every_subset(case: Case) -> None:
    base, operations, rules = case
    played = naive.played(base, operations, rules)
    found = optimise(base, operations, 1, rules)
    idle = {each.id for each in found.idle}
    never = naive.unheld(played, operations)
    alone = {each.id for each in operations if play(base, naive.on([each]), rules).breaches}
    barred = {each.id for each, _ in found.barred}
    assert barred <= never
    assert never & alone <= barred | idle
    assert all(breaches for _, breaches in found.barred)
    assert all(naive.moves_nothing(played, each) for each in found.idle)


@given(cases(), st.integers(1, 20))
def test_what_is_chosen_does_what_is_said_of_it(case: Case, target: int) -> None:
    base, operations, rules = case
    found = optimise(base, operations, target, rules)
    for each in (*found.front, *found.near, *([found.best] if found.best else [])):
        played = play(base, naive.on(each.operations), rules)
        assert (played.breaches, played.conflicts) == ((), ())
        assert played.cost == each.cost
        assert not played.steps or played.steps[-1].counted_days == each.days


def pair() -> Plan:
    """A and B side by side before OPEN, then C."""
    return plan(
        milestone(START),
        work("A", 6, START),
        work("B", 6, START),
        work("C", 4, "A", "B"),
        milestone(OPEN, "C", stage="construction"),
    )


def shorter(item: str, days: int, effort: int, **told: object) -> Operation:
    return operation("shorten", item, days=days, cost={"effort": effort}, **told)


def ids(operations: Sequence[Operation]) -> list[str]:
    return [each.id for each in operations]


def test_two_that_help_only_together_are_found() -> None:
    found = optimise(pair(), [shorter("A", 1, 1), shorter("B", 2, 1), shorter("C", 1, 3)], 7)
    assert [(each.days, each.cost) for each in found.front] == [(10, 0), (6, 2), (3, 5)]
    assert found.best is not None
    assert ids(found.best.operations) == ["shorten-A", "shorten-B"]
    assert [ids(each.operations) for each in found.near] == [["shorten-C"]]


def test_a_target_that_none_reaches_tells_the_fewest_days() -> None:
    found = optimise(pair(), [shorter("C", 1, 3)], 5)
    assert (found.reached, found.fewest_days, found.near) == (False, 7, ())
    told = answer(found)
    assert not told["reached"]
    assert (told["best_days"], told["days"], told["operations"]) == (7, 7, ["shorten-C"])


def test_what_is_off_may_be_chosen_and_what_excludes_may_not_be_with() -> None:
    operations = operations_of(
        [
            {"kind": "shorten", "item": "C", "days": 2, "id": "two", "enabled": False},
            {"kind": "shorten", "item": "C", "days": 1, "id": "one", "excludes": ["two"]},
        ]
    )
    found = optimise(pair(), operations, 7)
    assert found.best is not None
    assert ids(found.best.operations) == ["one"]
    assert [(each.days, each.cost) for each in found.front] == [(10, 0), (7, 1)]


def test_operations_that_wait_in_a_circle_together_are_not_chosen_together() -> None:
    base = plan(
        milestone(START),
        *(work(name, 5, START) for name in "ABC"),
        milestone(OPEN, "A", "B", "C", stage="construction"),
    )
    first = operation("parallelise", "A", predecessors=["B"], id="first")
    second = operation("parallelise", "B", predecessors=["A"], id="second")
    merge = operation("merge", "C", absorb=["A"], id="merge")
    agree(base, [first, second, merge], [law("B", OPEN)])
    assert {
        tuple(ids(each.chosen)): each.days
        for each in naive.played(base, [first, second], ())
        if each.possible
    } == {(): 5, ("first",): 10, ("second",): 10}


def test_what_was_merged_is_referred_to_by_the_one_that_took_it_in() -> None:
    merge = operation("merge", "A", absorb=["B"], id="merge")
    after = operation("parallelise", "C", predecessors=["B"], id="after")
    post = operation("move_to_post", "A", remove_from=["C"], add_to=[OPEN], id="post")
    agree(pair(), [merge, after, post], [law("B", "C"), law("A", OPEN)])
    found = optimise(pair(), [merge, after, post], 6)
    assert found.best is not None
    assert ids(found.best.operations) == ["merge", "post"]


def test_what_was_taken_in_is_guarded_where_it_was_taken_in() -> None:
    fire = Item(id="B", name=Name("B"), promised_days=6, guards=("fire",))
    plain = Item(id="A", name=Name("A"), promised_days=6)
    base = plan(*pair().activities.values(), items=[plain, fire])
    merge = operation("merge", "A", absorb=["B"], id="merge")
    commit = operation("commitment", "A", days=1, check_days=20, id="commit")
    agree(base, [merge, commit], ())
    found = optimise(base, [merge, commit], 9)
    # each alone may be done: A takes B in, or is decided on a commitment beside it
    assert not found.barred
    assert not found.reached
    assert optimise(pair(), [merge, commit], 5).reached


def test_a_law_that_names_the_beginning_is_kept() -> None:
    agree(pair(), [operation("drop", "A"), operation("drop", "B")], [law(START, "C")])


def test_what_makes_another_lawful_is_not_left_out_as_idle() -> None:
    # Z is nobody's business before OPEN; merging it into Y, which waits for A, restores A before Z
    base = plan(
        milestone(START),
        work("A", 6, START),
        work("M", 1, "A"),
        work("Z", 1, "M"),
        work("Y", 1, "A"),
        milestone(OPEN, "A", "M", stage="construction"),
    )
    # dropping M's gate loses A before Z
    post = operation("move_to_post", "A", remove_from=["M", OPEN], id="post")
    merge = operation("merge", "Y", absorb=["Z"], id="merge")
    found = optimise(base, [post, merge], 1, [law("A", "Z")])
    assert found.best is not None
    assert ids(found.best.operations) == ["post", "merge"]
    assert found.idle == ()
    assert ids(optimise(base, [post, merge], 1).idle) == ["merge"]


def test_what_alone_loses_a_precondition_in_every_set_is_barred_by_its_article() -> None:
    found = optimise(pair(), [operation("drop", "A"), shorter("B", 1, 1)], 1, [law("A", "C")])
    assert [(each.id, [breach.law for breach in why]) for each, why in found.barred] == [
        ("drop-A", ["law of A and C"])
    ]


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_commitment_on_what_guards_others_is_barred(name: str) -> None:
    found = optimise(bundled(name)[0], published(name), 28, laws())
    assert [each.item.split("-")[1] for each, _ in found.barred] == ["11"]
    # acceptance follows construction start
    assert {each.item[-2:] for each in found.idle} <= {"21", "22", "23", "24", "25", "26"}


@pytest.mark.parametrize(
    ("name", "target", "cost", "left_out"),
    [
        ("industrial-2013", 28, 33, {"merge-IND-03", "post-IND-04", "drop-IND-05"}),
        ("real-estate-2013", 29, 35, {"merge-RE-03", "post-RE-04", "drop-RE-05"}),
    ],
)
def test_the_totals_of_2014_are_reached_for_less(
    name: str, target: int, cost: int, left_out: set[str]
) -> None:
    base, operations = bundled(name)[0], published(name)
    found = optimise(base, operations, target, laws())
    assert found.best is not None
    assert (found.best.days, found.best.cost) == (target, cost)
    done = play(base, operations, laws())
    assert done.cost > cost
    assert left_out < {*ids(done.applied)} - {*ids(found.best.operations)}
    # nothing cheaper reaches it: the front falls with every point
    front = [(each.days, each.cost) for each in found.front]
    assert all(days > target for days, points in front if points < cost)


@pytest.mark.parametrize("target", [0, -1])
def test_a_target_is_a_day_at_least(target: int) -> None:
    with pytest.raises(Invalid) as refusal:
        optimise(pair(), [], target)
    assert refusal.value.detail["field"] == "target"


def test_too_many_operations_are_refused_before_hours_are_spent() -> None:
    many = [shorter("A", 5, 1, id=f"a{number}") for number in range(MAX_OPERATIONS + 1)]
    with pytest.raises(Invalid, match=rf"2\^{MAX_OPERATIONS + 1}"):
        optimise(pair(), many, 5)


def test_without_operations_the_base_is_all_there_is() -> None:
    found = optimise(pair(), [], 10)
    assert (found.reached, found.subsets, len(found.front)) == (True, 1, 1)
    assert optimise(pair(), [], 9).best is None


def test_progress_reaches_the_number_of_subsets() -> None:
    told: list[tuple[int, int]] = []
    operations = [shorter("A", 5, 1, id=f"a{number}") for number in range(5)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifted, "CHUNK_BITS", 3)
        optimise(pair(), operations, 5, progress=lambda done, of: told.append((done, of)))
    assert told == [(8, 32), (16, 32), (24, 32), (32, 32)]
