"""Simulation on the command line: a procedure on paper, and runs that are kept."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree
from rich.cells import cell_len

from api.cli import main
from api.commands import simulated
from api.output import Refused
from engine.clock import SystemClock
from engine.errors import Invalid
from engine.service import procedures
from engine.service.simulations import claims, playing, results
from engine.service.simulations.playing import Job
from tests.api.conftest import Service

Command = Callable[..., Result]
ROOT = Path(__file__).parents[2]
PROCEDURES = ROOT / "bpmn" / "procedures"
SMALL = ("--cases", 40, "--replications", 4, "--warm-up", 10)


def run(*words: object) -> Result:
    """Run a command that needs no database."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, [str(each) for each in words])


def data(*words: object) -> dict[str, Any]:
    done = run("simulate", *words, "--format", "json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "items:\n  IND-16: {days: 'pert(3, 5, 20)', pool: W}\npools:\n  W: {people: 3}\n",
        encoding="utf-8",
    )
    return file


@pytest.mark.parametrize(
    ("procedure", "days"),
    [
        ("industrial-2013", 63),
        ("industrial-2014", 28),
        ("real-estate-2013", 66),
        ("real-estate-2014", 29),
        (PROCEDURES / "industrial-2014", 28),
    ],
)
def test_without_resources_the_answer_is_that_of_the_critical_path(
    procedure: object, days: int
) -> None:
    found = data(procedure, *SMALL)
    figures = [found[each] for each in ("mean", "p50", "p90", "p95")]
    assert figures == pytest.approx([days] * 4)
    assert (found["within_promise"], found["cases"], found["seed"]) == (1, 40, 1)
    assert found["procedure"] == Path(str(procedure)).name
    assert found["pools"] == []


def test_people_who_are_busy_make_it_longer_and_are_told(resources: Path) -> None:
    found = data("industrial-2014", *SMALL, "--resources", resources)
    assert found["mean"] > 28
    assert (found["mode"], 0 < found["within_promise"] < 1) == ("queued", True)
    assert found["measures"]["counted"]["mean"]["value"] == found["mean"]
    [pool] = found["pools"]
    assert (pool["id"], pool["people"]) == ("W", 3)
    shown = run("simulate", "industrial-2014", *SMALL, "--resources", resources).output
    for words in (
        "industrial-2014: 40 cases in 4 replications, seed 1, with queues, 10 days of warm-up",
        "within the 28 days promised",
        "construction starts within",
        "counted days",
        "IND-16",
        "busy",
    ):
        assert words in shown


def test_the_seed_decides_and_processes_do_not(resources: Path) -> None:
    given = ("industrial-2014", *SMALL, "--resources", resources)
    first = data(*given, "--seed", 5)
    assert data(*given, "--seed", 5) == first
    assert data(*given, "--seed", 5, "--processes", 2) == first
    assert data(*given, "--seed", 6)["mean"] != first["mean"]


def test_fewer_cases_than_replications_are_one_in_each() -> None:
    found = data("industrial-2014", "--cases", 3, "--warm-up", 0)
    assert (found["cases"], found["replications"]) == (3, 3)


def test_what_moves_the_result_is_listed(resources: Path) -> None:
    found = data("industrial-2014", *SMALL, "--resources", resources, "--sensitivity")
    kinds = {each["kind"] for each in found["sensitivity"]}
    assert {"item", "pool"} <= kinds
    told = simulated.told(found)
    assert told is not None


def test_events_are_written(resources: Path, tmp_path: Path) -> None:
    xes, table = tmp_path / "log.xes", tmp_path / "log.csv"
    data("industrial-2014", *SMALL, "--resources", resources, "--xes", xes, "--csv", table)
    assert etree.QName(etree.parse(xes).getroot()).localname == "log"
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) > 100


def test_a_folder_that_is_not_there_is_told_before_anything_is_played(
    monkeypatch: pytest.MonkeyPatch, simulation: Command
) -> None:
    monkeypatch.setattr(results, "played", None)
    for option in ("--xes", "--csv"):
        done = run("simulate", "industrial-2014", *SMALL, option, "/nonexist/x.xes")
        assert (done.exit_code, "there is no folder /nonexist: make it" in done.output) == (2, True)
    done = simulation("events", 1, "/nonexist/x.xes")
    assert (done.exit_code, "there is no folder /nonexist: make it" in done.output) == (2, True)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_headings_and_dates_are_whole_on_narrow_terminals(resources: Path, width: int) -> None:
    words = ("simulate", "industrial-2014", *SMALL, "--resources", resources, "--sensitivity")
    done = CliRunner(env={"COLUMNS": str(width)}).invoke(main, [str(each) for each in words])
    lines = done.output.splitlines()
    assert max(cell_len(each) for each in lines) <= width
    assert any(re.search(r"\b\d{4}-\d\d-\d\d\b", each) for each in lines[:3])
    for heading in ("mean", "P90", "critical", "waiting h", "busy"):
        assert any(re.search(rf"\b{heading}( |$)", each) for each in lines)
    assert ("promised  mean" in done.output) == (width >= 80)
    assert not re.search(r"\b(\w+) +\1\b", "\n".join(x for x in lines if x.startswith("appl")))


def test_without_pools_nobody_queues_though_files_come_back(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("shares: {received: {received--supplement: 0.2}}", encoding="utf-8")
    done = run("simulate", "industrial-2014", *SMALL, "--resources", file)
    assert "without queues, from " in done.output


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Is it so?", "Is it so? Correct the named field and run the command again."),
        ("it is so", "it is so. Correct the named field and run the command again."),
    ],
)
def test_sentences_end_once(message: str, told: str) -> None:
    assert Refused(Invalid(message)).message == told


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nowhere",), 1, "there is no procedure 'nowhere'; there are industrial-2013"),
        (("industrial-2014", "--cases", "0"), 2, "0 is not in the range"),
        (("industrial-2014", "--seed", "-1"), 2, "-1 is not in the range"),
        (("industrial-2014", "--resources", "none.yaml"), 2, "does not exist"),
        ((), 2, "Missing argument 'PROCEDURE'"),
    ],
)
def test_what_cannot_be_played_is_told_in_one_line(
    words: tuple[str, ...], code: int, told: str
) -> None:
    done = run("simulate", *words)
    assert (done.exit_code, told in done.output) == (code, True)
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    "text",
    [
        "items: {IND-16: {days: 'pert(9, 5, 3)'}}",
        "items: {IND-99: {days: 3}}",
        "itms: {}",
        "items: [",
        "- 1",
    ],
)
def test_resources_that_do_not_fit_are_told_in_one_line(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    done = run("simulate", "industrial-2014", *SMALL, "--resources", file)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "Traceback" not in done.output


def test_a_bar_is_drawn_for_who_watches_and_for_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("simulate", "industrial-2014", *SMALL, "--format", "json")
    assert run(*words).stderr == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    watched = run(*words)
    assert "replications" in watched.stderr
    assert json.loads(watched.stdout)["cases"] == 40


def test_an_interrupt_ends_it_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    played = results.played

    def interrupted(*given: Any, **named: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return played(*given, **named)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(results, "played", interrupted)
    done = run("simulate", "industrial-2014", *SMALL)
    assert done.exit_code == 1
    assert done.output.startswith("Error: the run was cancelled")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def simulation(service: Service) -> Command:
    """The commands on kept runs, in a city with a procedure."""
    service.act(procedures.deploy, procedures.named("industrial-2014", service.settings))
    environment = {
        "LIANSHEN_DATABASE_URL": service.engine.url.render_as_string(hide_password=False),
        "LIANSHEN_DATA_DIR": str(service.settings.data_dir),
        "COLUMNS": "200",
    }

    def command(*words: object) -> Result:
        given = ["simulation", *(str(each) for each in words)]
        return CliRunner(env=environment).invoke(main, given)

    return command


def answered(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def play(service: Service, identifier: int) -> None:
    """Play a run as a worker does."""
    run = service.act(claims.claim, identifier, "test", SystemClock().now())
    content = playing.played(
        Job(run.model, run.plan, sensitivity=False, processes=1), lambda _done, _of: True
    )
    assert service.act(claims.finish, run, content)


def test_a_run_from_its_queueing_to_its_removal(
    service: Service, simulation: Command, resources: Path, tmp_path: Path
) -> None:
    words = ("new", "试算", "industrial-2014", *SMALL, "--resources", resources)
    made = answered(simulation(*words, "--format", "json"))["run"]
    key = made["id"]
    assert (made["state"], made["created_by"], made["of"]) == ("queued", "command line", 4)
    assert made["assumptions"]["pools"] == {"W": {"people": 3}}
    assert "0 of 4 replications, seed 1" in simulation("show", key).output
    unfit = simulation(*words, "--by", "supervisor")
    assert (unfit.exit_code, "needs the role analyst" in unfit.output) == (1, True)

    second = answered(simulation(*words, "--seed", 1, "--format", "json"))["run"]["id"]
    early = simulation("compare", key, second)
    assert (early.exit_code, "the simulation is queued" in early.output) == (1, True)
    for each in (key, second):
        play(service, each)
    shown = simulation("show", key).output
    assert f"{key} 试算: done, industrial-2014 version 1" in shown
    assert "within the 28 days promised" in shown
    found = answered(simulation("show", key, "--format", "json"))
    assert (found["run"]["state"], found["result"]["cases"]) == ("done", 40)
    compared = simulation("compare", key, second).output
    assert "may be chance" in compared
    both = answered(simulation("compare", key, second, "--format", "json"))
    assert both["figures"]["mean"]["difference"]["value"] == 0

    assert simulation("events", key, tmp_path / "log.csv", "--replication", 3).exit_code == 0
    assert (tmp_path / "log.csv").stat().st_size > 1_000
    wrong = simulation("events", key, tmp_path / "log.pdf")
    assert (wrong.exit_code, "a log is a .xes or .csv file" in wrong.output) == (1, True)

    waiting = answered(simulation(*words, "--format", "json"))["run"]["id"]
    assert "cancelled" in simulation("cancel", waiting).output
    again = simulation("cancel", waiting)
    assert (again.exit_code, "cannot become cancelled" in again.output) == (1, True)
    rows = answered(simulation("list", "--format", "json"))["items"]
    assert [each["state"] for each in rows] == ["cancelled", "done", "done"]
    assert "industrial-2014 version 1" in simulation("list", "--state", "done").output
    assert simulation("remove", waiting).output == f"simulation {waiting}: removed\n"
    assert simulation("show", waiting).exit_code == 1


def test_a_run_is_of_one_thing(simulation: Command) -> None:
    for words in (("new", "试算"), ("new", "试算", "industrial-2014", "--scenario", 1)):
        done = simulation(*words)
        assert (done.exit_code, "one of the two" in done.output) == (1, True)
    missing = simulation("new", "试算", "--scenario", 9)
    assert (missing.exit_code, "there is no scenario 9" in missing.output) == (1, True)
    nobody = simulation("new", "试算", "industrial-2014", "--portfolio")
    assert (nobody.exit_code, "no project of industrial-2014 is running" in nobody.output) == (
        *(1,),
        True,
    )
