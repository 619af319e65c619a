"""A procedure ready to run: its files read, its diagrams parsed, its network resolved.

Files are a mapping of name → content: `procedure.yaml`, `catalogue.yaml`, the stage diagrams
and the diagrams they call. A lone diagram without `procedure.yaml` is a procedure of one
stage per process, its days in the elements' properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from engine.errors import Invalid, InvalidDefinition
from engine.rules.catalogue import Item, Name, Procedure, Stage
from engine.rules.procedure import Activity, Kind
from engine.workflow.definition import Definition, Element, digest
from engine.workflow.graph import awaited_names, network
from engine.workflow.parser import MAX_BYTES, read
from engine.workflow.problem import ERROR, WARNING, Problem

PROCEDURE = "procedure.yaml"
CATALOGUE = "catalogue.yaml"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """A procedure that can run."""

    hash: str
    procedure: Procedure
    stages: Mapping[str, Definition]
    called: Mapping[str, Definition]
    activities: tuple[Activity, ...]
    #: what some gate waits for; whatever else is decided, no gate need be looked at
    awaited: frozenset[str]

    def definition(self, key: str) -> Definition:
        """Return a definition of this deployment by its key; raises KeyError."""
        found = (*self.stages.values(), *self.called.values())
        return {definition.key: definition for definition in found}[key]


def build(files: Files, max_bytes: int = MAX_BYTES) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment of these files and every problem found.

    There is no deployment where a problem is an error.
    """
    builder = Builder(files, max_bytes)
    deployment = builder.build()
    return deployment, builder.problems


def load(files: Files) -> Deployment:
    """Return the deployment of these files. Raises InvalidDefinition with every problem."""
    deployment, problems = build(files)
    if deployment is None:
        errors = [problem for problem in problems if problem.severity == ERROR]
        details = [problem.as_dict() for problem in problems]
        raise InvalidDefinition(errors[0].message, problems=details)
    return deployment


class Builder:
    """Reads the files of one procedure and gathers all problems on the way."""

    def __init__(self, files: Files, max_bytes: int) -> None:
        self.files = files
        self.max_bytes = max_bytes
        self.problems: list[Problem] = []

    def build(self) -> Deployment | None:
        """Return the deployment, or None where an error was found."""
        data = self.yaml(PROCEDURE)
        catalogue = self.mapping(self.yaml(CATALOGUE).get("items"), CATALOGUE)
        definitions = self.diagrams()
        stages = self.stages(data, definitions)
        called = self.called(definitions, stages)
        items = self.items(data, catalogue, stages)
        if self.failed:
            return None
        procedure = self.procedure(data, tuple(stages), items)
        by_stage = {stage.id: definition for stage, definition in stages.items()}
        activities = network(by_stage, procedure, self.problems)
        if self.failed:
            return None
        name = digest(*(name.encode() + b"\0" + self.files[name] for name in sorted(self.files)))
        awaited = awaited_names((*by_stage.values(), *called.values()), procedure)
        return Deployment(name, procedure, by_stage, called, activities, awaited)

    @property
    def failed(self) -> bool:
        """Tell whether any problem stops the deployment."""
        return any(problem.severity == ERROR for problem in self.problems)

    def refuse(self, code: str, message: str, **where: Any) -> None:
        """Note an error."""
        self.problems.append(Problem(code, message, **where))

    def yaml(self, name: str) -> Mapping[str, Any]:
        """Return a YAML file's mapping; empty where there is no such file."""
        try:
            data = yaml.safe_load(self.files.get(name, b"{}"))
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            self.refuse("malformed_yaml", f"{name} is not YAML: {error}", file=name)
            return {}
        return self.mapping(data, name)

    def mapping(self, data: Any, name: str) -> Mapping[str, Any]:
        """Return a mapping, or note that there is none."""
        if data is None or isinstance(data, Mapping):
            return data or {}
        self.refuse("malformed_yaml", f"{name} must hold a mapping", file=name)
        return {}

    def diagrams(self) -> dict[str, list[Definition]]:
        """Return the definitions of every BPMN file."""
        found: dict[str, list[Definition]] = {}
        for name in sorted(self.files):
            if PurePosixPath(name).suffix in {".bpmn", ".xml"}:
                found[name], problems = read(self.files[name], name, self.max_bytes)
                self.problems.extend(problems)
        if not found:
            self.refuse("no_diagram", "there is no BPMN file")
        return found

    def stages(
        self, data: Mapping[str, Any], definitions: Mapping[str, list[Definition]]
    ) -> dict[Stage, Definition]:
        """Return the stages in order with their definitions."""
        if PROCEDURE not in self.files:
            return dict(lone_stages(definitions))
        stages: dict[Stage, Definition] = {}
        for row in data.get("stages") or ():
            stage = self.stage(self.mapping(row, PROCEDURE))
            found = definitions.get(stage.diagram, [])
            if found:
                stages[stage] = found[0]
            elif stage.diagram not in self.files:
                text = f"stage {stage.id}: there is no diagram {stage.diagram!r}"
                self.refuse("missing_diagram", text, file=PROCEDURE)
        if not stages and not self.failed:
            self.refuse("no_stage", "procedure.yaml names no stage", file=PROCEDURE)
        return stages

    def stage(self, row: Mapping[str, Any]) -> Stage:
        """Read one stage."""
        identifier = str(row.get("id") or "")
        if not identifier:
            self.refuse("missing_id", "a stage needs an id", file=PROCEDURE)
        diagram = str(row.get("diagram") or f"{identifier}.bpmn")
        name = Name.of(row.get("name"), identifier)
        return Stage(identifier, name, str(row.get("lead") or ""), diagram)

    def called(
        self, definitions: Mapping[str, list[Definition]], stages: Mapping[Stage, Definition]
    ) -> dict[str, Definition]:
        """Return the called definitions by process id; refuse calls that lead nowhere or round."""
        known = {each.id: each for found in definitions.values() for each in found}
        called: dict[str, Definition] = {}
        for stage, definition in stages.items():
            self.follow(definition, known, called, (stage.id,))
        return called

    def follow(
        self,
        definition: Definition,
        known: Mapping[str, Definition],
        called: dict[str, Definition],
        path: tuple[str, ...],
    ) -> None:
        """Gather what a definition calls, and what that calls."""
        for element in definition.elements.values():
            if not element.called:
                continue
            where = {"element": element.id, "line": element.line}
            target = known.get(element.called)
            if target is None:
                text = f"calls {element.called!r}, which is not among the files"
                self.refuse("unknown_process", text, **where)
            elif element.called in path:
                text = f"calls itself by way of {' → '.join((*path, element.called))}"
                self.refuse("cyclic_call", text, **where)
            elif element.called not in called:
                called[target.id] = target
                self.follow(target, known, called, (*path, target.id))

    def items(
        self,
        data: Mapping[str, Any],
        catalogue: Mapping[str, Any],
        stages: Mapping[Stage, Definition],
    ) -> dict[str, Item]:
        """Return every item of the diagrams, the diagram's properties over the files' rows."""
        promised = self.mapping(data.get("items"), PROCEDURE)
        found: dict[str, Item] = {}
        for definition in stages.values():
            for element in definition.elements.values():
                if element.tag in {"callActivity", "userTask", "manualTask", "task"}:
                    rows = (catalogue.get(element.item), promised.get(element.item))
                    self.item(element, rows, found)
        for identifier in promised:
            if identifier not in found:
                text = f"{identifier} stands in procedure.yaml but in no diagram"
                self.problems.append(
                    Problem("unused_item", text, identifier, severity=WARNING, file=PROCEDURE)
                )
        return found

    def item(self, element: Element, rows: tuple[Any, Any], found: dict[str, Item]) -> None:
        """Add the item an element stands for."""
        where: dict[str, Any] = {"element": element.id, "line": element.line}
        if element.item in found:
            self.refuse("duplicate_item", f"{element.item} stands in the diagrams twice", **where)
            return
        data = {**(rows[0] or {}), **(rows[1] or {}), **drawn(element)}
        data.setdefault("name", element.name)
        data.setdefault("kind", Kind.APPROVAL if element.called else Kind.APPLICANT)
        data.setdefault("department", element.lane.removeprefix("lane-"))
        try:
            item = Item.of(element.item, data)
        except Invalid as error:
            self.refuse("item", error.message, **where)
            return
        if item.days is None and PROCEDURE in self.files:
            name = "promised_days" if item.kind is Kind.APPROVAL else "expected_days"
            self.refuse("missing_days", f"{item.id} has no {name} in procedure.yaml", **where)
        found[item.id] = item

    def procedure(
        self, data: Mapping[str, Any], stages: tuple[Stage, ...], items: dict[str, Item]
    ) -> Procedure:
        """Return what the files say together."""
        months = data.get("window_months")
        identifier = str(data.get("id") or stages[0].id)
        return Procedure(
            id=identifier,
            name=Name.of(data.get("name"), identifier if data else stages[0].name.zh),
            stages=stages,
            items=items,
            project_type=str(data.get("project_type") or ""),
            source=str(data.get("source") or ""),
            starts_with=Name.of(data.get("starts_with")),
            window_months=int(months) if months else None,
        )


def lone_stages(
    definitions: Mapping[str, list[Definition]],
) -> Iterator[tuple[Stage, Definition]]:
    """Yield a stage per process that no other process calls."""
    every = [(name, each) for name, found in definitions.items() for each in found]
    called = {element.called for _, each in every for element in each.elements.values()}
    for name, each in every:
        if each.id not in called:
            yield Stage(each.id, Name(each.name), "", name), each


def drawn(element: Element) -> dict[str, Any]:
    """Return what the element's own properties say of its item."""
    lists = {"participants", "decision_waits_for", "materials"}
    known = {"kind", "department", "promised_days", "expected_days", "statutory_days", "unit"}
    data: dict[str, Any] = {
        key: value for key, value in element.properties.items() if key in known and value
    }
    data.update({key: element.listed(key) for key in lists if element.listed(key)})
    return data
