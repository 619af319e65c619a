"""How far a project has come through the diagram of one of its stages, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import case, select

from engine.errors import NotFound
from engine.service import access, deployments
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.definition import Definition
from engine.workflow.deployment import Deployment
from engine.workflow.diagram import Flow
from engine.workflow.layout import redraw
from engine.workflow.trace import Trace, flows, trace

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


def read(work: Work, project: int, built: Deployment, stage: str) -> Course:
    """Return how far a project has come in a stage. Raises NotFound for an unknown stage."""
    return read_with_states(work, project, built, stage)[0]


def read_with_states(
    work: Work, project: int, built: Deployment, stage: str
) -> tuple[Course, Mapping[str, str]]:
    """Return the same, and the states of the diagrams of all stages that have begun."""
    definition = definition_of(built, stage)
    table = t.process_instance.c
    state = case((table.stage == stage, table.state), else_=None).label("state")
    query = select(table.stage, table.status, state).where(
        table.project_id == project, table.item.is_(None)
    )
    rows = work.db.execute(query).all()
    gone = next((row.state for row in rows if row.state is not None), None)
    way = trace(definition, gone) if gone else Trace()
    return Course(stage, definition, way), {row.stage: row.status for row in rows}


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


def file_of(work: Work, version: int, built: Deployment, stage: str) -> bytes:
    """Return the file a stage's diagram was deployed in."""
    files: Mapping[str, bytes] = deployments.files(work.db, version)
    return files[built.procedure.stage(stage).diagram]


@lru_cache(maxsize=KEPT)
def drawn(content: bytes) -> bytes:
    """Return a diagram with its drawing: its own, or one of ours where it has none."""
    return content if b"BPMNShape" in content else redraw(content)
