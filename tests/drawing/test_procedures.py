"""The procedures under bpmn/ are what the facts say, and give the totals of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import yaml
from lxml import etree

from engine.rules.procedure import OPEN, START
from engine.workflow.compose import compose
from engine.workflow.layout import draw, redraw
from engine.workflow.xml import NAMESPACES
from tests.drawing.facts import BPMN, PROCEDURES, activities, captions, facts, stages
from tests.drawing.reading import predecessors
from tests.drawing.test_compose import assert_consistent

DIAGRAMS = sorted(BPMN.rglob("*.bpmn"))
TOTALS = {
    "industrial-2013": 63,
    "industrial-2014": 28,
    "real-estate-2013": 66,
    "real-estate-2014": 29,
}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def procedure_yaml(procedure: str) -> Any:
    return load(BPMN / "procedures" / procedure / "procedure.yaml")


def catalogue() -> Any:
    return load(BPMN / "catalogue.yaml")["items"]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_diagrams_are_what_the_facts_compose(procedure: str) -> None:
    """Edited by hand? Then say so in the facts too, or give the procedure another name."""
    for stage, diagram in compose(activities(procedure), stages(), captions(procedure)).items():
        committed = (BPMN / "procedures" / procedure / f"{stage}.bpmn").read_bytes()
        assert committed == draw(diagram), stage


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_committed_diagram_is_laid_out_by_us_and_consistent(path: Path) -> None:
    assert redraw(path.read_bytes()) == path.read_bytes()
    assert_consistent(path.read_bytes())


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_longest_path_of_approvals_is_the_reported_total(procedure: str) -> None:
    told = procedure_yaml(procedure)["items"]
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in (BPMN / "procedures" / procedure).glob("*.bpmn"):
        for item, waits in predecessors(path.read_bytes()).items():
            days = told.get(item, {}).get("promised_days", 0)
            graph.add_edges_from((wait, item, {"days": days}) for wait in waits)
    before = nx.ancestors(graph, OPEN) | {OPEN}
    assert nx.dag_longest_path_length(graph.subgraph(before), "days") == TOTALS[procedure]
    assert facts()["procedures"][procedure]["total"] == TOTALS[procedure]
    assert START in before


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_item_drawn_is_told_and_stands_in_its_departments_lane(procedure: str) -> None:
    told, items = procedure_yaml(procedure), catalogue()
    drawn = {}
    for stage in told["stages"]:
        root = etree.parse(BPMN / "procedures" / procedure / stage["diagram"]).getroot()
        process = root.find("bpmn:process", NAMESPACES)
        assert process is not None
        assert process.get("id") == stage["id"]
        for lane in root.iterfind(".//bpmn:lane", NAMESPACES):
            for ref in lane.findall("bpmn:flowNodeRef", NAMESPACES):
                drawn[ref.text] = (lane.get("id") or "").removeprefix("lane-")
    assert set(told["items"]) <= set(drawn)
    for item in told["items"]:
        assert items[item]["department"] == drawn[item]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_promises_are_made_by_departments_and_keep_within_the_law(procedure: str) -> None:
    departments = load(BPMN / "departments.yaml")["departments"]
    for item, row in procedure_yaml(procedure)["items"].items():
        fact = catalogue()[item]
        promised = fact["kind"] == "approval"
        assert ("promised_days" in row) == promised
        assert ("expected_days" in row) != promised
        assert set(row.get("participants", ())) | {fact["department"]} <= set(departments)
        if fact["statutory_days"] is not None and promised:
            assert row["promised_days"] <= fact["statutory_days"]


def test_everything_has_a_name_in_both_languages() -> None:
    named = [*catalogue().values(), *load(BPMN / "departments.yaml")["departments"].values()]
    for procedure in PROCEDURES:
        told = procedure_yaml(procedure)
        named += [told, *told["stages"], {"name": told["starts_with"]}]
    assert all(entry["name"]["zh"] and entry["name"]["en"] for entry in named)


def test_the_catalogue_follows_the_facts() -> None:
    for item, entry in catalogue().items():
        fact = facts()["items"][item.split("-")[1]]
        law = fact.get("statutory", {"days": None, "unit": "working"})
        assert entry["name"] == fact["name"]
        assert (entry["statutory_days"], entry["unit"]) == (law["days"], law["unit"])
        assert entry["legal_basis"] == fact["basis"]
        assert entry["status"] == "reconstruction"
