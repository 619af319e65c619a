"""The procedure that the how-to guide builds up can be deployed, planned and run."""

from __future__ import annotations

from pathlib import Path

from engine.analysis.critical_path import report
from engine.analysis.network import ActivityNetwork
from engine.workflow.deployment import Deployment, build
from tests.docs.documents import blocks
from tests.workflow.running import answer, at, start, waits

GUIDE = Path(__file__).parents[2] / "docs/how-to/model-a-procedure.md"


def files() -> dict[str, bytes]:
    """The files that the guide shows."""
    found = blocks(GUIDE.read_text(encoding="utf-8"))
    named = [(block.info[-1], block.body) for block in found if "file=" in block.info[-1]]
    return {name.removeprefix("file="): body.encode() for name, body in named}


def deployment() -> Deployment:
    """The guide's procedure."""
    built, problems = build(files())
    assert problems == []
    assert built is not None
    return built


def test_the_guides_procedure_can_be_planned() -> None:
    built = deployment()
    found = {each.id: each for each in built.activities}
    assert found["REN-01"].predecessors == found["REN-02"].predecessors == ("REN-A1",)
    assert found["REN-02"].decision_waits_for == ("REN-01",)
    assert found["REN-03"].predecessors == ("REN-02",)
    said = report(built.procedure.id, ActivityNetwork(built.activities))
    assert (said["counted_days"], said["elapsed_days"]) == (7, 17)


def test_the_guides_diagrams_run() -> None:
    built = deployment()
    permit = answer(start(built.stages["permit"]), "REN-A1")
    assert waits(permit) == ["REN-01", "REN-02"]
    works = start(built.stages["works"])
    assert works.awaited() == ["REN-02"]
    assert works.open_gates(["REN-02"])
    assert answer(works, "REN-03").step().ended


def test_the_guides_own_way_of_handling_cases_runs() -> None:
    case = start(deployment().called["item"], {"decision_waits_for": ["REN-01"]})
    assert at(case, "receive").element.outcomes == ("accept", "not_accept")
    answer(answer(case, "receive", outcome="accept"), "review", outcome="done")
    assert waits(case) == ["gate"]
    assert case.open_gates(["REN-01"])
    answer(case, "decide", outcome="approve")
    assert [each.id for each in case.step().passed][-1] == "decided"
