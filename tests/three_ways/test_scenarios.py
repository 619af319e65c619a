"""A scenario exported, deployed and run on time takes the days it takes on paper."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.operation import Operation
from engine.analysis.schedule import schedule
from engine.service import procedures
from tests.drawing.test_compose import assert_consistent
from tests.drawing.tidiness import crossings, faults
from tests.service.city import City
from tests.service.driving import run_on_time
from tests.three_ways.scenarios import (
    MAKES,
    SETTINGS,
    Case,
    carried,
    drawn_by_lot,
    published,
    singles,
    together,
)
from tests.three_ways.test_three_ways import agree, network

PUBLISHED = [Case(each, published(each)) for each in (*MAKES, *MAKES.values())]
CASES = [*PUBLISHED, *together(), *drawn_by_lot(), *singles()]
STAGES = ("approval.bpmn", "planning.bpmn", "construction.bpmn", "acceptance.bpmn")


def label(case: Case) -> str:
    names = [each.id for each in case.operations if each.enabled]
    return f"{case.procedure}: {names[0] if len(names) == 1 else len(names)}"


def each(cases: Sequence[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=label)


@each(CASES)
def test_what_runs_takes_the_days_it_takes_on_paper(small_city: City, case: Case) -> None:
    played, files = carried(case)
    assert not played.conflicts
    small_city.deploy(files)
    drawn = network(small_city, "scenario")
    assert equivalent(drawn, played.plan.network)
    view = run_on_time(small_city, small_city.start("scenario"), until_open=True)
    assert view.started_on is not None
    assert view.opened_on is not None
    days = schedule(played.plan.network, View.COUNTED).days
    assert small_city.calendar.between(view.started_on, view.opened_on) == days
    assert view.counted_days == days == agree(small_city, "scenario", view, View.COUNTED)


@each(together())
def test_the_elapsed_total_too(small_city: City, case: Case) -> None:
    played, files = carried(case)
    small_city.deploy(files)
    project = small_city.start("scenario")
    view = run_on_time(small_city, project, applicant_takes_its_days=True)
    days = schedule(played.plan.network, View.ELAPSED).days
    assert view.elapsed_day == days == agree(small_city, "scenario", view, View.ELAPSED)
    assert {stage.state for stage in view.stages} == {"completed"}


@each(CASES)
def test_exported_diagrams_are_sound_and_tidy(case: Case) -> None:
    _, files = carried(case)
    _, problems = procedures.sound(files, SETTINGS)
    assert problems == []
    before = procedures.named(case.procedure, SETTINGS)
    for stage in STAGES:
        if files[stage] != before[stage]:
            assert_consistent(files[stage])
            assert faults(files[stage]) == []
            assert crossings(files[stage]) <= 2


@pytest.mark.parametrize(("before", "after"), MAKES.items())
def test_the_published_list_of_2013_draws_2014(before: str, after: str) -> None:
    _, files = carried(Case(before, published(before)), after)
    made, _ = procedures.plan(files, SETTINGS)
    known, wanted = procedures.plan(procedures.named(after, SETTINGS), SETTINGS)
    assert equivalent(ActivityNetwork(made.activities), wanted)
    names = {each.id: each.name for each in made.activities}
    assert names == {each.id: each.name for each in known.activities}
    # items keep their places, and so their drawings: what is the same is drawn the same
    same = [stage for stage in STAGES if files[stage] == procedures.named(after, SETTINGS)[stage]]
    assert same == ["approval.bpmn", "construction.bpmn", "acceptance.bpmn"]


def test_what_does_not_change_keeps_its_diagram() -> None:
    procedure = "industrial-2013"
    shorter = Operation.of({"kind": "shorten", "item": "IND-01", "days": 1})
    _, files = carried(Case(procedure, (shorter,)))
    before = procedures.named(procedure, SETTINGS)
    assert [stage for stage in STAGES if files[stage] != before[stage]] == []
    assert files["procedure.yaml"] != before["procedure.yaml"]
