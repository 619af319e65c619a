"""Which node of a control flow an activity of a log is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.errors import Invalid
from engine.rules.flow import ControlFlow, FlowKind, FlowNode

#: what names are compared without: blanks, punctuation, signs
SIGNS = re.compile(r"[\W_]+")


class By(StrEnum):
    """How an activity was recognised, the surest first."""

    #: somebody said so
    GIVEN = "given"
    #: the name is a node's id
    ID = "id"
    #: the name is an item's id or name: the node on which its days are spent
    ITEM = "item"
    #: the names of the item and of the step
    STEP = "step"
    #: the name of one node, or its element's id
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Matched:
    """Nodes by activity, and how each was recognised; `missing` tells why others were not."""

    nodes: Mapping[str, str]
    by: Mapping[str, By]
    missing: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "nodes": dict(self.nodes),
            "by": {name: str(by) for name, by in self.by.items()},
            "missing": dict(self.missing),
        }


def matched(
    activities: tuple[str, ...],
    flow: ControlFlow,
    given: Mapping[str, str] | None = None,
    names: Mapping[str, tuple[str, ...]] | None = None,
) -> Matched:
    """Find the WORK node of every activity.

    `given` are node ids by activity, '' for what is to be left out; `names` further names of items
    and nodes by id, in other languages. Names are compared without case, width, blanks and
    punctuation, so `IND-02 Review` finds `IND-02/review`. A name that several nodes have finds
    none. Raises Invalid where `given` names what is no WORK node.
    """
    known = keys(flow, names or {})
    nodes: dict[str, str] = {}
    by: dict[str, By] = {}
    missing: dict[str, str] = {}
    for activity in activities:
        if given is not None and activity in given:
            place(activity, given[activity], flow, nodes, by, missing)
            continue
        found, how = look(known, activity)
        if len(found) == 1:
            nodes[activity], by[activity] = next(iter(found)), how
        else:
            missing[activity] = f"ambiguous: {', '.join(sorted(found)[:5])}" if found else "unknown"
    return Matched(nodes, by, missing)


def place(
    activity: str,
    node: str,
    flow: ControlFlow,
    nodes: dict[str, str],
    by: dict[str, By],
    missing: dict[str, str],
) -> None:
    """Keep what somebody said of an activity. Raises Invalid."""
    if not node:
        missing[activity] = "left out"
        return
    if node not in flow.nodes or flow.nodes[node].kind is not FlowKind.WORK:
        raise Invalid(f"{node!r} is no work of the procedure", field="mapping", activity=activity)
    nodes[activity], by[activity] = node, By.GIVEN


def look(known: Mapping[By, Mapping[str, set[str]]], activity: str) -> tuple[set[str], By]:
    """Return the nodes of a name by the surest way that finds any."""
    name = plain(activity)
    for how, table in known.items():
        found = table.get(activity if how is By.ID else name)
        if found:
            return found, how
    return set(), By.NAME


def plain(name: str) -> str:
    """Return a name as it is compared."""
    return SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold())


def keys(flow: ControlFlow, names: Mapping[str, tuple[str, ...]]) -> dict[By, dict[str, set[str]]]:
    """Return, by way of recognising, what names which nodes."""
    found: dict[By, dict[str, set[str]]] = {how: {} for how in (By.ID, By.ITEM, By.STEP, By.NAME)}
    for node in flow.nodes.values():
        if node.kind is FlowKind.WORK:
            found[By.ID].setdefault(node.id, set()).add(node.id)
            for how, name in of_node(node, flow, names):
                found[how].setdefault(plain(name), set()).add(node.id)
    for item in flow.items.values():
        for name in (item.id, item.name, *names.get(item.id, ())):
            if plain(name) and item.main in flow.nodes:
                found[By.ITEM].setdefault(plain(name), set()).add(item.main)
    return found


def of_node(
    node: FlowNode, flow: ControlFlow, names: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[By, str]]:
    """Yield what a node may be called."""
    own = tuple(each for each in (node.element, node.name, *names.get(node.id, ())) if plain(each))
    yield from ((By.NAME, each) for each in own)
    item = flow.items.get(node.item)
    if item is not None:
        for name in (item.id, item.name, *names.get(item.id, ())):
            yield from ((By.STEP, f"{name} {each}") for each in own if plain(name))
    if plain(node.id):
        yield By.STEP, node.id
