"""What the diagrams of a procedure say beside its network: labels, lanes, how items are drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping

from lxml import etree

from engine.rules.catalogue import Item
from engine.rules.procedure import START, Activity, Kind
from engine.workflow.compose import Captions, StagePlan
from engine.workflow.compose_losses import CODE, losses
from engine.workflow.definition import Definition, Element
from engine.workflow.deployment import Deployment, Files
from engine.workflow.deployment_items import LISTS, PLAIN
from engine.workflow.diagram import Node
from engine.workflow.problem import Problem
from engine.workflow.profile_elements import WORK
from engine.workflow.profile_flows import message_of
from engine.workflow.xml import NAMESPACES, parse

#: properties that `procedure.yaml` says instead; whose work it is stays with the element
OF_ITEMS = ({*PLAIN, *LISTS, "days"} - {"kind"}) | {"decision_waits_for"}


class Base:
    """The stages of a procedure as they are drawn."""

    def __init__(
        self, deployment: Deployment, files: Files, known: Mapping[str, str] | None = None
    ) -> None:
        self.deployment = deployment
        #: what departments are called where no lane says it, by code
        self.known = known or {}
        #: stage id → the root of its file, and its process
        self.roots = {
            stage.id: root
            for stage in deployment.procedure.stages
            if (root := parse(files[stage.diagram], len(files[stage.diagram]))[0]) is not None
        }
        self.processes = {stage: self._process(stage) for stage in self.roots}
        #: item id → the element that stands for it
        self.elements = {
            element.item: element
            for definition in deployment.stages.values()
            for element in work(definition)
        }

    def _process(self, stage: str) -> etree._Element:
        path = f"bpmn:process[@id='{self.deployment.stages[stage].id}']"
        [process] = self.roots[stage].findall(path, NAMESPACES)
        return process

    def losses(self, files: Container[str]) -> Iterator[Problem]:
        """Yield what would be lost if the stages in some files were composed anew."""
        own = {definition.id for definition in self.deployment.stages.values()}
        stages = [each for each in self.deployment.procedure.stages if each.diagram in files]
        for stage in stages:
            yield from losses(self.processes[stage.id], stage.diagram)
            for other in self.roots[stage.id].iterfind("bpmn:process", NAMESPACES):
                if other.get("id") not in own and self._runs(other.get("id", "")):
                    text = (
                        f"process {other.get('id')} stands in the file of a stage, which is "
                        "composed anew: draw it in a file of its own"
                    )
                    yield Problem(CODE, text, other.get("id"), other.sourceline, file=stage.diagram)

    def _runs(self, process: str) -> bool:
        return process in self.deployment.called or process in self.deployment.reviews

    def changed(
        self, activities: Mapping[str, Activity], items: Mapping[str, Item]
    ) -> frozenset[str]:
        """Return the stages' files that would say otherwise of these activities and items."""
        stages = self.deployment.procedure.stages
        return frozenset(
            stage.diagram
            for stage in stages
            if gates(stage.id, self.deployment.activities) != gates(stage.id, activities.values())
            or self._says_otherwise(stage.id, items)
        )

    def _says_otherwise(self, stage: str, items: Mapping[str, Item]) -> bool:
        """Tell whether an element of a stage itself says what has become of its item."""
        known = self.deployment.procedure.items
        return any(
            known[each.item] != items[each.item] and OF_ITEMS.intersection(each.properties)
            for each in work(self.deployment.stages[stage])
        )

    def items_outside(self, files: Container[str]) -> list[str]:
        """Return the items of the stages that are drawn in none of some files."""
        return [
            element.item
            for stage in self.deployment.procedure.stages
            if stage.diagram not in files
            for element in work(self.deployment.stages[stage.id])
        ]

    def captions(self) -> Captions:
        """Return the words of the diagrams, and how their items are drawn."""
        procedure = self.deployment.procedure
        points = [a for a in self.deployment.activities if a.kind is Kind.MILESTONE]
        waits = {each.id: each.name for each in points} | self.waits()
        drawn = {item: as_node(element) for item, element in self.elements.items()}
        return Captions(self.departments(), procedure.starts_with.zh or "START", waits, drawn)

    def waits(self) -> dict[str, str]:
        """Return the labels of the events that wait, by what they wait for."""
        found: dict[str, str] = {}
        for process in self.processes.values():
            for event in process.iterfind("bpmn:intermediateCatchEvent", NAMESPACES):
                message, name = message_of(event), " ".join(event.get("name", "").split())
                if message and name:
                    found.setdefault(message, name)
        return found

    def departments(self) -> dict[str, str]:
        """Return what lanes are called, by department: its own lane, or one it has for itself.

        A department that shares its lane with others is called as the city calls it; where that
        is not known, as the lane, with its code.
        """
        items = self.deployment.procedure.items
        lanes = {
            lane.get("id", ""): lane.get("name", "")
            for process in self.processes.values()
            for lane in process.iterfind(".//bpmn:lane", NAMESPACES)
        }
        standing: defaultdict[str, set[str]] = defaultdict(set)
        for definition in self.deployment.stages.values():
            for element in work(definition):
                standing[element.lane].add(items[element.item].department)
        codes = {code for found in standing.values() for code in found}
        codes |= {stage.lead for stage in self.deployment.procedure.stages}
        alone = {
            next(iter(found)): lanes.get(lane)
            for lane, found in standing.items()
            if len(found) == 1
        }
        shared = {
            code: f"{lanes[lane]}（{code}）"
            for lane, found in standing.items()
            if lanes.get(lane)
            for code in found
        }
        names = {**shared, **self.known, **{code: name for code, name in alone.items() if name}}
        return {code: lanes.get(f"lane-{code}") or names.get(code) or code for code in codes}

    def stage_plan(self, stage_id: str, activities: Iterable[Activity]) -> StagePlan:
        """Return a stage to compose of some activities, labelled as it is.

        Without a lead its lane is that of the department with most of its approvals.
        """
        stage, definition = self.deployment.procedure.stage(stage_id), self.deployment.stages
        own = [each for each in activities if each.stage == stage_id and each.department]
        decided = [each for each in own if each.kind is Kind.APPROVAL]
        most = Counter(each.department for each in decided or own).most_common(1)
        lead = stage.lead or next((code for code, _ in most), "")
        known = {each.id for each in self.deployment.activities}
        ends = [name for each, name in self._labels(stage_id, "endEvent") if each not in known]
        [(_, start)] = self._labels(stage_id, "startEvent")
        end = ends[0] if len(ends) == 1 else ""
        return StagePlan(stage_id, stage.name.zh, lead, definition[stage_id].name, start, end)

    def _labels(self, stage: str, tag: str) -> list[tuple[str, str]]:
        nodes = self.processes[stage].iterfind(f"bpmn:{tag}", NAMESPACES)
        return [(node.get("id", ""), " ".join(node.get("name", "").split())) for node in nodes]


def work(definition: Definition) -> Iterator[Element]:
    """Yield the elements of a stage that stand for items."""
    return (element for element in definition.elements.values() if element.tag in WORK)


def gates(stage: str, activities: Iterable[Activity]) -> dict[str, tuple[set[str], set[str]]]:
    """Return what the activities of a stage wait for, to start and to decide."""
    return {
        each.id: (set(each.predecessors), set(each.decision_waits_for))
        for each in activities
        if each.stage == stage and each.id != START
    }


def as_node(element: Element) -> Node:
    """Return an item as it is drawn, without what `procedure.yaml` says of it."""
    said: Mapping[str, str] = {
        key: value for key, value in element.properties.items() if key not in OF_ITEMS
    }
    properties = tuple({"item": element.item, **said}.items())
    return Node(element.id, element.tag, element.name, "", properties, called=element.called)
