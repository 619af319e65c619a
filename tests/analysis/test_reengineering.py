"""What each operation does, by hand: days, gates, papers, and why it cannot be done."""

from __future__ import annotations

from typing import Any

import pytest

from engine.analysis.network import View
from engine.analysis.reengineering.application import apply
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.optimiser import optimise
from engine.analysis.reengineering.plan import Inapplicable, Plan
from engine.analysis.reengineering.scenario import StepState, play, totals
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import DayUnit
from engine.rules.procedure import OPEN, START, Kind
from tests.analysis.networks import milestone, work
from tests.analysis.plans import operation, plan


def item(name: str, days: int, **told: Any) -> Item:
    return Item(id=name, name=Name(name), promised_days=days, **told)


def chain() -> Plan:
    """A, B, C and D one after another, with the applicant's drawings before C."""
    return plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, "A"),
        work("DRAW", 9, START, kind=Kind.APPLICANT),
        work("C", 5, "B", "DRAW"),
        work("D", 2, "C"),
        milestone(OPEN, "D", stage="construction"),
    )


def counted(found: Plan) -> int:
    return totals(found)[View.COUNTED]


def waits(found: Plan, name: str) -> set[str]:
    return set(found[name].predecessors)


def causes(base: Plan, *operations: Operation) -> list[str]:
    found = [each.conflict for each in play(base, operations).conflicts]
    return [each.detail["cause"] for each in found if each is not None]


def test_a_promise_is_shortened() -> None:
    after = apply(chain(), operation("shorten", "B", days=1))
    assert (counted(chain()), counted(after)) == (14, 11)


def test_an_applicants_work_is_shortened_too_and_counts_nothing() -> None:
    after = apply(chain(), operation("shorten", "DRAW", days=1))
    assert counted(after) == 14
    assert (totals(chain())[View.ELAPSED], totals(after)[View.ELAPSED]) == (16, 14)


def test_a_promise_in_calendar_days_stays_one() -> None:
    base = plan(
        milestone(START),
        work("A", 21, START),
        items=[item("A", 30, promised_unit=DayUnit.CALENDAR)],
    )
    after = apply(base, operation("shorten", "A", days=15))
    assert (after.items["A"].promised_days, after["A"].days) == (15, 11)
    with pytest.raises(Inapplicable, match="30 days already"):
        apply(base, operation("shorten", "A", days=30))


def test_who_waited_for_a_merged_item_inherits_its_gates_and_the_one_that_took_it_in() -> None:
    after = apply(chain(), operation("merge", "A", absorb=["C"]))
    assert waits(after, "D") == {"A", "B", "DRAW"}
    assert waits(after, "A") == {START}
    assert counted(after) == 3 + 4 + 2


def test_a_chain_is_merged_at_once_as_one_after_another() -> None:
    at_once = apply(chain(), operation("merge", "A", absorb=["C", "B"]))
    first = apply(chain(), operation("merge", "A", absorb=["C"]))
    assert at_once == apply(first, operation("merge", "A", absorb=["B"]))
    assert waits(at_once, "D") == {"A", "DRAW"}


def test_papers_and_what_they_guard_come_with_a_merged_item() -> None:
    base = plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, START),
        items=[
            item("A", 3, materials=("map", "form"), secondary=("map",), deemed_on_lapse=True),
            item("B", 4, materials=("form", "map", "seal"), secondary=("seal",), guards=("fire",)),
        ],
    )
    after = apply(base, operation("merge", "A", absorb=["B"])).items["A"]
    assert after.materials == ("map", "form", "seal")
    # the map is a main paper of B: it may not come later any more
    assert after.secondary == ("seal",)
    assert after.guards == ("fire",)
    assert not after.deemed_on_lapse
    assert after.days == 3


def test_what_is_decided_on_the_spot_waits_for_no_papers() -> None:
    base = plan(
        milestone(START),
        work("A", 3, START),
        items=[item("A", 3, materials=("form",), secondary=("form",))],
    )
    after = apply(base, operation("shorten", "A", days=0)).items["A"]
    assert after.instant
    assert after.secondary == ()


def test_what_is_decided_above_the_city_takes_no_paper_later() -> None:
    base = plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, START),
        items=[
            item("A", 3, materials=("map",), secondary=("map",)),
            item("B", 4, guards=("above_city",)),
        ],
    )
    assert apply(base, operation("merge", "A", absorb=["B"])).items["A"].secondary == ()


def test_a_dropped_item_leaves_its_gates_behind() -> None:
    after = apply(chain(), operation("drop", "C"))
    assert waits(after, "D") == {"B", "DRAW"}
    assert counted(after) == 9


def test_who_waits_for_a_parallelised_item_inherits_what_it_waits_for_no_more() -> None:
    after = apply(chain(), operation("parallelise", "C", predecessors=["DRAW"]))
    assert waits(after, "C") == {"DRAW"}
    assert waits(after, "D") == {"C", "B"}
    assert counted(after) == 3 + 4 + 2


def test_what_would_wait_for_itself_alone_waits_for_the_beginning() -> None:
    merged = apply(chain(), operation("merge", "C", absorb=["B"]))
    after = apply(merged, operation("parallelise", "C", predecessors=["B"]))
    assert waits(after, "C") == {START}


def test_a_moved_item_leaves_the_decisions_before_it_and_takes_its_preparation_along() -> None:
    after = apply(chain(), operation("move_to_post", "C", remove_from=["D"], add_to=[OPEN]))
    assert waits(after, "D") == {"B"}
    assert waits(after, OPEN) == {"D", "C"}
    assert counted(after) == 3 + 4 + 5


def test_items_that_became_one_are_moved_from_once() -> None:
    base = plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, "A"),
        work("C", 5, "A"),
        milestone(OPEN, "B", "C", stage="construction"),
    )
    merge = operation("merge", "B", absorb=["C"])
    post = operation("move_to_post", "A", remove_from=["B", "C"], add_to=[OPEN])
    assert causes(base, merge, post) == []
    assert counted(play(base, [merge, post]).plan) == 4


def test_a_decision_gate_is_inherited_as_one() -> None:
    base = plan(
        milestone(START),
        work("EIA", 10, START),
        work("LAND", 6, "EIA"),
        work("PERMIT", 4, START, waits=("LAND",)),
        milestone(OPEN, "PERMIT", stage="construction"),
    )
    after = apply(base, operation("drop", "LAND"))
    assert after["PERMIT"].predecessors == (START,)
    assert after["PERMIT"].decision_waits_for == ("EIA",)
    assert counted(after) == 10
    alone = apply(after, operation("drop", "EIA"))
    assert alone["PERMIT"].decision_waits_for == ()


def test_a_joint_review_may_take_as_long_and_names_who_takes_part() -> None:
    base = plan(milestone(START), work("A", 3, START), items=[item("A", 3)])
    after = apply(base, operation("joint_review", "A", days=3, participants=["FIRE", "CAD"]))
    assert after.items["A"].participants == ("FIRE", "CAD")
    assert causes(base, operation("joint_review", "A", days=4, participants=["FIRE"])) == [
        "not_shorter"
    ]


def test_a_commitment_is_checked_afterwards() -> None:
    base = plan(milestone(START), work("A", 3, START), items=[item("A", 3)])
    after = apply(base, operation("commitment", "A", days=1, check_days=20))
    assert (after["A"].days, after.items["A"].commitment_check_days) == (1, 20)


DROP_B, MERGE_B = operation("drop", "B"), operation("merge", "A", absorb=["B"])


@pytest.mark.parametrize(
    ("operations", "cause", "items"),
    [
        ([operation("drop", "X")], "unknown_item", ["X"]),
        ([operation("drop", START)], "unknown_item", [START]),
        ([operation("merge", "A", absorb=[OPEN])], "unknown_item", [OPEN]),
        ([operation("parallelise", "C", predecessors=["X"])], "unknown_item", ["X"]),
        ([MERGE_B, MERGE_B], "absorbed", ["B", "A"]),
        ([MERGE_B, operation("shorten", "B", days=1)], "absorbed", ["B", "A"]),
        ([DROP_B, DROP_B], "dropped", ["B"]),
        ([DROP_B, operation("parallelise", "D", predecessors=["B"])], "dropped", ["B"]),
        ([operation("shorten", "B", days=4)], "not_shorter", ["B"]),
        ([operation("commitment", "B", days=4, check_days=9)], "not_shorter", ["B"]),
        ([operation("move_to_post", "A", remove_from=["D"])], "waits_not", ["D", "A"]),
        ([operation("move_to_post", "A", remove_from=[START])], "waits_not", [START, "A"]),
        ([operation("merge", "A", absorb=["A"])], "itself", ["A"]),
        ([operation("parallelise", "A", predecessors=["C"])], "cycle", ["A", "B", "C"]),
        (
            [operation("move_to_post", "C", remove_from=["D"], add_to=["A"])],
            "cycle",
            ["A", "B", "C"],
        ),
    ],
)
def test_why_an_operation_cannot_be_done(
    operations: list[Operation], cause: str, items: list[str]
) -> None:
    played = play(chain(), operations)
    conflict = played.conflicts[-1].conflict
    assert conflict is not None
    assert conflict.detail["cause"] == cause
    found = conflict.detail["items"]
    assert sorted(found) == sorted(items) if cause == "cycle" else found == items
    assert len(played.applied) == len(operations) - 1


def test_what_cannot_be_done_or_is_off_changes_nothing() -> None:
    off = Operation.of({**DROP_B.as_dict(), "enabled": False})
    played = play(chain(), [off, operation("shorten", "B", days=9)])
    assert [step.state for step in played.steps] == [StepState.OFF, StepState.CONFLICT]
    assert [step.saved_days for step in played.steps] == [0, 0]
    assert played.plan == played.base
    assert played.cost == 0


@pytest.mark.parametrize("says", [0, 1])
def test_of_two_that_exclude_one_another_the_later_is_not_done(says: int) -> None:
    rows = [DROP_B.as_dict(), operation("shorten", "C", days=1).as_dict()]
    rows[says]["excludes"] = [rows[1 - says]["id"]]
    played = play(chain(), [Operation.of(row) for row in rows])
    assert [step.state for step in played.steps] == [StepState.APPLIED, StepState.CONFLICT]
    detail = played.steps[1].conflict.detail  # type: ignore[union-attr]
    assert (detail["cause"], detail["items"]) == ("excluded", ["C", "B"])
    rows[0]["enabled"] = False
    assert not play(chain(), [Operation.of(row) for row in rows]).conflicts


def test_a_merge_may_lengthen() -> None:
    base = plan(
        milestone(START),
        work("A", 1, START),
        work("B", 9, START),
        work("C", 5, "A"),
        milestone(OPEN, "C", stage="construction"),
    )
    step = play(base, [operation("merge", "B", absorb=["A"])]).steps[0]
    assert step.saved_days == 6 - 14


def test_preparation_in_many_ways_is_seen_through_once() -> None:
    # each of two looks back at both of the layer before: 2^40 ways
    layers = [
        work(
            f"{side}{at}", 1, *((f"L{at - 1}", f"R{at - 1}") if at else ("A",)), kind=Kind.APPLICANT
        )
        for at in range(40)
        for side in "LR"
    ]
    base = plan(
        milestone(START),
        work("A", 3, START),
        *layers,
        work("B", 2, "L39", "R39"),
        milestone(OPEN, "B", stage="construction"),
    )
    post = operation("move_to_post", "B", remove_from=[OPEN])
    assert waits(apply(base, post), OPEN) == {"A"}
    assert [each.days for each in optimise(base, [post], 5).front] == [5, 3]
