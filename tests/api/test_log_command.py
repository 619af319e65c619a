"""Event logs on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from api.cli import main
from engine.service import tasks
from tests.api.conftest import Service

Log = Callable[..., Result]
CSV = """案件编号,环节,完成时间,科室
一,受理,2014-03-03 09:00,窗口
一,审查,2014-03-05 16:00,规划处
二,受理,2014-03-04 10:00,窗口
"""


@pytest.fixture
def log(service: Service) -> Log:
    """The commands on event logs, in a city with one project."""
    environment = {
        "LIANSHEN_DATABASE_URL": service.engine.url.render_as_string(hide_password=False),
        "LIANSHEN_DATA_DIR": str(service.settings.data_dir),
        "COLUMNS": "160",
    }

    def command(*words: object) -> Result:
        given = ["log", *(str(each) for each in words)]
        return CliRunner(env=environment).invoke(main, given)

    return command


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A log in CSV."""
    file = tmp_path / "许可.csv"
    file.write_text(CSV, encoding="utf-8")
    return file


def answered(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_log_from_its_import_to_its_removal(log: Log, table: Path, tmp_path: Path) -> None:
    found = answered(log("import", table, "--format", "json"))
    assert (found["name"], found["events"], found["cases"]) == ("许可", 3, 2)
    other = answered(
        log("import", table, "--name", "科室", "--activity", "科室", "--format", "json")
    )
    assert (other["mapping"]["activity"], other["mapping"]["case"]) == ("科室", "案件编号")
    assert [each["id"] for each in answered(log("list", "--format", "json"))["items"]] == [2, 1]
    assert "2014-03-05" in log("list").output
    shown = log("show", 1).output
    assert "3 events of 2 cases" in shown
    assert "waiting and work cannot be told apart" in shown
    target = tmp_path / "again.xes"
    assert "3 events of 2 cases" in log("export", target, "--log", 1).output
    assert answered(log("import", target, "--format", "json"))["events"] == 3
    assert "is removed" in log("remove", 1, "--by", "analyst").output
    assert log("show", 1).exit_code == 1


def test_the_citys_own_history_is_written(log: Log, service: Service, tmp_path: Path) -> None:
    project = service.project()
    service.act(tasks.complete, service.task(project)["id"], None)
    target = tmp_path / "history.txt"
    for suffix in ("csv", "xes"):
        target = tmp_path / f"history.{suffix}"
        done = log("export", target, "--since", "2014-01-01", "--named")
        assert (done.exit_code, "1 events of 1 cases" in done.output) == (0, True), done.output
        assert "LS2014-0001" in target.read_text(encoding="utf-8-sig")
    none = log("export", target, "--procedure", "other")
    assert "0 events" in none.output


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "nowhere.csv"), 2, "does not exist"),
        (("export", "history.txt"), 2, "is a .xes or .csv file"),
        (("show", "7"), 1, "there is no event log 7"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    log: Log, words: tuple[str, ...], code: int, told: str
) -> None:
    done = log(*words)
    assert (done.exit_code, told in done.output) == (code, True), done.output
    assert "Traceback" not in done.output


def test_a_file_that_is_no_log_is_refused_with_what_to_do(log: Log, table: Path) -> None:
    done = log("import", table, "--case", "编号")
    assert done.exit_code == 1
    assert "no column '编号'" in done.output
    assert "choose other columns" in done.output
    refused = log("import", table, "--by", "supervisor")
    assert "this needs the role analyst" in refused.output


def test_a_plain_file_is_discovered_without_a_database(table: Path, tmp_path: Path) -> None:
    target, diagram = tmp_path / "assumptions.yaml", tmp_path / "found.bpmn"
    words = ["log", "discover", table, "--out", target, "--diagram", diagram]
    done = CliRunner(env={"COLUMNS": "160"}).invoke(main, [str(each) for each in words])
    assert done.exit_code == 0, done.output
    assert "3 of 3 events of 2 cases, laid over the diagram found in it" in done.output
    assert "waiting and work cannot be told apart" in done.output
    assert "受理" in done.output
    written = yaml.safe_load(target.read_text(encoding="utf-8"))
    assert {"calendars", "steps", "arrivals"} <= written.keys()
    played = ["simulate", str(diagram), "--resources", str(target), "--cases", "20"]
    again = CliRunner(env={"COLUMNS": "160"}).invoke(main, played)
    assert again.exit_code == 0, again.output


def test_a_kept_log_keeps_what_was_found(log: Log, service: Service, tmp_path: Path) -> None:
    project = service.project()
    service.act(tasks.complete, service.task(project)["id"], None)
    target = tmp_path / "history.xes"
    log("export", target)
    key = answered(log("import", target, "--format", "json"))["id"]
    found = answered(log("discover", key, "--procedure", "small", "--format", "json"))
    assert (found["procedure"], found["report"]["log"]["used"]) == ("small", 1)
    assert "small" in log("list", "--procedure", "small").output


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("discover", "nowhere.xes"), 1, "there is no file nowhere.xes"),
        (("discover", "77"), 1, "there is no event log 77"),
        (("discover", "1", "--procedure", "a", "--diagram", "b"), 2, "leave --procedure out"),
    ],
)
def test_what_cannot_be_discovered(log: Log, words: tuple[str, ...], code: int, told: str) -> None:
    done = log(*words)
    assert (done.exit_code, told in done.output) == (code, True), done.output


def test_a_procedure_there_is_not_is_named(log: Log, table: Path) -> None:
    done = log("discover", table, "--procedure", "nowhere")
    assert (done.exit_code, "there is no procedure 'nowhere'" in done.output) == (1, True)


@pytest.mark.parametrize(
    "words", [("export", "{}/a.csv"), ("discover", "x.csv", "--out", "{}/a.yaml")]
)
def test_a_folder_there_is_not_is_named_before_the_work(
    log: Log, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = log(*(each.format(tmp_path / "nowhere") for each in words))
    assert (done.exit_code, "there is no folder" in done.output) == (2, True), done.output
    assert "Traceback" not in done.output


def test_a_file_of_ones_own_may_be_larger_than_one_that_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(CSV, encoding="utf-8")
    environment = {"LIANSHEN_EVENT_LOG_MAX_BYTES": "50", "LIANSHEN_EVENT_LOG_MAX_EVENTS": "1"}
    done = CliRunner(env=environment).invoke(main, ["log", "discover", str(file)])
    assert done.exit_code == 0, done.output


def test_days_are_those_of_the_city(log: Log, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case,activity,time\n1,a,2014-03-05 02:00\n", encoding="utf-8")
    answered(log("import", file, "--format", "json"))
    assert "2014-03-05" in log("list").output
    assert "2014-03-05" in log("show", 1).output
