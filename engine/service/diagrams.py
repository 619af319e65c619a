"""The diagrams of a version, element by element: what a drawing shows, for who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.rules.catalogue import Item, Name, Stage
from engine.rules.procedure import Kind
from engine.workflow import xml
from engine.workflow.definition import Definition, Element, digest
from engine.workflow.deployment import Deployment
from engine.workflow.graph import messages
from engine.workflow.layout import redraw
from engine.workflow.profile_elements import WORK

Files = Mapping[str, bytes]
#: a file without a drawing that has more flows is not laid out while somebody waits
MOST_FLOWS = 80
DRAWN, LAID_OUT, LISTED = "drawn", "laid_out", "listed"


@dataclass(frozen=True, slots=True)
class DrawnElement:
    """A flow node. `lane` is as the diagram names it; `item` is None for what nobody works on.

    `days` are working days. `waits_for` are the items and milestones a gate waits for,
    `decision_waits_for` those that only the decision does.
    """

    id: str
    tag: str
    name: str
    lane: str
    item: Item | None
    kind: Kind | None
    days: int | None
    roles: tuple[str, ...]
    outcomes: tuple[str, ...]
    waits_for: tuple[str, ...]
    decision_waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnProcess:
    """A diagram. `stage` is None for one that items call.

    `looks` says whether it is drawn in its file, laid out for the reader, or only listed.
    `names` are those of everything that has one, lanes, pools and flows included, by id.
    """

    file: str
    process: str
    name: Name
    stage: Stage | None
    looks: str
    names: Mapping[str, str]
    elements: tuple[DrawnElement, ...]


def find(built: Deployment, files: Files) -> list[DrawnProcess]:
    """Return the diagrams of the stages in their order, then those that are called."""
    stages = [
        process(built, files, built.stages[stage.id], stage) for stage in built.procedure.stages
    ]
    called = [process(built, files, each, None) for each in built.called.values()]
    return [*stages, *called]


def process(
    built: Deployment, files: Files, definition: Definition, stage: Stage | None
) -> DrawnProcess:
    """Return one diagram."""
    file = stage.diagram if stage else file_of(definition, files)
    items = built.procedure.items if stage else {}
    names = names_in(files[file])
    return DrawnProcess(
        file=file,
        process=definition.id,
        name=stage.name if stage else Name(definition.name),
        stage=stage,
        looks=looks(files[file]),
        names=names,
        elements=tuple(elements(definition, names, items)),
    )


def file_of(definition: Definition, files: Files) -> str:
    """Return the file a definition was read from; raises KeyError."""
    key = definition.key.partition(":")[0]
    return {digest(content): name for name, content in files.items()}[key]


def names_in(content: bytes) -> dict[str, str]:
    """Return the names of everything in a file that has one, by its id."""
    root, _ = xml.parse(content, len(content))
    nodes = () if root is None else root.iter()
    named = (each for each in nodes if xml.is_bpmn(each) and each.get("id") and each.get("name"))
    return {str(each.get("id")): str(each.get("name")) for each in named}


def elements(
    definition: Definition, named: Mapping[str, str], items: Mapping[str, Item]
) -> Iterator[DrawnElement]:
    """Yield the elements of a process in the order of the file; a called one has no items."""
    awaited = gates(definition)
    for element in definition.elements.values():
        works = element.tag in WORK
        item = items.get(element.item) if works else None
        yield DrawnElement(
            id=element.id,
            tag=element.tag,
            name=element.name if element.name != element.id else "",
            lane=named.get(element.lane, element.lane),
            item=item,
            kind=item.kind if item else element.kind if works else None,
            days=item.days if item else None,
            roles=element.listed("roles"),
            outcomes=element.listed("outcomes"),
            waits_for=awaited.get(element.id, ()),
            decision_waits_for=item.decision_waits_for if item else soft(element),
        )


def looks(content: bytes) -> str:
    """Return how a diagram can be shown: drawn, laid out or only listed."""
    if b"BPMNShape" in content:
        return DRAWN
    return LAID_OUT if content.count(b"sourceRef=") <= MOST_FLOWS else LISTED


@lru_cache(maxsize=32)
def drawing(content: bytes) -> bytes:
    """Return a diagram that can be shown: one without shapes is laid out, where it can be."""
    if looks(content) != LAID_OUT:
        return content
    try:
        return redraw(content)
    except Exception:  # noqa: BLE001 - a diagram that is refused may lack anything
        return content


def soft(element: Element) -> tuple[str, ...]:
    """Return what an element that stands for no item says its decision waits for."""
    return element.listed("decision_waits_for")


def gates(definition: Definition) -> dict[str, tuple[str, ...]]:
    """Return the names that the events of a process wait for, by element."""
    found: dict[str, tuple[str, ...]] = {}
    for spec in (definition.spec, *definition.subprocesses.values()):
        for node in spec.task_specs.values():
            element = definition.element(node)
            names = messages(node)
            if element is not None and names:
                found[element.id] = tuple(names)
    return found
