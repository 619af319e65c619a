"""A procedure ready to run: its files read, its diagrams parsed, its network resolved.

Files are a mapping of name → content: `procedure.yaml`, `catalogue.yaml`, the stage diagrams
and the diagrams they call. A lone diagram without `procedure.yaml` is a procedure of one
stage per process, its days in the elements' properties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from engine.errors import InvalidDefinition
from engine.rules.catalogue import Item, Name, Procedure, Stage
from engine.rules.procedure import Activity
from engine.workflow.definition import Definition, digest
from engine.workflow.deployment_calls import called_by, duplicates
from engine.workflow.deployment_items import items_of
from engine.workflow.graph import awaited_names, network, unknown_gates
from engine.workflow.parser import MAX_BYTES, read
from engine.workflow.problem import ERROR, Problem
from engine.workflow.yaml_file import read_mapping

PROCEDURE = "procedure.yaml"
CATALOGUE = "catalogue.yaml"
#: the diagram of joint reviews, and its processes
JOINT_REVIEW = "joint-review.bpmn"
ROUND, OPINION, QUESTION = "joint-review", "opinion", "question"

Files = Mapping[str, bytes]
Definitions = Mapping[str, list[Definition]]


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """A procedure that can run."""

    hash: str
    procedure: Procedure
    stages: Mapping[str, Definition]
    called: Mapping[str, Definition]
    #: what joint reviews run, by process id; none where the files hold no such diagram
    reviews: Mapping[str, Definition]
    activities: tuple[Activity, ...]
    #: what some gate waits for; whatever else is decided, no gate need be looked at
    awaited: frozenset[str]

    def definition(self, key: str) -> Definition:
        """Return a definition of this deployment by its key; raises KeyError."""
        found = (*self.stages.values(), *self.called.values(), *self.reviews.values())
        return {definition.key: definition for definition in found}[key]


def build(
    files: Files, max_bytes: int = MAX_BYTES, *, trusted: bool = False
) -> tuple[Deployment | None, list[Problem]]:
    """Return the deployment of these files and every problem found.

    There is no deployment where a problem is an error.
    """
    deployment, problems = built(tuple(sorted(files.items())), max_bytes, trusted=trusted)
    return deployment, list(problems)


@lru_cache(maxsize=16)
def built(
    files: tuple[tuple[str, bytes], ...], max_bytes: int, *, trusted: bool
) -> tuple[Deployment | None, tuple[Problem, ...]]:
    """Build once what is checked, deployed and loaded one after another: nothing of it changes."""
    builder = Builder(dict(files), max_bytes, trusted=trusted)
    deployment = builder.build()
    return deployment, tuple(builder.problems)


def load(files: Files) -> Deployment:
    """Return the deployment of files that were deployed.

    They are not judged again: a stricter check must not stop what runs. Raises
    InvalidDefinition with every problem where they cannot be read at all.
    """
    deployment, problems = build(files, trusted=True)
    if deployment is None:
        errors = [problem for problem in problems if problem.severity == ERROR]
        details = [problem.as_dict() for problem in problems]
        raise InvalidDefinition(errors[0].message, problems=details)
    return deployment


class Builder:
    """Reads the files of one procedure and gathers all problems on the way."""

    def __init__(self, files: Files, max_bytes: int, *, trusted: bool = False) -> None:
        self.files = files
        self.trusted = trusted
        self.max_bytes = max_bytes
        self.problems: list[Problem] = []

    def build(self) -> Deployment | None:
        """Return the deployment, or None where an error was found."""
        data = self.yaml(PROCEDURE)
        catalogue = self.mapping(self.yaml(CATALOGUE).get("items"), "items", CATALOGUE)
        definitions = self.diagrams()
        stages = self.stages(data, definitions)
        called = called_by(list(stages.values()), definitions, self.problems)
        promised = self.mapping(data.get("items"), "items", PROCEDURE)
        named = PROCEDURE if PROCEDURE in self.files else None
        items = items_of(list(stages.values()), catalogue, promised, named, self.problems)
        if self.failed():
            return None
        procedure = self.procedure(data, tuple(stages), items)
        by_stage = {stage.id: definition for stage, definition in stages.items()}
        activities = network(by_stage, procedure, self.problems)
        known = {each.id for each in activities}
        for definition in called.values():
            self.problems.extend(unknown_gates(definition, known))
        if self.failed():
            return None
        name = digest(*(name.encode() + b"\0" + self.files[name] for name in sorted(self.files)))
        awaited = awaited_names((*by_stage.values(), *called.values()), procedure)
        reviews = review_processes(definitions)
        return Deployment(name, procedure, by_stage, called, reviews, activities, awaited)

    def failed(self) -> bool:
        """Tell whether any problem stops the deployment."""
        return any(problem.severity == ERROR for problem in self.problems)

    def refuse(self, code: str, message: str, file: str | None = None) -> None:
        """Note an error."""
        self.problems.append(Problem(code, message, file=file))

    def yaml(self, name: str) -> Mapping[str, Any]:
        """Return a YAML file's mapping; empty where there is no such file."""
        content = self.files.get(name, b"")
        if len(content) > self.max_bytes:
            self.refuse("too_large", f"{name}: at most {self.max_bytes} bytes are read", name)
            return {}
        try:
            return read_mapping(content)
        except ValueError as error:
            self.refuse("malformed_yaml", f"{name} {error}", name)
            return {}

    def mapping(self, data: Any, what: str, name: str) -> Mapping[str, Any]:
        """Return a mapping, or note that there is none."""
        if data is None or isinstance(data, Mapping):
            return {str(key): value for key, value in (data or {}).items()}
        self.refuse("malformed_yaml", f"{name}: {what} must be a mapping", name)
        return {}

    def diagrams(self) -> Definitions:
        """Return the definitions of every BPMN file."""
        found: dict[str, list[Definition]] = {}
        for name in sorted(self.files):
            if PurePosixPath(name).suffix in {".bpmn", ".xml"}:
                found[name], problems = read(
                    self.files[name], name, self.max_bytes, trusted=self.trusted
                )
                self.problems.extend(problems)
        if not found:
            self.refuse("no_diagram", "there is no BPMN file")
        self.problems.extend(duplicates(found))
        return found

    def stages(self, data: Mapping[str, Any], definitions: Definitions) -> dict[Stage, Definition]:
        """Return the stages in order with their definitions."""
        if PROCEDURE not in self.files:
            stages = dict(lone_stages(definitions))
        else:
            stages = self.named_stages(data.get("stages"), definitions)
        if not stages and not self.failed():
            text = f"{PROCEDURE} names no stage" if data else "every process is called by another"
            self.refuse("no_stage", text, PROCEDURE if data else None)
        return stages

    def named_stages(self, rows: Any, definitions: Definitions) -> dict[Stage, Definition]:
        """Return the stages that procedure.yaml names."""
        if rows is not None and not isinstance(rows, list):
            self.refuse("malformed_yaml", f"{PROCEDURE}: stages must be a list", PROCEDURE)
            return {}
        stages: dict[Stage, Definition] = {}
        for row in rows or ():
            stage = self.stage(self.mapping(row, "a stage", PROCEDURE))
            if any(stage.id == other.id for other in stages):
                self.refuse("duplicate_stage", f"stage {stage.id} stands twice", PROCEDURE)
            found = definitions.get(stage.diagram, [])
            if found:
                stages[stage] = own_process(stage, found)
            elif stage.diagram not in self.files:
                text = f"stage {stage.id}: there is no diagram {stage.diagram!r}"
                self.refuse("missing_diagram", text, PROCEDURE)
        return stages

    def stage(self, row: Mapping[str, Any]) -> Stage:
        """Read one stage."""
        identifier = str(row.get("id") or "")
        if not identifier:
            self.refuse("missing_id", "a stage needs an id", PROCEDURE)
        diagram = str(row.get("diagram") or f"{identifier}.bpmn")
        name = Name.of(row.get("name"), identifier)
        return Stage(identifier, name, str(row.get("lead") or ""), diagram)

    def procedure(
        self, data: Mapping[str, Any], stages: tuple[Stage, ...], items: dict[str, Item]
    ) -> Procedure:
        """Return what the files say together."""
        identifier = str(data.get("id") or stages[0].id)
        return Procedure(
            id=identifier,
            name=Name.of(data.get("name"), identifier if data else stages[0].name.zh),
            stages=stages,
            items=items,
            project_type=str(data.get("project_type") or ""),
            source=str(data.get("source") or ""),
            starts_with=Name.of(data.get("starts_with")),
            window_months=self.months(data.get("window_months")),
        )

    def months(self, value: Any) -> int | None:
        """Read the window in months."""
        if value is None or (type(value) is int and value > 0):
            return value
        text = f"window_months must be a whole number of months, not {str(value)[:80]!r}"
        self.refuse("malformed_yaml", text, PROCEDURE)
        return None


def review_processes(definitions: Definitions) -> dict[str, Definition]:
    """Return the processes of joint reviews: of a round, of an opinion and a question in it."""
    found = definitions.get(JOINT_REVIEW, [])
    return {each.id: each for each in found if each.id in {ROUND, OPINION, QUESTION}}


def own_process(stage: Stage, found: list[Definition]) -> Definition:
    """Return the process of a diagram that is the stage: the one of its id, else the first."""
    return next((each for each in found if each.id == stage.id), found[0])


def lone_stages(definitions: Definitions) -> Iterator[tuple[Stage, Definition]]:
    """Yield a stage per process that no other process calls."""
    every = [(name, each) for name, found in definitions.items() for each in found]
    called = {element.called for _, each in every for element in each.elements.values()}
    for name, each in every:
        if each.id not in called:
            yield Stage(each.id, Name(each.name), "", name), each
