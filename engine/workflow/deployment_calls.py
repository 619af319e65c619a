"""Which processes the stages of a procedure call, and whether they can be called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from engine.workflow.definition import Definition, Element
from engine.workflow.problem import Problem

Definitions = Mapping[str, list[Definition]]


def duplicates(definitions: Definitions) -> Iterator[Problem]:
    """Yield a problem per process whose id stands in several files."""
    count = Counter(each.id for found in definitions.values() for each in found)
    for name, found in definitions.items():
        for each in found:
            if count[each.id] > 1:
                text = f"the process id {each.id} is used in several files"
                yield Problem("duplicate_id", text, each.id, file=name)


def called_by(
    stages: list[Definition], definitions: Definitions, problems: list[Problem]
) -> dict[str, Definition]:
    """Return what the stages call, by process id.

    Appends a problem per call that leads nowhere or round, and per call inside what is called.
    """
    known = {each.id: each for found in definitions.values() for each in found}
    called: dict[str, Definition] = {}
    for stage in stages:
        for element in calls(stage):
            target = known.get(element.called)
            if target is None:
                problems.append(unknown(element))
            elif any(target is each for each in stages):
                problems.append(round_call(element, f"{element.called} is a stage itself"))
            else:
                called[target.id] = target
    for target in called.values():
        problems.extend(nested(element, target) for element in calls(target))
    return called


def calls(definition: Definition) -> Iterator[Element]:
    """Yield the call activities of a definition."""
    return (element for element in definition.elements.values() if element.called)


def unknown(element: Element) -> Problem:
    """Return the problem of a call that leads nowhere."""
    text = f"calls {element.called!r}, which is not among the files"
    return Problem("unknown_process", text, element.id, element.line)


def nested(element: Element, target: Definition) -> Problem:
    """Return the problem of a call inside a process that is called itself."""
    if element.called == target.id:
        return round_call(element, f"{target.id} calls itself")
    text = f"{target.id} is called and calls {element.called!r}; draw an embedded subprocess"
    return Problem("nested_call", text, element.id, element.line)


def round_call(element: Element, text: str) -> Problem:
    """Return the problem of a call that would never come to an end."""
    return Problem("cyclic_call", text, element.id, element.line)
