"""The items of a procedure: what catalogue, procedure and diagram say of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, ParallelMultiInstanceTask

from engine.errors import Invalid
from engine.rules.catalogue import Item
from engine.rules.procedure import OPEN, START, Kind
from engine.workflow.definition import Definition, Element
from engine.workflow.problem import ERROR, WARNING, Problem
from engine.workflow.profile_elements import WORK

LISTS = ("participants", "decision_waits_for", "materials", "secondary", "guards")
PLAIN = (
    *("kind", "department", "promised_days", "expected_days", "statutory_days", "unit"),
    *("promised_unit", "handling", "extension_days", "commitment_check_days"),
)

Rows = Mapping[str, Any]


def items_of(
    stages: list[Definition],
    catalogue: Rows,
    promised: Rows,
    procedure: str | None,
    problems: list[Problem],
) -> dict[str, Item]:
    """Return every item of the diagrams, the diagram's properties over the files' rows.

    `procedure` is the file that promises the days; None for a lone diagram. Appends a problem
    per item that cannot be, stands twice, or has no days.
    """
    found: dict[str, Item] = {}
    for stage in stages:
        problems.extend(repeated(stage))
        for element in stage.elements.values():
            if element.tag not in WORK:
                continue
            if element.item in found or element.item in {START, OPEN}:
                text = f"{element.item} stands in the diagrams twice, or is a milestone's name"
                problems.append(at(element, "duplicate_item", text))
                continue
            rows = (catalogue.get(element.item), promised.get(element.item))
            item = read_item(element, rows, problems)
            if item is not None:
                found[item.id] = item
                problems.extend(without_days(element, item, procedure))
    problems.extend(unused(promised, stages, procedure))
    return found


def read_item(element: Element, rows: tuple[Any, Any], problems: list[Problem]) -> Item | None:
    """Return the item an element stands for."""
    if not all(row is None or isinstance(row, Mapping) for row in rows):
        problems.append(at(element, "item", f"{element.item}: an item's row must be a mapping"))
        return None
    data: dict[str, Any] = {**(rows[0] or {}), **(rows[1] or {}), **drawn(element)}
    data.setdefault("name", element.name)
    data.setdefault("kind", likely_kind(element, data))
    if "days" in element.properties:
        name = "promised_days" if data["kind"] == Kind.APPROVAL else "expected_days"
        data.setdefault(name, element.properties["days"])
    data.setdefault("department", element.lane.removeprefix("lane-"))
    for name in LISTS:
        if not is_list(data.get(name)):
            problems.append(at(element, "item", f"{element.item}: {name} must be a list of names"))
            return None
    try:
        return Item.of(element.item, data)
    except (Invalid, ValueError, TypeError) as error:
        text = error.message if isinstance(error, Invalid) else f"{element.item}: {error}"
        problems.append(at(element, "item", text))
        return None


def likely_kind(element: Element, data: Mapping[str, Any]) -> Kind:
    """Return whose work it is where nobody says: what a department promises is an approval."""
    promised = element.called or "promised_days" in data or data.get("department")
    return Kind.APPROVAL if promised else Kind.APPLICANT


def is_list(value: Any) -> bool:
    """Tell whether a value is a list of texts, or none."""
    if not value:
        return True
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def drawn(element: Element) -> dict[str, Any]:
    """Return what the element's own properties say of its item."""
    data: dict[str, Any] = {
        key: value for key, value in element.properties.items() if key in PLAIN and value
    }
    return {**data, **{key: element.listed(key) for key in LISTS if element.listed(key)}}


def without_days(element: Element, item: Item, procedure: str | None) -> Iterator[Problem]:
    """Yield a problem where an item has no days; a lone diagram's then counts none.

    Of one that is expected to take some days, the diagram says that nobody promised any.
    """
    if item.days is not None:
        return
    name = "promised_days" if item.kind is Kind.APPROVAL else "expected_days"
    if procedure is not None:
        yield at(element, "missing_days", f"{item.id} has no {name} in {procedure}")
    elif item.expected_days is None:
        yield at(element, "missing_days", f"{item.id} has no {name}: it counts 0 days", WARNING)


def unused(promised: Rows, stages: list[Definition], procedure: str | None) -> Iterator[Problem]:
    """Yield a warning per item that is promised but stands in no diagram."""
    drawn = {element.item for stage in stages for element in stage.elements.values()}
    for identifier in promised:
        if identifier not in drawn:
            text = f"{identifier} stands in {procedure} but in no diagram"
            yield Problem("unused_item", text, identifier, severity=WARNING, file=procedure)


def repeated(stage: Definition) -> Iterator[Problem]:
    """Yield a problem per item that would be worked on several times in one project."""
    for spec in (stage.spec, *stage.subprocesses.values()):
        for node in spec.task_specs.values():
            element = stage.element(node) if isinstance(node, LoopTask) else None
            if element is not None and is_repeated(stage, node, element):
                text = "an item is worked on once in a project: repeat inside its own process"
                yield at(element, "repeated_item", text)
        for element in calls_in_loops(stage, spec):
            text = "lies in a loop, but a case that is decided cannot be opened again"
            yield at(element, "repeated_item", text, WARNING)


def is_repeated(stage: Definition, node: Any, element: Element) -> bool:
    """Tell whether a repeated activity is, or holds, an item that cannot be repeated."""
    inner = stage.subprocesses.get(getattr(node._wf_spec.task_specs[node.task_spec], "spec", ""))
    found = [element] if inner is None else [stage.element(each) for each in within(stage, inner)]
    several = isinstance(node, ParallelMultiInstanceTask)
    return any(each and each.tag in WORK and (several or each.called) for each in found)


def within(stage: Definition, spec: Any) -> Iterator[Any]:
    """Yield the nodes of a subprocess and of those inside it."""
    for node in spec.task_specs.values():
        yield node
        inner = stage.subprocesses.get(getattr(node, "spec", ""))
        if inner is not None:
            yield from within(stage, inner)


def calls_in_loops(stage: Definition, spec: Any) -> Iterator[Element]:
    """Yield the call activities from which a path leads back to themselves."""
    graph: nx.DiGraph[str] = nx.DiGraph(
        (node.name, to) for node in spec.task_specs.values() for to in node._outputs
    )
    for group in nx.strongly_connected_components(graph):
        for name in sorted(group) if len(group) > 1 else ():
            element = stage.element(spec.task_specs[name])
            if element is not None and element.called:
                yield element


def at(element: Element, code: str, text: str, severity: str = ERROR) -> Problem:
    """Return a problem at an element."""
    return Problem(code, text, element.id, element.line, severity)
