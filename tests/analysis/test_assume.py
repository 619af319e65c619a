"""From a control flow and assumptions to the model that is played."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from engine.analysis.network import ActivityNetwork, View
from engine.analysis.schedule import schedule
from engine.analysis.simulation.assume import model_of
from engine.analysis.simulation.assumptions import Assumptions
from engine.analysis.simulation.calendars import Hours, calendar_of
from engine.analysis.simulation.layout import Layout
from engine.analysis.simulation.model import ALWAYS, InvalidModel, Model, Node
from engine.analysis.simulation.plan import Plan
from engine.analysis.simulation.reading import InvalidAssumptions
from engine.analysis.simulation.run import simulate
from engine.analysis.simulation.ways import undecided
from engine.rules import china
from engine.rules.flow import ControlFlow, FlowKind
from engine.settings import Settings
from engine.workflow.deployment import build
from engine.workflow.flow import control_flow
from engine.workflow.yaml_file import read_mapping
from tests.service.drawn import (
    approval,
    call,
    chain,
    diagram,
    files,
    flow,
    gate,
    node,
    one_stage,
    timer,
    winding,
    work,
)
from tests.workflow.drawing import Drawing
from tests.workflow.flows import FOUR, city, flow_of, lone, random_procedure
from tests.workflow.test_fuzz import FEW as FEW_DIAGRAMS
from tests.workflow.test_fuzz import mutated

MONDAY = date(2014, 1, 6)
FEW = Plan(cases=4, replications=1, warm_up_days=0, cool_down_days=0)
STAFFING = Settings().bpmn_dir / "staffing.yaml"
SECOND = "industrial-2014"


def made(found: ControlFlow, data: Any = None, **more: Any) -> Model:
    given = {"origin": MONDAY, "business_calendar": china.calendar(), **more}
    return model_of(found, Assumptions.of(data), **given)


def node_of(model: Model, name: str) -> Node:
    return next(each for each in model.nodes if each.id == name)


def refused(found: ControlFlow, data: Any) -> dict[str, str]:
    with pytest.raises(InvalidAssumptions) as error:
        made(found, data)
    return {each["field"]: each["message"] for each in error.value.detail["problems"]}


def days(model: Model) -> tuple[float, float]:
    """Mean days, counted and elapsed."""
    measures = simulate(model, FEW).data()["measures"]
    counted, elapsed = (measures[view]["mean"]["value"] for view in ("counted", "elapsed"))
    return counted, elapsed


@pytest.fixture(scope="module")
def second() -> ControlFlow:
    return control_flow(city(SECOND))


# -- nothing assumed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "counted", "elapsed"),
    [*zip(FOUR, (63, 28, 66, 29), (80, 59, 85, 74), strict=True)],
)
@pytest.mark.parametrize("assumed", [{}, {"pools": {"X": {"people": 1}}}])
def test_where_nothing_is_assumed_it_is_the_critical_path(
    name: str, counted: int, elapsed: int, assumed: Any
) -> None:
    assert days(made(control_flow(city(name)), assumed)) == (counted, elapsed)


@pytest.mark.parametrize("seed", range(20))
def test_random_networks_too(seed: int) -> None:
    deployment = random_procedure(seed, 4 + seed % 9)
    network = ActivityNetwork(deployment.activities)
    counted, elapsed = (schedule(network, view).days for view in (View.COUNTED, View.ELAPSED))
    assert days(made(control_flow(deployment))) == (counted, elapsed)


def test_a_soft_gate_a_branch_and_a_loop_too() -> None:
    assert days(made(flow_of(winding()))) == (9, 11)


def test_the_plans_days_are_hours_of_the_citys_offices(second: ControlFlow) -> None:
    model = made(second, promised_days=28, window_months=3)
    clock = model.calendars[model.clock]
    assert (model.clock, clock.day_hours) == ("office", 7.0)
    review = node_of(model, "IND-02/review")
    assert (review.work.mean, review.pool, review.counted) == (49.0, "", True)
    assert node_of(model, "IND-02/receive").work.mean == 0
    assert not node_of(model, "IND-A3").counted
    assert (model.opens, model.promised_days, model.window_months) == ("OPEN", 28, 3)
    assert {each.id for each in model.items} == {*second.items}
    assert (model.people, model.pools) == ((), ())


# -- calendars -----------------------------------------------------------------------------------


def test_dated_calendars_have_holidays_and_make_up_days() -> None:
    found = calendar_of(Hours(("09:00-17:00",)), MONDAY, china.calendar())
    open_days = {int(start // 24) for start, _ in found.spans}
    spring = (date(2014, 1, 31) - MONDAY).days
    assert spring not in open_days
    assert (date(2014, 1, 26) - MONDAY).days in open_days
    assert found.period % 168 == 0
    assert found.period / 8766 > 36
    assert found.day_hours == 8.0


def test_weeks_repeat_and_some_never_close() -> None:
    found = calendar_of(
        Hours(("08:30-12:00", "14:00-17:30"), ("mon", "sat")), MONDAY, china.calendar()
    )
    assert found.spans == ((8.5, 12.0), (14.0, 17.5), (128.5, 132.0), (134.0, 137.5))
    assert (found.period, found.day_hours) == (168.0, 7.0)
    assert calendar_of(Hours(always=True), MONDAY, china.calendar()) is ALWAYS
    around = calendar_of(Hours(("00:00-24:00",), ("mon", "tue")), MONDAY, china.calendar())
    assert around.spans == ((0.0, 24.0), (24.0, 48.0))


@pytest.mark.parametrize("on", [date(2014, 1, 7), date(2003, 12, 29), date(2050, 12, 26)])
def test_hours_are_counted_from_a_monday_in_the_citys_calendar(on: date) -> None:
    with pytest.raises(InvalidModel) as error:
        calendar_of(Hours(), on, china.calendar())
    assert error.value.detail["field"] == "start"


def test_the_clock_is_what_is_named_or_the_office_or_the_first(second: ControlFlow) -> None:
    week = {"hours": ["09:00-17:00"], "days": ["mon", "tue"]}
    assert made(second, {"calendars": {"a": week, "office": week}}).clock == "office"
    assert made(second, {"calendars": {"a": week, "b": week}}).clock == "a"
    assert made(second, {"calendars": {"a": week, "b": week}, "clock": "b"}).clock == "b"
    assert refused(second, {"clock": "b"}) == {"clock": "'b' is no calendar; there are office"}


def test_timers_go_by_the_clock_on_the_wall() -> None:
    parts = (
        work("A", days="1"), timer("t", "timeDuration", "P2D"), node("endEvent", "end"),
        chain("START", "A", "t", "end"),
    )  # fmt: skip
    model = made(lone(diagram("slow", *parts)))
    waiting = node_of(model, "t")
    assert (waiting.work.mean, waiting.calendar) == (48.0, "wall")
    assert model.calendars["wall"] is ALWAYS


# -- work ----------------------------------------------------------------------------------------


def test_what_is_said_more_closely_holds(second: ControlFlow) -> None:
    said = {
        "durations": {"approval": "pert(0.5, 1, 2)", "applicant": 2},
        "items": {"IND-04": {"days": 3}, "IND-09": {"days": 3}},
        "steps": {
            "review": {"hours": 5, "pool": ""},
            "IND-09/review": {"hours": 4},
            "supplement": {"days": 2},
        },
        "again": {"days": 6},
    }
    model = made(second, said)
    assert node_of(model, "IND-02/review").work.mean == 5
    assert node_of(model, "IND-04/review").work.mean == 3 * 7
    assert node_of(model, "IND-09/review").work.mean == 4
    assert node_of(model, "IND-A3").work.mean == 2 * 15 * 7
    assert node_of(model, "IND-02/supplement").work.mean == 14
    assert node_of(model, "IND-02/again").work.mean == 42
    factor = made(second, {"durations": {"approval": "pert(0.5, 1, 2)"}})
    assert str(node_of(factor, "IND-02/review").work) == "pert(24.5, 49, 98)"


def test_work_of_a_pool_goes_by_its_calendar(second: ControlFlow) -> None:
    said = {
        "calendars": {"office": {}, "short": {"hours": ["09:00-11:00"]}},
        "items": {"IND-02": {"days": 3, "pool": "P"}},
        "pools": {"P": {"people": 2, "calendar": "short", "name": "甲"}},
    }
    model = made(second, said)
    review = node_of(model, "IND-02/review")
    assert (review.pool, review.work.mean) == ("P", 6.0)
    assert [(each.id, each.pools, each.calendar) for each in model.people] == [
        ("P-1", ("P",), "short"),
        ("P-2", ("P",), "short"),
    ]
    assert model.pools[0].name == "甲"


def test_a_departments_own_work_stands_in_its_queue(second: ControlFlow) -> None:
    said = {"pools": {"EPB": {"people": 1}, "fire": {"people": 1, "department": "FIRE"}}}
    model = made(second, said)
    assert node_of(model, "IND-02/review").pool == "EPB"
    assert node_of(model, "IND-11/review").pool == "fire"
    assert node_of(model, "IND-02/decide").pool == ""
    assert node_of(model, "IND-A3").pool == ""
    assert (
        node_of(made(second, {**said, "items": {"IND-02": {"pool": ""}}}), "IND-02/review").pool
        == ""
    )


def test_a_step_stands_in_its_departments_queue(second: ControlFlow) -> None:
    said = {
        "items": {"IND-02": {"priority": 3}},
        "steps": {"receive": {"hours": 1, "pool": "{department}-window"}},
        "pools": {f"{each.department}-window": {"people": 1} for each in second.items.values()},
    }
    receive = node_of(made(second, said), "IND-02/receive")
    assert (receive.pool, receive.priority, receive.counted) == ("EPB-window", 3, False)


def test_people_serve_several_queues(second: ControlFlow) -> None:
    said = {
        "pools": {"EPB": {"absence": {"share": 0.1}}, "FIRE": {"people": 1}},
        "people": [{"id": "张工", "pools": ["EPB", "FIRE"], "absence": {"share": 0.2, "days": 4}}],
    }
    people = {each.id: each for each in made(second, said).people}
    assert people["张工"].pools == ("EPB", "FIRE")
    assert people["张工"].calendar == "office"
    assert (people["张工"].absence.share, people["FIRE-1"].absence.share) == (0.2, 0)


def test_names_that_lead_nowhere_are_all_told(second: ControlFlow) -> None:
    found = refused(
        second,
        {
            "items": {"IND-99": {"days": 1}, "IND-02": {"pool": "nobody"}},
            "steps": {"recieve": {"hours": 1}, "received": {"hours": 1}},
            "shares": {"review": {"x": 0.1}, "received": {"rejected": 0.1}},
            "pools": {"FIRE": {}, "MET": {"people": 1, "calendar": "night"}},
            "people": [{"id": "A", "pools": ["X"]}, {"id": "B", "pools": []}],
            "arrivals": {"calendar": "never"},
        },
    )
    assert found.keys() == {
        *("items.IND-99", "items.IND-02.pool", "steps.recieve", "steps.received"),
        *("shares.review", "shares.received.rejected", "pools.FIRE.people", "pools.MET.calendar"),
        *("people[0].pools.X", "people[1].pools", "arrivals.calendar"),
    }
    assert "there is no pool 'nobody' for IND-02/review" in found["items.IND-02.pool"]
    assert "received--supplement" in found["shares.received.rejected"]


def test_work_that_nobody_does_cannot_take_days() -> None:
    called = diagram("empty", node("endEvent", "e"), chain("START", "e"))
    parts = (call("A", "empty"), node("endEvent", "end"), chain("START", "A", "end"))
    found = flow_of({**one_stage("idle", *parts, A=approval(2)), "empty.bpmn": called})
    assert found.items["A"].main == ""
    assert "items.A" in refused(found, {"items": {"A": {"days": 3}}})
    assert days(made(found)) == (0, 0)


@FEW_DIAGRAMS
@given(mutated())
def test_whatever_can_be_deployed_can_be_laid_out(content: bytes) -> None:
    deployment, _ = build({"lone.bpmn": content})
    if deployment is not None:
        layout = Layout(made(control_flow(deployment)))
        layout.nodes()
        layout.flows()
        layout.waits()


# -- ways ----------------------------------------------------------------------------------------


def ways(found: ControlFlow, name: str, said: Any = None) -> dict[str, float]:
    model = made(found, {"shares": said or {}})
    drawn = node_of(model, name)
    return dict(zip(drawn.outgoing, drawn.shares, strict=True))


def test_the_default_takes_what_is_left(second: ControlFlow) -> None:
    plain = ways(second, "IND-02/received")
    assert plain["IND-02/accepted"] == 1
    for name in ("received--supplement", "supplement", "补正材料", "补正"):
        found = ways(second, "IND-02/received", {"received": {name: 0.16}})
        assert found["IND-02/supplement"] == pytest.approx(0.16)
        assert found["IND-02/accepted"] == pytest.approx(0.84)
    own = {"received": {"supplement": 0.2}, "IND-02/received": {"supplement": 0.5}}
    assert ways(second, "IND-02/received", own)["IND-02/supplement"] == 0.5
    assert ways(second, "IND-04/received", own)["IND-04/supplement"] == 0.2


def test_shares_add_up_to_one(second: ControlFlow) -> None:
    said = {"received": {"supplement": 0.7, "not-accepted": 0.6}}
    assert refused(second, {"shares": said}) == {"shares.received": "they add up to 1.3, not 1"}
    whole = {"fee": {"fee--pay": 0.3, "fee--payment": 0.6}}
    assert refused(second, {"shares": whole}) == {"shares.fee": "they add up to 0.9, not 1"}
    rounded = {"fee": {"fee--pay": 0.333333, "fee--payment": 0.666666}}
    assert sum(ways(second, "IND-02/fee", rounded).values()) == pytest.approx(1, abs=1e-12)


def test_without_a_default_all_ways_are_as_likely() -> None:
    drawing = Drawing(
        "START > xor1 >{x == 1} a > END", "xor1 >{x == 2} b > END", "xor1 >{x} c > END"
    )
    found = lone(drawing.xml())
    assert set(ways(found, "xor1").values()) == {1 / 3}
    assert undecided(found, {}) == ("xor1",)
    said = {"xor1": {"b": 0.3}}
    assert ways(found, "xor1", said) == pytest.approx({"a": 0.7, "b": 0.3, "c": 0})
    assert undecided(found, said) == ()


def test_an_inclusive_gateway_has_chances() -> None:
    drawing = Drawing("START > or1 >{else} a > or2 > END", "or1 >{x} b > or2", "or1 >{y} c > or2")
    found = lone(drawing.xml())
    assert ways(found, "or1") == {"a": -1, "b": 0, "c": 0}
    assert ways(found, "or1", {"or1": {"b": 0.5, "c": 0.2}}) == pytest.approx(
        {"a": -1, "b": 0.5, "c": 0.2}
    )
    both = lone(Drawing("START > or1 >{x} a > or2 > END", "or1 >{y} b > or2").xml())
    assert ways(both, "or1") == {"a": 1, "b": 1}


def test_two_ways_to_one_place_are_named_by_their_ids() -> None:
    drawing = Drawing("START > xor1 >{else} a > END", "xor1 >{x} a", "xor1 >{y} b > END")
    found = lone(drawing.xml())
    said = {"xor1": {"a": 0.2}}
    assert "more than one way" in refused(found, {"shares": said})["shares.xor1.a"]


# -- the city's own ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FOUR)
def test_the_citys_staffing_serves_all_four_procedures(name: str) -> None:
    model = made(control_flow(city(name)), read_mapping(STAFFING.read_bytes()))
    assert model.arrivals.per_year == 82
    assert {each.begins for each in model.items} <= {each.id for each in model.nodes}
    assert {each.pool for each in model.nodes} - {""}


def test_the_citys_people_are_half_to_six_sevenths_busy() -> None:
    """The staffing is assumed so that the windows of 2014 are busy and not overrun."""
    found = made(control_flow(city(SECOND)), read_mapping(STAFFING.read_bytes()))
    pools = simulate(found, Plan(cases=1_500, replications=5)).data()["pools"]
    busy = {each["id"]: each["utilisation"]["value"] for each in pools if each["tasks"]}
    assert len(busy) == 18
    assert {name: share for name, share in busy.items() if not 0.5 <= share <= 0.85} == {}


def test_stages_side_by_side_wait_for_each_other() -> None:
    first = diagram("one", call("A"), node("endEvent", "e1"), chain("START", "A", "e1"))
    second = diagram(
        "two", gate("A"), call("B"), node("exclusiveGateway", "x", default="x--OPEN"),
        *(node("endEvent", each) for each in ("OPEN", "e2")),
        chain("START", "wait-A", "B", "x", "OPEN"), flow("x", "e2", "a == 1"), awaits=("A",),
    )  # fmt: skip
    found = flow_of(
        files("two", {"one": first, "two": second}, {"A": approval(2), "B": approval(3)})
    )
    assert days(made(found)) == (5, 5)
    assert [each.kind for each in made(found).nodes].count(FlowKind.START) == 2
