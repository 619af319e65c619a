"""How far a project has come through the diagram of one of its stages, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from engine.errors import NotFound
from engine.service import access, deployments
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.definition import Definition
from engine.workflow.deployment import Deployment
from engine.workflow.diagram import Flow
from engine.workflow.layout import redraw
from engine.workflow.trace import Trace, flows, texts, trace

#: drawings kept, so that a diagram without one is laid out once
KEPT = 64


@dataclass(frozen=True, slots=True)
class Course:
    """A stage's diagram and the way a project has gone in it: none before its start."""

    stage: str
    definition: Definition
    trace: Trace

    def is_gone(self, flow: Flow) -> bool:
        """Tell whether the project has gone along a sequence flow."""
        return (flow.source, flow.target) in self.trace.gone


Courses = Mapping[str, Course]


def read(work: Work, project: int, built: Deployment) -> tuple[Courses, Mapping[str, str]]:
    """Return how far a project has come in each stage, and the states of those diagrams begun."""
    table = t.process_instance.c
    query = select(table.stage, table.status, table.state).where(
        table.project_id == project, table.item.is_(None)
    )
    rows = {row.stage: row for row in work.db.execute(query)}
    courses = {
        stage: Course(stage, each, trace(each, rows[stage].state) if stage in rows else Trace())
        for stage, each in built.stages.items()
    }
    return courses, {stage: row.status for stage, row in rows.items()}


def definition_of(built: Deployment, stage: str) -> Definition:
    """Return a stage's definition. Raises NotFound."""
    if stage not in built.stages:
        raise NotFound(f"the procedure has no stage {stage}", stage=stage)
    return built.stages[stage]


def diagram(work: Work, project: int, stage: str) -> bytes:
    """Return the diagram of a project's stage as BPMN, laid out where its file is not.

    Raises NotFound for a project or stage there is not.
    """
    version = access.row_of(work, project)["version_id"]
    built = deployments.deployment(work.db, version)
    definition_of(built, stage)
    return drawn(file_of(work, version, built, stage))


def flows_of(work: Work, version: int, built: Deployment, stage: str) -> list[Flow]:
    """Return the sequence flows of a stage's diagram."""
    return flows(file_of(work, version, built, stage))


def texts_of(work: Work, version: int, built: Deployment, stage: str) -> Mapping[str, str]:
    """Return what is written in a stage's diagram, by element."""
    return texts(file_of(work, version, built, stage))


def file_of(work: Work, version: int, built: Deployment, stage: str) -> bytes:
    """Return the file a stage's diagram was deployed in."""
    files: Mapping[str, bytes] = deployments.files(work.db, version)
    return files[built.procedure.stage(stage).diagram]


@lru_cache(maxsize=KEPT)
def drawn(content: bytes) -> bytes:
    """Return a diagram with its drawing: its own, or one of ours where it has none."""
    return content if b"BPMNShape" in content else redraw(content)
