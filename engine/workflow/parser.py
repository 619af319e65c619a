"""From BPMN XML to definitions that run, with every problem told at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from engine.errors import InvalidDefinition
from engine.rules.flow import Flow
from engine.workflow.definition import Definition, Element, digest
from engine.workflow.loop import connect_loops
from engine.workflow.problem import ERROR, Problem
from engine.workflow.profile import check_profile
from engine.workflow.profile_elements import FLOW_NODES, children
from engine.workflow.specification import own_name, specifications
from engine.workflow.xml import NAMESPACES, is_bpmn, local_name, parse, properties_of

MAX_BYTES = 2_000_000


def read(
    content: bytes, filename: str = "", max_bytes: int = MAX_BYTES, *, trusted: bool = False
) -> tuple[list[Definition], list[Problem]]:
    """Return the definitions of a BPMN file and every problem found in it.

    There are no definitions where a problem is an error; there may be warnings beside them.
    A file that was deployed is `trusted`: whatever this version would say of it, projects
    run on it, and what cannot run becomes an incident.
    """
    root, problems = parse(content, max_bytes)
    if root is None:
        return [], located(problems, filename)
    problems = [] if trusted else check_profile(root)
    if any(problem.severity == ERROR for problem in problems):
        return [], located(problems, filename)
    try:
        definitions = list(build(root, digest(content)))
    except Exception as error:  # noqa: BLE001 - whatever SpiffWorkflow raises lies in the diagram
        return [], located([*problems, unexpected(error)], filename)
    return definitions, located(problems, filename)


def load(content: bytes, filename: str = "") -> list[Definition]:
    """Return the definitions of a BPMN file.

    Raises InvalidDefinition with all problems.
    """
    definitions, problems = read(content, filename)
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors:
        raise InvalidDefinition(
            f"{filename or 'the file'}: {errors[0].message}",
            problems=[problem.as_dict() for problem in problems],
        )
    return definitions


def build(root: etree._Element, key: str) -> Iterator[Definition]:
    """Yield a definition per process of a checked file; what does not run is taken out of it."""
    lanes = lane_ids(root)
    processes = [p for p in root.iterfind("bpmn:process", NAMESPACES) if is_drawn(p)]
    said = {str(p.get("id")): dict(elements(p, lanes)) for p in processes}
    names = {str(p.get("id")): p.get("name") or pool_name(root, p) for p in processes}
    leaving = {str(p.get("id")): flows(p) for p in processes}
    for identifier, spec, subprocesses in specifications(root, list(said)):
        for each in (spec, *subprocesses.values()):
            connect_loops(each)
        specs = task_names(spec, subprocesses)
        yield Definition(
            id=identifier,
            name=names[identifier] or identifier,
            key=f"{key}:{identifier}",
            spec=spec,
            subprocesses=subprocesses,
            elements=said[identifier],
            specs=specs,
            spec_index={name: index for index, name in enumerate(specs)},
            flows=leaving[identifier],
        )


def is_drawn(process: etree._Element) -> bool:
    """Tell whether a process holds anything; an empty pool does not."""
    return bool(children(process, FLOW_NODES))


def task_names(spec: Any, subprocesses: dict[str, Any]) -> tuple[str, ...]:
    """Return every task specification's name once, in a fixed order: the codec's alphabet."""
    specs = (spec, *subprocesses.values())
    return tuple(sorted({name for each in specs for name in each.task_specs}))


def pool_name(root: etree._Element, process: etree._Element) -> str:
    """Return the name of the pool that shows a process."""
    for participant in root.iterfind("bpmn:collaboration/bpmn:participant", NAMESPACES):
        if participant.get("processRef") == process.get("id"):
            return str(participant.get("name") or "")
    return ""


def lane_ids(root: etree._Element) -> dict[str, str]:
    """Return the lane of each flow node, by ids; of lanes within lanes the innermost."""
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in root.iterfind(".//bpmn:lane", NAMESPACES)
        for reference in lane.iterfind("bpmn:flowNodeRef", NAMESPACES)
    }


def elements(process: etree._Element, lanes: dict[str, str]) -> Iterator[tuple[str, Element]]:
    """Yield (id as it runs, element) of every flow node of a process."""
    for node in process.iterdescendants():
        if is_bpmn(node) and local_name(node) in FLOW_NODES:
            yield own_name(node.get("id", "")), element(node, lanes)


def element(node: etree._Element, lanes: dict[str, str]) -> Element:
    """Return what a node of the diagram says of itself."""
    return Element(
        id=node.get("id", ""),
        tag=local_name(node),
        name=str(node.get("name") or node.get("id", "")),
        lane=lanes.get(node.get("id", ""), ""),
        line=node.sourceline or 0,
        called=node.get("calledElement", ""),
        properties=dict(properties_of(node)),
    )


def flows(process: etree._Element) -> dict[str, tuple[Flow, ...]]:
    """Return the sequence flows that leave each flow node of a process, as they run."""
    defaults = {node.get("default") for node in process.iterdescendants()} - {None}
    found: dict[str, tuple[Flow, ...]] = {}
    for node in process.iterfind(".//bpmn:sequenceFlow", NAMESPACES):
        source = own_name(node.get("sourceRef", ""))
        found[source] = (*found.get(source, ()), flow(node, node.get("id") in defaults))
    return found


def flow(node: etree._Element, default: bool) -> Flow:  # noqa: FBT001
    """Return one sequence flow."""
    condition = (node.findtext("bpmn:conditionExpression", "", NAMESPACES) or "").strip()
    target, name = own_name(node.get("targetRef", "")), " ".join(node.get("name", "").split())
    return Flow(node.get("id", ""), target, name, condition, default)


def located(problems: list[Problem], filename: str) -> list[Problem]:
    """Return the problems with the name of their file."""
    return [replace(problem, file=filename) for problem in problems]


def unexpected(error: Exception) -> Problem:
    """Return what SpiffWorkflow's own validation says."""
    if isinstance(error, RecursionError):
        return Problem("too_deep", "a path through the diagram is too long to run")
    return Problem("invalid_bpmn", str(error), getattr(error, "id", None) or None)
