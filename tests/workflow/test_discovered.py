"""Diagrams found in logs: they are deployed, run along every way, and are tidy."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from engine.analysis.discovery.calibrate import Calibration, calibrated
from engine.analysis.eventlog import xes
from engine.rules.flow import ControlFlow
from engine.workflow.deployment import Deployment, build
from engine.workflow.discovered import BEGIN, Findings, discovered
from engine.workflow.flow import control_flow
from engine.workflow.runner import Waiting
from tests.analysis.discovery_logs import AMSTERDAM, CITY, words
from tests.analysis.eventlogs import RECEIPT
from tests.drawing.tidiness import faults
from tests.workflow.running import run

CASES = (
    "receive review",
    "receive supplement receive review",
    "receive review refer review",
    "call receive",
)


@cache
def found(*cases: str) -> Calibration:
    return calibrated(words(*cases), timezone=CITY, cover=1.0)


def findings(told: Calibration) -> Findings:
    lanes = {each.node: each.pool for each in told.timings}
    return Findings(told.assumptions()["shares"], lanes, {each.node: 1 for each in told.timings})


@cache
def receipt() -> tuple[Calibration, bytes]:
    told = calibrated(xes.read(RECEIPT.read_bytes()), timezone=AMSTERDAM)
    return told, discovered(told.flow, findings(told), identifier="receipt", name="Receipt phase")


def deployed(content: bytes) -> Deployment:
    built, problems = build({"found.bpmn": content})
    assert not [each.as_dict() for each in problems]
    assert built is not None
    return built


def test_the_diagram_of_a_real_log_is_deployed_without_a_warning() -> None:
    made = deployed(receipt()[1])
    assert made.procedure.id == "receipt"
    assert {each.days for each in made.procedure.items.values()} == {None}
    assert {each.expected_days for each in made.procedure.items.values()} == {1}


def test_it_is_tidy() -> None:
    assert faults(receipt()[1]) == []


def test_lanes_are_the_pools() -> None:
    elements = deployed(receipt()[1]).stages["receipt"].elements
    assert elements["T02-Check-confirmation-of-receipt"].lane == "lane-Group-4"
    assert elements["T02-Check-confirmation-of-receipt-out"].lane == "lane-Group-4"


def test_shares_stand_on_the_flows_and_in_the_gateways() -> None:
    content = receipt()[1].decode()
    assert 'name="75%"' in content
    elements = deployed(receipt()[1]).stages["receipt"].elements
    told = elements["T02-Check-confirmation-of-receipt-out"].properties["shares"]
    assert told.split()[0].startswith("T02-Check-confirmation-of-receipt-out--T04-")


def test_what_is_deployed_has_the_nodes_and_ways_that_were_found() -> None:
    """So that what was found is assumed of it: ids are the same."""
    told, content = receipt()
    again = control_flow(deployed(content))
    assert set(told.flow.nodes) <= set(again.nodes)
    for each in told.choices:
        ways = {way.flow for way in each.branches}
        assert {way.id for way in again.nodes[each.node].outgoing} == ways
    assert set(told.assumptions()["steps"]) <= set(again.nodes)


@pytest.mark.parametrize("way", CASES[:3])
def test_each_way_of_the_log_can_be_gone(way: str) -> None:
    """Answered with what comes next; the most frequent is the plain answer."""
    told = found(*CASES[:3])
    assert gone(told.flow, way) == Counter(way.split())


def test_where_cases_begin_in_several_ways_somebody_says_which() -> None:
    told = found(*CASES)
    assert gone(told.flow, "call receive", first="call") == Counter(["call", "receive"])
    assert gone(told.flow, "receive review") == Counter(["receive", "review"])


def gone(flow: ControlFlow, way: str, first: str = "") -> Counter[str]:
    """Which work a case does whose people answer so that it goes that way."""
    definition = deployed(discovered(flow)).stages["discovered"]
    steps = [*way.split(), "END"]

    def answer(waiting: Waiting) -> dict[str, Any]:
        if waiting.element.id == BEGIN:
            return {"outcome": first or steps[0]}
        assert waiting.element.id == steps.pop(0)
        return {"outcome": steps[0]}

    course = run(definition, answers=answer)
    assert course.ended
    work = {each.id for each in flow.nodes.values() if each.id in flow.items}
    return Counter(each for each in course.passed if each in work)


def test_names_that_are_no_ids_are_drawn_and_run() -> None:
    told = found("收件 审查", "收件 补正 收件 审查", 'a"b 审查', "<c> 审查")
    deployed(discovered(told.flow, name="某市"))


def test_answers_offered_are_what_comes_next() -> None:
    made = deployed(discovered(found(*CASES[:3]).flow)).stages["discovered"]
    assert made.elements["receive"].outcomes == ("review", "supplement")
    assert made.elements["supplement"].outcomes == ("done",)
