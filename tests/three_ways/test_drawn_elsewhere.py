"""A procedure drawn elsewhere, days in its elements: analysed, changed, exported and run the same.

`tests/data/drawn-elsewhere.bpmn` is a diagram as Camunda Modeler saves it: ids of its own, lanes
of several departments, items called 设计 and 备案, no `procedure.yaml`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from lxml import etree

from api.cli import main
from engine.analysis.network import View
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.operation import operations_of
from engine.analysis.reengineering.scenario import Played, play
from engine.analysis.schedule import schedule
from engine.rules.catalogue import Name
from engine.service import procedures
from engine.service.scenarios import effects, export
from engine.settings import Settings
from engine.workflow.xml import ID, NAMESPACES
from tests.drawing.test_compose import assert_consistent
from tests.drawing.tidiness import faults
from tests.service.city import City
from tests.service.driving import run_on_time
from tests.three_ways.test_three_ways import agree, network

FILE = Path(__file__).parents[1] / "data" / "drawn-elsewhere.bpmn"
SETTINGS = Settings()
ROWS: list[dict[str, Any]] = [
    {"id": "beside", "kind": "parallelise", "item": "REN-02", "predecessors": ["备案"]},
    {"id": "permit", "kind": "shorten", "item": "Activity_0permit", "days": 3},
    {
        "id": "joint",
        "kind": "joint_review",
        "item": "REN-01",
        "days": 7,
        "participants": ["FIRE", "HOUS"],
    },
]
MERGED = [{"id": "merged", "kind": "merge", "item": "REN-01", "absorb": ["备案"]}]


def told(*words: object) -> dict[str, Any]:
    done = CliRunner().invoke(main, [*map(str, words), "--format", "json"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def carried(rows: list[dict[str, Any]]) -> tuple[Played, dict[str, bytes]]:
    files = procedures.named(str(FILE), SETTINGS)
    base, _ = procedures.plan(files, SETTINGS)
    _, plan = effects.paper(files, SETTINGS)
    played = play(plan, operations_of(rows))
    assert not played.conflicts
    name, called = Name("装修", "Renovation"), {"FIRE": "消防支队", "APPL": "其他"}
    made = export.files_of(played.plan, base, files, name, "renovation", departments=called)
    return played, made


def test_it_is_analysed(tmp_path: Path) -> None:
    report = told("critical-path", FILE)
    assert (report["counted_days"], report["elapsed_days"]) == (30, 35)
    assert report["critical_paths"][0] == ["备案", "REN-01", "REN-02", "Activity_0permit"]
    operations = tmp_path / "operations.yaml"
    operations.write_text(yaml.safe_dump({"operations": ROWS}))
    best = told("optimise", FILE, "--target", 22, "--operations", operations)
    assert (best["reached"], best["days"], best["operations"]) == (True, 22, ["beside"])
    assert [(each["days"], each["cost"]) for each in best["front"]] == [
        (30, 0),
        (22, 1),
        (18, 2),
        (16, 3),
    ]


def test_it_is_compared_with_what_was_made_of_it(tmp_path: Path) -> None:
    _, files = carried(ROWS)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = told("compare", FILE, tmp_path)
    assert (found["before"], found["after"]) == (30, 16)
    assert sum(step["saved"] for step in found["steps"]) == 14


@pytest.mark.parametrize(
    "rows", [ROWS, MERGED, [*ROWS[1:], *MERGED]], ids=["beside", "merged", "both"]
)
def test_a_scenario_on_it_runs_as_it_is_on_paper(
    small_city: City, rows: list[dict[str, Any]]
) -> None:
    played, files = carried(rows)
    small_city.deploy(files)
    assert equivalent(network(small_city, "renovation"), played.plan.network)
    project = small_city.start("renovation")
    view = run_on_time(small_city, project, applicant_takes_its_days=True)
    days = schedule(played.plan.network, View.ELAPSED).days
    assert view.elapsed_day == days == agree(small_city, "renovation", view, View.ELAPSED)


def test_its_words_and_properties_are_kept() -> None:
    _, files = carried(ROWS)
    [name] = [each for each in files if each.endswith(".bpmn")]
    assert faults(files[name]) == []
    assert_consistent(files[name])
    root = etree.fromstring(files[name])
    words = [each.get("name") for each in root.iterfind(".//bpmn:process/*", NAMESPACES)]
    known = {"申请", "编制设计文件", "项目备案", "方案审查", "消防设计审查", "施工许可", "开工"}
    assert {each for each in words if each} == known
    pool = root.find(".//bpmn:participant", NAMESPACES)
    assert pool is not None
    assert (pool.get("name"), pool.get("processRef")) == ("装修改造", "Process_renovation")
    lanes = [each.get("name") for each in root.iterfind(".//bpmn:lane", NAMESPACES)]
    # a lane that departments shared is one for each, called as the city calls it, or as it was
    shared = {"规划局（NDRC）", "规划局（PLAN）", "住建与消防（HOUS）"}
    assert set(lanes) == {*shared, "建设单位", "消防支队"}
    assert len(lanes) == len(set(lanes))
    said = {
        node.get("name"): {each.get("name"): each.get("value") for each in node.iter("{*}property")}
        for node in root.iter("{*}userTask")
    }
    assert said["方案审查"] == {"item": "REN-01", "kind": "approval", "outcomes": "approve,refuse"}
    assert said["施工许可"]["roles"] == "reviewer"
    ids = [str(each.get("id")) for each in root.iter("{*}*") if each.get("id")]
    assert [each for each in ids if not ID.fullmatch(each)] == []


def test_what_is_promised_stands_in_its_own_file() -> None:
    _, files = carried(ROWS)
    told = yaml.safe_load(files["procedure.yaml"])
    assert (told["id"], told["name"]) == ("renovation", {"zh": "装修", "en": "Renovation"})
    assert told["items"]["REN-01"] == {
        "kind": "approval",
        "department": "PLAN",
        "promised_days": 7,
        "participants": ["FIRE", "HOUS"],
    }
    assert told["items"]["REN-02"]["statutory_days"] == 20
    assert told["items"]["设计"]["expected_days"] == 10


def test_properties_of_camunda_7_say_the_same(tmp_path: Path) -> None:
    older = FILE.read_text(encoding="utf-8").replace("zeebe:", "camunda:")
    named = "http://camunda.org/schema/zeebe/1.0", "http://camunda.org/schema/1.0/bpmn"
    older = older.replace(f'xmlns:zeebe="{named[0]}"', f'xmlns:camunda="{named[1]}"')
    file = tmp_path / FILE.name
    file.write_text(older, encoding="utf-8")
    settings = Settings()
    found, expected = (
        procedures.critical_path_of(procedures.bundle(each, settings), settings)
        for each in (file, FILE)
    )
    assert "zeebe:property" not in older
    assert found == expected
