"""The control flow of a whole procedure, from the same definitions that run.

All stages side by side, the diagram of every call in the place of the call, subprocesses dissolved.
What runs by data here goes by shares: a gateway's way is its default, unless what is known of the
item decides it (`instant`, `fee_due`). Simplified:

- an event-based gateway takes one of the events that can come, not the first;
- what repeats is done once; `X~repeat` behind it leads back, by default never. Multi-instances
  too, for their number may be known only while they run; of those at once all count as one;
- an event at the boundary of X is a way out of X once it is done: `X~left` leads there, by default
  never; one that does not interrupt has a token of its own;
- a terminating end ends its own token only;
- a timer that is a date or an expression takes no time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from engine.rules.catalogue import Item
from engine.rules.flow import ControlFlow, FlowItem, FlowKind, FlowNode
from engine.rules.procedure import OPEN, Kind
from engine.workflow.definition import Definition, Element
from engine.workflow.deployment import Deployment
from engine.workflow.flow_draft import Draft, meeting
from engine.workflow.flow_scope import EVENTS, Inside, Part, Place, Scopes
from engine.workflow.profile_elements import WORK

#: what a called diagram says where its case is decided, and where its clock starts
DECIDED, CLOCK = ("case_state", "decided"), ("starts_clock", "true")
#: the step of a window on which the days are spent
REVIEW = "review"
AGAIN, APPLIED_AGAIN = "again", "重新申请"


def control_flow(deployment: Deployment) -> ControlFlow:
    """Return the control flow of all stages of a deployment.

    Ids: `ITEM/element` inside an item's diagram; in a stage's an element's own id, or
    `stage/element` where several stages have one of that id. The ends of an item without a result
    (refused, returned) lead over the applicant's `ITEM/again` back to its beginning.
    """
    writer = Writer(deployment)
    for stage, definition in deployment.stages.items():
        writer.stage(stage, definition)
    return ControlFlow(writer.draft.finished(), writer.items)


class Writer(Scopes):
    """Writes stage after stage, and the items in them."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(Draft(), {*deployment.awaited, OPEN})
        self.deployment = deployment
        self.items: dict[str, FlowItem] = {}
        every = (each.elements.values() for each in deployment.stages.values())
        self.count = Counter(each.id for elements in every for each in elements)

    def stage(self, stage: str, definition: Definition) -> None:
        """Write a stage."""
        prefix = f"{stage}%" if stage in self.deployment.procedure.items else stage
        shared = frozenset(name for name, times in self.count.items() if times > 1)
        inside = self.scope(Place(definition, stage, stage, prefix, shared), definition.spec)
        self.draft.change(inside.entry, kind=FlowKind.START)

    def activity(self, place: Place, element: Element) -> Part:
        """Write an activity: of a stage an item, else a step of one."""
        if place.item is not None:
            return self.step(place, element, place.item)
        item = self.deployment.procedure.items[element.item]
        return (
            self.call(place, element, item) if element.called else self.task(place, element, item)
        )

    def end(self, place: Place, element: Element, node: str) -> None:
        """Say that an item has come about that is a task of the stage."""
        if place.item is None and element.tag in WORK and not element.called:
            self.draft.change(node, brings=element.item)

    def task(self, place: Place, element: Element, item: Item) -> Part:
        """Write an item that is a task of the stage; what its decision waits for holds its end."""
        own = {"item": item.id, "department": item.department, "worker": item.kind}
        counted = item.kind is Kind.APPROVAL
        node = self.node(place, element, FlowKind.WORK, **own, counted=counted)
        self.note(place, element, item, (node, node, node))
        if not item.decision_waits_for:
            return Part(node, node)
        waits = {"item": item.id, "waits_for": item.decision_waits_for}
        gate = self.node(place, element, FlowKind.GATE, "gate", **waits)
        self.draft.link(node, gate)
        return Part(node, gate)

    def call(self, place: Place, element: Element, item: Item) -> Part:
        """Write the diagram that an item runs through, left where the item is decided."""
        called = self.deployment.called[element.called]
        inner = Place(called, place.stage, called.id, item.id, item=item)
        inside = self.scope(inner, called.spec)
        results = self.said(inner, *DECIDED)
        clock = self.said(inner, *CLOCK) if results else []
        accepted = clock or [inside.entry]
        self.count_days(accepted, results)
        main = self.main(inner, inside.entry)
        self.note(place, element, item, (inside.entry, main, accepted[0]))
        self.again(inner, inside, results)
        return Part(inside.entry, self.result(item, inside, results))

    def said(self, place: Place, name: str, value: str) -> list[str]:
        """Return the events of a diagram whose property has a value."""
        found = (each for each in place.definition.elements.values() if each.tag in EVENTS)
        named = (place.name(each.id) for each in found if each.properties.get(name) == value)
        return [each for each in named if each in self.draft.nodes]

    def count_days(self, accepted: Iterable[str], results: Collection[str]) -> None:
        """Mark the approval work from acceptance to decision."""
        for name in self.draft.after(accepted, stop=results):
            node = self.draft.nodes[name]
            if node.kind is FlowKind.WORK and node.worker is Kind.APPROVAL:
                self.draft.change(name, counted=True)

    def again(self, place: Place, inside: Inside, results: list[str]) -> None:
        """Lead the ends that come after no decision back to the beginning."""
        after = self.draft.after(results)
        ends = [each for each in inside.ends if results and each not in after]
        if not ends or place.item is None:
            return
        name = place.name(AGAIN) + ("+" if place.name(AGAIN) in self.draft.nodes else "")
        about = (APPLIED_AGAIN, AGAIN, place.diagram, place.stage, place.item.id)
        node = FlowNode(name, FlowKind.WORK, *about, worker=Kind.APPLICANT)
        self.draft.link(self.draft.add(node), inside.entry)
        for each in ends:
            self.draft.change(each, kind=FlowKind.PASS)
            self.draft.link(each, name)

    def result(self, item: Item, inside: Inside, results: list[str]) -> str:
        """Return the node that brings an item about: what says so, else the end of all of it."""
        if not results:
            node = meeting(self.draft, *inside)
        elif len(results) == 1:
            node = results[0]
        else:
            node = self.draft.beside(results[0], "completed", FlowKind.EXCLUSIVE)
            for each in results:
                self.draft.link(each, node)
        for each in (*results, node):
            if self.draft.nodes[each].kind is FlowKind.END:
                self.draft.change(each, kind=FlowKind.PASS)
        self.draft.change(node, brings=item.id)
        return node

    def main(self, place: Place, entry: str) -> str:
        """Return the node on which an item's days are spent."""
        nodes = (self.draft.nodes[each] for each in self.draft.after([entry]))
        works = [each for each in nodes if each.kind is FlowKind.WORK]
        works.sort(key=lambda each: (each.element != REVIEW, not each.counted))
        return works[0].id if works else ""

    def note(self, place: Place, element: Element, item: Item, nodes: tuple[str, str, str]) -> None:
        """Note an item and the nodes at which it begins, is worked on and is accepted."""
        about = (item.id, element.name, place.stage, item.department, item.kind, item.days or 0)
        self.items[item.id] = FlowItem(*about, *nodes)
