"""The control flow of a whole procedure as plain data: what a token passes on its way.

The diagrams of all stages stand side by side, every called diagram (an item's window steps) in
the place of its call, embedded subprocesses dissolved. Nothing here knows BPMN's XML or an
engine; a simulation plays it, a log is replayed on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.rules.procedure import Kind


class FlowKind(StrEnum):
    """What a node does with a token."""

    #: a token begins here with the project; a stage has one
    START = "start"
    #: a token ends here
    END = "end"
    #: somebody works; a task of any type
    WORK = "work"
    #: one way of several goes on; where several come in, each passes by itself
    EXCLUSIVE = "exclusive"
    #: all ways go on; where several come in, all are awaited
    PARALLEL = "parallel"
    #: some ways go on, at least one; those that went on are awaited
    INCLUSIVE = "inclusive"
    #: it waits until all of `waits_for` has been brought about (level-triggered)
    GATE = "gate"
    #: time passes
    TIMER = "timer"
    #: the first token passes, later ones end; every way goes on
    FIRST = "first"
    #: a token passes; where `brings` is given, that has now been brought about
    PASS = "pass"  # noqa: S105 - no password


@dataclass(frozen=True, slots=True)
class Flow:
    """One way out of a node."""

    id: str
    target: str
    name: str = ""
    condition: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One node. `id` is unique in the procedure: `IND-02/review` for a step of an item.

    `element` and `diagram` name what is drawn: an element's id, and the stage or the called
    process whose diagram it stands in. `item` is the catalogue id of whatever item it belongs to.
    `counted`: its days count against the promise, as approval work does from acceptance to
    decision. `timer` is a TIMER's length in hours of the clock on the wall; 0 where it is a date
    or an expression.
    """

    id: str
    kind: FlowKind
    name: str
    element: str
    diagram: str
    stage: str
    item: str = ""
    department: str = ""
    worker: Kind = Kind.MILESTONE
    waits_for: tuple[str, ...] = ()
    brings: str = ""
    timer: float = 0.0
    counted: bool = False
    outgoing: tuple[Flow, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowItem:
    """One item: where it begins, and the node at which its work stands by default.

    `days` are the plan's working days. `main` is the WORK node on which they are spent: `review`
    in a window's steps, else the first that counts; empty where nobody works. What brings it about
    is the node whose `brings` is its id. `accepted` is the node at which its clock starts.
    """

    id: str
    name: str
    stage: str
    department: str
    kind: Kind
    days: int
    begins: str
    main: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class ControlFlow:
    """All nodes of a procedure by id, in the diagrams' order; its items in theirs."""

    nodes: Mapping[str, FlowNode] = field(default_factory=dict)
    items: Mapping[str, FlowItem] = field(default_factory=dict)

    @property
    def starts(self) -> tuple[str, ...]:
        """The ids of the nodes at which a project's tokens begin."""
        return tuple(each.id for each in self.nodes.values() if each.kind is FlowKind.START)
