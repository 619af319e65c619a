"""What an operation breaks, and by which article."""

from __future__ import annotations

from typing import Any

import pytest

from engine.analysis.reengineering.legality import (
    COMMITMENT_LAW,
    COMPETENCE_LAW,
    PROMISE_LAW,
    BreachKind,
    breaches,
    broken,
)
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.scenario import play
from engine.errors import Invalid
from engine.rules.catalogue import Item, Name
from engine.rules.precondition import Precondition, preconditions_of
from engine.rules.procedure import OPEN, START
from tests.analysis.networks import PROCEDURES, milestone, work
from tests.analysis.plans import bundled, law, laws, operation, plan

FIRST = ("industrial-2013", "real-estate-2013")
ROWS = [(row, name) for row in laws() for name in FIRST]
HELD = [
    (row, name)
    for row, name in ROWS
    if {row.before, row.after} <= bundled(name)[0].activities.keys()
]


def test_every_precondition_is_of_a_procedure() -> None:
    assert {row for row, _ in HELD} == {*laws()}
    assert len({(row.before, row.after) for row in laws()}) == len(laws())
    assert all(row.law and row.name.zh and row.name.en for row in laws())


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_four_procedures_keep_every_precondition(name: str) -> None:
    base, _ = bundled(name)
    mine = [row for row in laws() if {row.before, row.after} <= base.activities.keys()]
    assert len(mine) > 10
    assert broken(base, base, mine) == ()


@pytest.mark.parametrize(("row", "name"), HELD, ids=lambda each: getattr(each, "before", each))
def test_dropping_what_must_come_first_is_reported_with_its_article(
    row: Precondition, name: str
) -> None:
    base, _ = bundled(name)
    played = play(base, [operation("drop", row.before)], laws())
    found = {(each.items, each.law) for each in played.breaches if each.kind == "precondition"}
    # as many as name the item first, and no other
    assert found == {
        ((each.before, each.after), each.law)
        for each, of in HELD
        if of == name
        if each.before == row.before
    }
    assert ((row.before, row.after), row.law) in found
    assert played.steps[0].breaches == played.breaches


@pytest.mark.parametrize(
    ("row", "name"),
    [(row, name) for row, name in HELD if row.after != OPEN],
    ids=lambda each: getattr(each, "before", each),
)
def test_letting_an_item_begin_at_once_is_reported_with_its_article(
    row: Precondition, name: str
) -> None:
    played = play(
        bundled(name)[0], [operation("parallelise", row.after, predecessors=[START])], laws()
    )
    assert ((row.before, row.after), row.law) in {
        (each.items, each.law) for each in played.breaches
    }


def test_a_merged_item_is_done_by_the_one_that_took_it_in() -> None:
    base = plan(
        milestone(START),
        work("A", 3, START),
        work("B", 4, "A"),
        work("C", 5, "B"),
        work("D", 1, START),
    )
    before = [law("A", "C")]
    assert play(base, [operation("merge", "C", absorb=["A"])], before).breaches == ()
    assert play(base, [operation("merge", "B", absorb=["A"])], before).breaches == ()
    # D does the work of C, and waits for nothing
    lost = play(base, [operation("merge", "D", absorb=["C"])], before).breaches
    assert [each.items for each in lost] == [("A", "C")]
    assert lost[0].law == "law of A and C"
    # what is not asked for needs nothing before it
    assert play(base, [operation("drop", "C")], before).breaches == ()


def test_a_later_operation_may_restore_what_an_earlier_one_lost() -> None:
    base = plan(milestone(START), work("A", 3, START), work("B", 4, "A"), milestone(OPEN, "B"))
    free = operation("parallelise", "B", predecessors=[START])
    again = Operation.of({**operation("parallelise", "B", predecessors=["A"]).as_dict(), "id": "2"})
    played = play(base, [free, again], [law("A", "B")])
    assert [len(step.breaches) for step in played.steps] == [1, 0]
    assert played.breaches == ()


def test_a_precondition_is_lost_by_one_operation_and_not_by_those_after_it() -> None:
    base = plan(milestone(START), work("A", 3, START), work("B", 4, "A"), milestone(OPEN, "B"))
    free = operation("parallelise", "B", predecessors=[START])
    played = play(base, [free, operation("shorten", "B", days=1)], [law("A", "B")])
    assert [len(step.breaches) for step in played.steps] == [1, 0]
    assert len(played.breaches) == 1


def test_what_the_base_breaks_is_no_operations_breach() -> None:
    base = plan(milestone(START), work("A", 3, START), work("B", 4, START), milestone(OPEN, "B"))
    played = play(base, [operation("shorten", "B", days=1)], [law("A", "B")])
    assert (played.breaches, played.steps[0].breaches) == ((), ())
    assert [each.items for each in played.inherited] == [("A", "B")]
    healed = play(base, [operation("parallelise", "B", predecessors=["A"])], [law("A", "B")])
    assert (healed.breaches, healed.inherited) == ((), ())


def guarded() -> tuple[Item, ...]:
    basis: dict[str, Any] = {"legal_basis": "消防法 art. 12"}
    return (
        Item(id="A", name=Name("A"), promised_days=9, statutory_days=5, **basis),
        Item(id="B", name=Name("B"), promised_days=4, statutory_days=4, guards=("fire",), **basis),
        Item(id="C", name=Name("C"), promised_days=4),
    )


GUARDED = plan(
    milestone(START), work("A", 9, START), work("B", 4, "A"), work("C", 4, "B"), items=guarded()
)


@pytest.mark.parametrize(
    ("asked", "kind", "article"),
    [
        (
            operation("shorten", "A", days=6),
            BreachKind.ABOVE_STATUTE,
            f"消防法 art. 12; {PROMISE_LAW}",
        ),
        (
            operation("joint_review", "A", days=9, participants=["FIRE"]),
            BreachKind.ABOVE_STATUTE,
            f"消防法 art. 12; {PROMISE_LAW}",
        ),
        (operation("drop", "B"), BreachKind.GUARDED, "消防法 art. 12"),
        (
            operation("commitment", "B", days=1, check_days=20),
            BreachKind.COMMITMENT_BARRED,
            COMMITMENT_LAW,
        ),
    ],
)
def test_what_an_operation_breaks_in_itself(
    asked: Operation, kind: BreachKind, article: str
) -> None:
    played = play(GUARDED, [asked])
    assert [(each.kind, each.law) for each in played.breaches] == [(kind, article)]
    assert played.breaches[0].items == (asked.item,)
    # a breach is looked at on paper all the same
    assert played.applied == (asked,)
    off = Operation.of({**asked.as_dict(), "enabled": False})
    assert play(GUARDED, [off]).breaches == ()
    assert play(GUARDED, [off]).steps[0].breaches == tuple(breaches(GUARDED, asked))


@pytest.mark.parametrize(
    "asked",
    [
        operation("shorten", "A", days=5),
        operation("commitment", "C", days=1, check_days=20),
        operation("drop", "C"),
        operation("drop", "A"),
    ],
)
def test_what_breaks_nothing(asked: Operation) -> None:
    assert play(GUARDED, [asked]).breaches == ()


def test_what_an_item_took_in_it_guards() -> None:
    merge = operation("merge", "C", absorb=["B"])
    commit = operation("commitment", "C", days=1, check_days=20)
    found = play(GUARDED, [merge, commit]).breaches
    assert [each.kind for each in found] == [BreachKind.COMMITMENT_BARRED]
    assert play(GUARDED, [commit]).breaches == ()


@pytest.mark.parametrize("rows", [{"A": "B"}, ["A"], [{"before": "A", "after": "B"}]])
def test_a_precondition_needs_its_article(rows: object) -> None:
    with pytest.raises(Invalid):
        preconditions_of({"preconditions": rows})


WITHOUT_POWER = [
    ("fire review into the filing", "IND-01", ["IND-11"]),
    ("EIA into the filing", "IND-01", ["IND-02"]),
    ("soil and water plan into the land registration", "IND-06", ["IND-04"]),
]


@pytest.mark.parametrize(("into", "absorb"), [row[1:] for row in WITHOUT_POWER])
def test_what_guards_is_not_decided_without_its_department(into: str, absorb: list[str]) -> None:
    base, _ = bundled("industrial-2013")
    played = play(base, [operation("merge", into, absorb=absorb)], laws())
    found = {each.kind: each for each in played.breaches}
    assert found[BreachKind.COMPETENCE].items == (absorb[0], into)
    assert found[BreachKind.COMPETENCE].law == COMPETENCE_LAW


def test_its_department_keeps_its_power_at_the_table_of_a_joint_review() -> None:
    base, _ = bundled("industrial-2014")
    merged = operation("merge", "IND-16", absorb=["IND-11"])
    alone = play(base, [merged], laws())
    assert {each.kind for each in alone.breaches} == {BreachKind.COMPETENCE}
    seats = operation("joint_review", "IND-16", days=5, participants=["FIRE", "HOUS"])
    assert play(base, [merged, seats], laws()).breaches == ()
    without = operation("joint_review", "IND-16", days=5, participants=["HOUS"])
    assert {each.kind for each in play(base, [merged, without], laws()).breaches} == {
        BreachKind.COMPETENCE
    }


def test_a_decision_stays_a_decision() -> None:
    base, _ = bundled("industrial-2013")
    [step] = play(base, [operation("merge", "IND-A3", absorb=["IND-11"])], laws()).steps
    assert step.conflict is not None
    assert step.conflict.detail["cause"] == "no_authority"


def test_a_commitment_takes_in_nothing_that_guards() -> None:
    base, _ = bundled("industrial-2013")
    committed = operation("commitment", "IND-01", days=1, check_days=5)
    merged = operation("merge", "IND-01", absorb=["IND-15"])
    played = play(base, [committed, merged], laws())
    assert BreachKind.COMMITMENT_BARRED in {each.kind for each in played.breaches}


def test_nothing_waits_for_itself() -> None:
    base, _ = bundled("industrial-2013")
    [step] = play(base, [operation("parallelise", "IND-09", predecessors=["IND-09"])]).steps
    assert step.conflict is not None
    assert step.conflict.detail["cause"] == "itself"
