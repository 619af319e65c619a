"""Re-engineering on the command line: compared, optimised, scenarios."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine.service import procedures
from tests.api.conftest import Service

Scenario = Callable[..., Result]
ROOT = Path(__file__).parents[2]
PROCEDURES = ROOT / "bpmn" / "procedures"


def run(*words: object) -> Result:
    """Run a command that needs no database."""
    environment = {"COLUMNS": "160"}
    return CliRunner(env=environment).invoke(main, [str(each) for each in words])


def data(*words: object) -> dict[str, Any]:
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("name", "before", "after"), [("industrial", 63, 28), ("real-estate", 66, 29)]
)
def test_the_published_operations_are_the_steps_between_the_years(
    name: str, before: int, after: int
) -> None:
    found = data("compare", f"{name}-2013", f"{name}-2014")
    assert (found["before"], found["after"], found["saved"]) == (before, after, before - after)
    assert (found["source"], found["steps"][0]["before"]) == ("published", before)
    assert found["steps"][-1]["after"] == after
    assert sum(step["saved"] for step in found["steps"]) == found["saved"]
    assert {"operation", "name", "before", "after"} <= found["steps"][0].keys()


def test_between_other_procedures_the_steps_are_derived(tmp_path: Path) -> None:
    home = tmp_path / "changed"
    shutil.copytree(PROCEDURES / "industrial-2014", home)
    rules = home / "procedure.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "IND-16: {promised_days: 5}" in text
    rules.write_text(text.replace("IND-16: {promised_days: 5}", "IND-16: {promised_days: 4}"))
    found = data("compare", PROCEDURES / "industrial-2014", home)
    [step] = found["steps"]
    assert (step["operation"], step["before"], step["after"]) == ("days-IND-16", 28, 27)
    assert (found["source"], found["saved"]) == ("derived", 1)
    assert "5→4" in step["name"]
    back = data("compare", "industrial-2014", "industrial-2013")
    assert (back["source"], back["saved"], back["steps"][-1]["after"]) == ("derived", -35, 63)
    shown = run("compare", "industrial-2014", home)
    assert "28 → 27 counted working days, 1 saved" in shown.output


def test_the_cheapest_way_to_a_target() -> None:
    found = data("optimise", "industrial-2013", "--target", 28)
    assert (found["reached"], found["days"], found["cost"]) == (True, 28, 33)
    assert {"target", "reached", "operations", "front"} <= found.keys()
    assert found["front"][-1]["days"] == 26
    far = data("optimise", "industrial-2014", "--target", 5)
    assert (far["reached"], far["best_days"], far["days"]) == (False, 17, 17)
    shown = run("optimise", "industrial-2014", "--target", 5).output
    assert "cannot be reached; the best is 17" in shown


def test_another_list_of_operations(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "operations:\n"
        "  - {kind: shorten, item: IND-16, days: 1, cost: {effort: 9}, enabled: false}\n",
        encoding="utf-8",
    )
    found = data("optimise", "industrial-2014", "--target", 24, "--operations", file)
    assert (found["operations"], found["cost"]) == (["shorten-IND-16"], 9)
    file.write_text("operations:\n  - {kind: stretch, item: IND-16}\n", encoding="utf-8")
    refused = run("optimise", "industrial-2014", "--target", 24, "--operations", file)
    assert (refused.exit_code, "kind must be one of" in refused.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("compare", "industrial-2013", "nowhere"), 1, "there is no procedure 'nowhere'"),
        (("optimise", "industrial-2014", "--target", "0"), 2, "0 is not in the range"),
        (("optimise", "nowhere", "--target", "9"), 1, "there is no procedure 'nowhere'"),
        (("optimise", "industrial-2014"), 2, "Missing option '--target'"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_line(
    words: tuple[str, ...], code: int, told: str
) -> None:
    done = run(*words)
    assert (done.exit_code, told in done.output) == (code, True)
    assert "Traceback" not in done.output


def test_a_bar_is_drawn_for_who_watches_and_for_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("optimise", "industrial-2014", "--target", "20", "--format", "json")
    assert run(*words).stderr == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    watched = run(*words)
    assert "sets of operations" in watched.stderr
    assert json.loads(watched.stdout)["reached"] is True


@pytest.fixture
def scenario(service: Service) -> Scenario:
    """The commands on scenarios, in a city with the procedure before re-engineering."""
    service.act(procedures.deploy, procedures.named("industrial-2013", service.settings))
    service.add_user("second", ("analyst", ""))
    environment = {
        "LIANSHEN_DATABASE_URL": service.engine.url.render_as_string(hide_password=False),
        "LIANSHEN_DATA_DIR": str(service.settings.data_dir),
        "COLUMNS": "160",
    }

    def command(*words: object) -> Result:
        given = ["scenario", *(str(each) for each in words)]
        return CliRunner(env=environment).invoke(main, given)

    return command


def answered(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_scenario_from_its_making_to_its_deployment(scenario: Scenario, tmp_path: Path) -> None:
    made = answered(
        scenario("new", "工业 2014", "industrial-2013", "--as", "shorter", "--format", "json")
    )
    key = made["id"]
    assert (made["state"], len(made["operations"]), made["created_by"]) == (
        *("draft", 27),
        "command line",
    )
    shown = scenario("toggle", key, "post-IND-02", "--off").output
    assert "63 → 35 counted working days" in shown
    effect = answered(scenario("toggle", key, "post-IND-02", "--format", "json"))
    assert (effect["after"]["counted_days"], effect["lawful"]) == (28, True)
    assert "IND-02" in scenario("effect", key).output
    optimum = answered(scenario("optimise", key, "--target", 28, "--format", "json"))
    assert (optimum["reached"], optimum["cost"]) == (True, 33)
    assert "outdated" not in scenario("show", key).output

    folder = tmp_path / "out"
    assert scenario("export", key, folder).exit_code == 0
    assert {"procedure.yaml", "planning.bpmn"} <= {each.name for each in folder.iterdir()}
    again = scenario("export", key, folder)
    assert (again.exit_code, "is not empty" in again.output) == (1, True)
    exported = data("critical-path", folder)
    assert (exported["procedure"], exported["counted_days"]) == ("shorter", 28)
    for name in ("report.docx", "report.xlsx"):
        assert scenario("report", key, tmp_path / name, "--target", 28).exit_code == 0
        assert (tmp_path / name).read_bytes()[:2] == b"PK"
    assert scenario("report", key, tmp_path / "report.pdf").exit_code == 2

    assert scenario("propose", key).exit_code == 0
    [row] = answered(scenario("list", "--state", "proposed", "--format", "json"))["items"]
    assert (row["id"], row["proposed_by"]) == (key, "command line")
    own = scenario("approve", key)
    assert (own.exit_code, "another person" in own.output) == (1, True)
    unfit = scenario("approve", key, "--by", "supervisor")
    assert (unfit.exit_code, "needs the role analyst" in unfit.output) == (1, True)
    assert scenario("reject", key, "--reason", "先商定", "--by", "second").exit_code == 0
    assert scenario("propose", key).exit_code == 0
    assert scenario("withdraw", key).exit_code == 0
    assert scenario("propose", key).exit_code == 0
    assert scenario("approve", key, "--by", "second").output == "shorter version 1: deployed\n"
    assert "approved" in scenario("list").output


def test_what_an_export_leaves_out_is_told(
    service: Service, scenario: Scenario, tmp_path: Path
) -> None:
    note = b'<bpmn:textAnnotation id="note"><bpmn:text>x</bpmn:text></bpmn:textAnnotation>'
    files = dict(procedures.named("industrial-2013", service.settings))
    files["planning.bpmn"] = files["planning.bpmn"].replace(
        b"</bpmn:process>", note + b"</bpmn:process>"
    )
    service.act(procedures.deploy, files)
    made = answered(scenario("new", "改", "industrial-2013", "--format", "json"))
    done = scenario("export", made["id"], tmp_path / "out")
    assert (done.exit_code, "warning: note: " in done.stderr) == (0, True)


def test_what_a_scenario_cannot_do_is_told_in_one_line(scenario: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("operations:\n  - {kind: drop, item: IND-99}\n", encoding="utf-8")
    refused = scenario("new", "x", "industrial-2013", "--operations", file)
    assert (refused.exit_code, "there is no 'IND-99'" in refused.output) == (1, True)
    file.write_text(
        "operations:\n  - {kind: move_to_post, item: IND-06, remove_from: [IND-10], id: late}\n",
        encoding="utf-8",
    )
    key = answered(
        scenario("new", "x", "industrial-2013", "--operations", file, "--format", "json")
    )["id"]
    assert "unlawful: IND-10 would not wait for IND-06" in scenario("effect", key).output
    assert scenario("propose", key).exit_code == 1
    missing = scenario("toggle", key, "none")
    assert (missing.exit_code, "there is no operation 'none'" in missing.output) == (1, True)
    assert scenario("show", 99).exit_code == 1
    assert scenario("rebase", key).exit_code == 0
