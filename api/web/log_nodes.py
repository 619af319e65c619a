"""What nodes are called on pages: of a procedure, or of a diagram that was found in a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.web.gantt.words import gettext as _
from api.web.labels import drawn
from api.web.language import CHINESE, language
from api.web.visit import Visit
from engine.rules.flow import ControlFlow, FlowKind
from engine.service.logs import calibrating

#: so many things behind a gateway are named
NAMED = 3
#: what the gateways of a found diagram are called beside their activity
SIDES = ("-in", "-out")


@dataclass(frozen=True, slots=True)
class Nodes:
    """The names of nodes by id, and the flow where one was deployed."""

    names: Mapping[str, str]
    flow: ControlFlow | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, visit: Visit, kept: Mapping[str, Any]) -> Nodes:
        """Return the nodes of a calibration as it is kept."""
        if kept["procedure"]:
            return of_procedure(visit, kept["procedure"])
        return cls({node: activity for activity, node in kept["report"]["found"]["nodes"].items()})

    def __call__(self, node: str) -> str:
        """Return what a node is called: what is behind it where it has no name of its own."""
        if node in self.names:
            return self.names[node]
        if self.flow is None:
            plain = node.removesuffix(SIDES[0]).removesuffix(SIDES[1])
            return self.names.get(plain) or {"START": _("开始"), "END": _("结束")}.get(plain, node)
        found = list(dict.fromkeys(self.behind(node, set())))
        more = _("等 %(n)s 项", n=len(found)) if len(found) > NAMED else ""
        return _("、").join(found[:NAMED]) + more or node

    def gateway(self, node: str, name: str) -> str:
        """Return what a gateway is called, with its item; by what comes before without a name."""
        if not name:
            return _("%(name)s之后", name=self(node))
        item = self.flow.nodes[node].item if self.flow and node in self.flow.nodes else ""
        return f"{self.items[item]} · {drawn(name)}" if item in self.items else drawn(name)

    def behind(self, node: str, seen: set[str]) -> Iterator[str]:
        """Yield the names of the work and the ends that a token comes to first from a node."""
        if self.flow is None or node in seen or node not in self.flow.nodes:
            return
        seen.add(node)
        here = self.flow.nodes[node]
        if here.kind is FlowKind.END:
            yield drawn(here.name) or _("结束")
        elif node in self.names:
            yield self.names[node]
        else:
            for way in here.outgoing:
                yield from self.behind(way.target, seen)


def of_procedure(visit: Visit, procedure: str) -> Nodes:
    """Return the WORK nodes of a procedure's newest version. Raises NotFound."""
    over = calibrating.laid(visit.work, procedure)
    items = {
        each.id: item_name(over.names.get(each.id, ()), each.name)
        for each in over.flow.items.values()
    }
    names, groups = {}, {}
    for node in over.flow.nodes.values():
        if node.kind is FlowKind.WORK:
            item = items.get(node.item, "")
            own = drawn(node.name) or node.element
            names[node.id] = own if not item or own == item else f"{item} · {own}"
            groups[node.id] = item or own
    return Nodes(names, over.flow, groups, items)


def item_name(names: tuple[str, ...], otherwise: str) -> str:
    """Return an item's name in the page's language."""
    if not names:
        return drawn(otherwise)
    return names[0] if language() == CHINESE else names[-1][:1].upper() + names[-1][1:]
