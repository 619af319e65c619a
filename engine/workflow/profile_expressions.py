"""Checks of what is evaluated: conditions, timers, loops and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from engine.workflow.expressions import ExpressionError, assignments, parse
from engine.workflow.problem import Problem
from engine.workflow.profile_elements import ACTIVITIES, CONDITIONAL, EVENTS, nodes, problem, scopes
from engine.workflow.timer import LITERAL, instant, is_cycle
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name

TIMES = {"timeDate", "timeDuration", "timeCycle"}
VARIABLES = ("loopDataInputRef", "loopDataOutputRef")
ITEMS = ("inputDataItem", "outputDataItem")
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def check_conditions(root: etree._Element) -> Iterator[Problem]:
    """Every branch of an exclusive or inclusive gateway has a condition or is the default."""
    for scope in scopes(root):
        sources = {node.get("id"): node for node in scope if is_bpmn(node)}
        flows: dict[str | None, list[etree._Element]] = {}
        for flow in scope.iterfind("bpmn:sequenceFlow", NAMESPACES):
            flows.setdefault(flow.get("sourceRef"), []).append(flow)
        for identifier, leaving in flows.items():
            yield from check_branches(sources.get(identifier), leaving)


def check_branches(source: etree._Element | None, flows: list[etree._Element]) -> Iterator[Problem]:
    """Check the conditions of the flows that leave one node."""
    asks = source is not None and local_name(source) in CONDITIONAL
    default = None if source is None else source.get("default")
    for flow in flows:
        text = (flow.findtext("bpmn:conditionExpression", "", NAMESPACES) or "").strip()
        if text and not asks:
            reason = "only exclusive and inclusive gateways ask conditions"
            yield problem(flow, "condition", reason)
        elif text:
            yield from expression(flow, text, "condition")
        elif asks and len(flows) > 1 and flow.get("id") != default:
            reason = "a branch needs a condition, or must be its gateway's default"
            yield problem(flow, "missing_condition", reason)


def check_timers(root: etree._Element) -> Iterator[Problem]:
    """A timer says when, in ISO 8601 or as an expression that gives it."""
    for node in nodes(root, EVENTS):
        for event in node.iterfind("bpmn:timerEventDefinition", NAMESPACES):
            found = [child for child in event if is_bpmn(child) and local_name(child) in TIMES]
            if len(found) != 1 or not (found[0].text or "").strip():
                yield problem(node, "timer", "a timer needs one date, duration or cycle")
            else:
                yield from check_time(node, local_name(found[0]), (found[0].text or "").strip())


def check_time(node: etree._Element, tag: str, text: str) -> Iterator[Problem]:
    """Check one timer's text."""
    if not LITERAL.match(text):
        yield from expression(node, text, "timer")
        return
    try:
        instant(text, SOME_DAY)
    except ExpressionError as error:
        yield problem(node, "timer", error.message)
    if is_cycle(text) != (tag == "timeCycle"):
        yield problem(node, "timer", f"{text!r}: a repetition goes with timeCycle, and only there")


def check_loops(root: etree._Element) -> Iterator[Problem]:
    """Loops and multi-instances say how often, in expressions that may be evaluated."""
    for node in nodes(root, ACTIVITIES):
        standard = node.findall("bpmn:standardLoopCharacteristics", NAMESPACES)
        several = node.findall("bpmn:multiInstanceLoopCharacteristics", NAMESPACES)
        if len(standard) + len(several) > 1:
            yield problem(node, "loop", "an activity repeats in one way")
        for loop in standard:
            yield from check_standard(node, loop)
        for loop in several:
            yield from check_several(node, loop)


def check_standard(node: etree._Element, loop: etree._Element) -> Iterator[Problem]:
    """A standard loop has a condition or a maximum."""
    maximum = loop.get("loopMaximum")
    condition = loop.findtext("bpmn:loopCondition", None, NAMESPACES)
    if maximum is None and condition is None:
        yield problem(node, "loop", "a loop needs a loopCondition or a loopMaximum")
    if maximum is not None and not re.fullmatch(r"[0-9]{1,4}", maximum):
        yield problem(node, "loop", f"loopMaximum must be a whole number, not {maximum[:80]!r}")
    if condition is not None:
        yield from expression(node, condition, "loop")


def check_several(node: etree._Element, loop: etree._Element) -> Iterator[Problem]:
    """A multi-instance has a number or a list to repeat for."""
    texts = {local_name(each): (each.text or "").strip() for each in loop if is_bpmn(each)}
    if ("loopCardinality" in texts) == ("loopDataInputRef" in texts):
        yield problem(
            node, "loop", "a multi-instance needs a loopCardinality or a loopDataInputRef"
        )
    for name in ("loopCardinality", "completionCondition"):
        if name in texts:
            yield from expression(node, texts[name], "loop")
    for name in VARIABLES:
        if name in texts and not texts[name].isidentifier():
            yield problem(node, "loop", f"{name} must name a variable, not {texts[name][:80]!r}")
    for name in ITEMS:
        for item in loop.iterfind(f"bpmn:{name}", NAMESPACES):
            if not (item.get("id") or "").isidentifier():
                yield problem(node, "loop", f"{name}'s id must name a variable")


def check_scripts(root: etree._Element) -> Iterator[Problem]:
    """A script task assigns values to names; it runs no code."""
    for node in nodes(root, {"scriptTask"}):
        scripts = node.findall("bpmn:script", NAMESPACES)
        if len(scripts) != 1 or not (scripts[0].text or "").strip():
            yield problem(node, "script", "a script task needs a script")
            continue
        try:
            assignments(scripts[0].text or "")
        except ExpressionError as error:
            yield problem(node, "script", error.message)


def expression(node: etree._Element, text: str, code: str) -> Iterator[Problem]:
    """Check that an expression may be evaluated."""
    try:
        parse(text)
    except ExpressionError as error:
        yield problem(node, code, error.message)


EXPRESSION_CHECKS = (check_conditions, check_timers, check_loops, check_scripts)
