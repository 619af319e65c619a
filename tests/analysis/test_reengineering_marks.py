"""What two diagrams side by side are marked with."""

from __future__ import annotations

import pytest

from engine.analysis.reengineering.marks import marks
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.rules.procedure import OPEN, START
from tests.analysis.networks import milestone, work
from tests.analysis.plans import operation, plan


def chain() -> Plan:
    """A, B, C and D one after another, E beside them."""
    return plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, "A"),
        work("C", 5, "B"),
        work("D", 2, "C"),
        work("E", 1, START),
        milestone(OPEN, "D", "E", stage="construction"),
    )


CASES: list[tuple[Operation, dict[str, str]]] = [
    (operation("shorten", "A", days=1), {"A": "changed"}),
    (operation("merge", "B", absorb=["C"]), {"B": "changed", "C": "removed"}),
    (operation("drop", "B"), {"B": "removed"}),
    (operation("parallelise", "C", predecessors=["A"]), {"C": "moved"}),
    # who waits for what it did not wait for is marked with what was moved there
    (operation("parallelise", "B", predecessors=["E"]), {"B": "moved"}),
    (
        operation("move_to_post", "B", remove_from=["C"], add_to=["D"]),
        {"B": "moved", "C": "moved"},
    ),
    (
        operation("move_to_post", "E", remove_from=[OPEN], add_to=["D"]),
        {"E": "moved", "D": "moved"},
    ),
    (
        operation("joint_review", "C", days=5, participants=["FIRE"]),
        {"C": "changed"},
    ),
    (operation("commitment", "C", days=1, check_days=20), {"C": "changed"}),
]


@pytest.mark.parametrize(("asked", "marked"), CASES)
def test_each_operation_marks_whom_it_touches(asked: Operation, marked: dict[str, str]) -> None:
    played = play(chain(), [asked])
    assert not played.conflicts
    left = {name: mark for name, mark in marked.items() if mark != "removed"}
    assert marks(played) == {"before": marked, "after": left}


def test_of_several_marks_one_is_told() -> None:
    shorter = operation("shorten", "C", days=1)
    both = play(chain(), [shorter, operation("parallelise", "C", predecessors=["A"])])
    assert marks(both)["after"] == {"C": "moved"}
    gone = play(chain(), [shorter, operation("drop", "C")])
    assert marks(gone) == {"before": {"C": "removed"}, "after": {}}


def test_nothing_is_marked_where_nothing_is_done() -> None:
    assert marks(play(chain(), [])) == {"before": {}, "after": {}}
