"""The command line: results for people and programs, one line for what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine.clock import SystemClock
from engine.service import tokens
from engine.store.database import open_database, transaction
from tests.api import small
from tests.api.conftest import Service

ROOT = Path(__file__).parents[2]
PROCEDURES = ROOT / "bpmn" / "procedures"

Command = Callable[..., Result]


@pytest.fixture
def lianshen(sqlite_url: str, tmp_path: Path) -> Command:
    """The command, with a database of its own."""
    environment = {
        "LIANSHEN_DATABASE_URL": sqlite_url,
        "LIANSHEN_DATA_DIR": str(tmp_path / "var"),
        "LIANSHEN_SECRET_KEY": "hidden",
        "COLUMNS": "120",
    }

    def run(*words: object, **options: object) -> Result:
        return CliRunner(env=environment).invoke(main, [str(each) for each in words], **options)  # type: ignore[arg-type]

    return run


def test_every_command_explains_itself(lianshen: Command) -> None:
    waiting: list[tuple[tuple[str, ...], click.Command]] = [((), main)]
    while waiting:
        path, command = waiting.pop()
        done = lianshen(*path, "--help")
        assert done.exit_code == 0, path
        assert done.output.startswith("Usage:"), path
        for name, child in getattr(command, "commands", {}).items():
            assert child.help, name
            waiting.append(((*path, name), child))


@pytest.mark.parametrize(
    ("words", "shown", "data"),
    [
        (("add", "2014-03-03", 5), "2014-03-10", {"date": "2014-03-10"}),
        (("between", "2014-04-30", "2014-05-05"), "2", {"working_days": 2}),
    ],
)
def test_working_days_are_counted(
    lianshen: Command, words: tuple[object, ...], shown: str, data: object
) -> None:
    assert lianshen("workdays", *words).output.strip() == shown
    assert json.loads(lianshen("workdays", *words, "--format", "json").output) == data


def test_working_days_are_explained(lianshen: Command) -> None:
    done = lianshen("workdays", "explain", "2014-04-30", 1, "--format", "json")
    days = json.loads(done.output)["days"]
    assert [day["date"][-2:] for day in days if day["counted"]] == ["04"]
    assert days[1]["reason"] == "holiday: Labour Day 劳动节"
    assert "make-up working day" in lianshen("workdays", "explain", "2014-04-30", 1).output


def test_days_of_either_unit_stops_and_an_extension_are_explained(lianshen: Command) -> None:
    words = ("workdays", "explain", "2014-10-10", 3, "--unit", "calendar")
    more = ("--stop", "2014-10-11/2014-10-13", "--extension", 1)
    days = json.loads(lianshen(*words, *more, "--format", "json").output)["days"]
    assert [day["date"][-2:] for day in days if day["counted"]] == ["11", "14", "15", "16"]
    reasons = {day["date"][-2:]: day["reason"] for day in days}
    assert reasons["12"] == "clock stopped (weekend)"
    assert reasons["13"] == "clock goes on, not counted (working day)"
    assert reasons["16"] == "extension, counted (working day)"
    rolled = json.loads(lianshen(*words, "--format", "json").output)["days"]
    assert [day["date"][-2:] for day in rolled] == ["10", "11", "12", "13"]
    two = json.loads(lianshen(*words[:3], 2, *words[4:], "--format", "json").output)["days"]
    assert (two[-1]["reason"], two[-1]["source"]) == (
        "last day was no working day (working day)",
        "民法典 art. 203",
    )


def test_a_task_s_due_date_is_explained_as_rest_explains_it(
    lianshen: Command, service: Service
) -> None:
    """The command asks the same database; `service` and `lianshen` share it."""
    task = service.task(service.project())["id"]
    told = service("coordinator").get(f"/tasks/{task}/deadline").json
    assert json.loads(lianshen("deadline", task, "--format", "json").output) == told
    shown = lianshen("deadline", task).output
    assert "SURVEY" in shown
    assert "due 2014-03-06 (promised)" in shown
    assert "day the work began, not counted" in shown
    assert lianshen("deadline", "none").exit_code == 1


def test_a_critical_path_is_of_an_id_or_a_folder(lianshen: Command) -> None:
    by_id = lianshen("critical-path", "industrial-2014", "--format", "json")
    by_folder = lianshen("critical-path", PROCEDURES / "industrial-2014", "--format", "json")
    assert by_id.output == by_folder.output
    report = json.loads(by_id.output)
    assert (report["procedure"], report["counted_days"]) == ("industrial-2014", 28)
    assert "28 counted working days" in lianshen("critical-path", "industrial-2014").output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("critical-path", "none"), 1, "there are industrial-2013, industrial-2014"),
        (("workdays", "add", "2055-01-01", 1), 1, "outside the calendar"),
        (("workdays", "between", "2014-03-04", "2014-03-03"), 1, "is before"),
        (("workdays", "add", "yesterday", 1), 2, "yesterday"),
        (("workdays", "explain", "2014-03-03", 1, "--stop", "2014-03-04"), 2, "two dates"),
        (("workdays", "explain", "2014-03-03", 1, "--stop", "2014-03-05/2014-03-04"), 2, "ends"),
        (("deadline", "none"), 1, "there is no task none"),
        (("workdays", "add", "2014-03-03", "-1"), 2, "-1"),
        (("token", "create", "nobody"), 1, "there is no user 'nobody'"),
        (("user", "add", "x", "--role", "king"), 2, "king"),
        (("process", "check", "none.bpmn"), 2, "does not exist"),
        (("process", "check"), 2, "FILE"),
        (("serve", "--clock", "tomorrow"), 2, "no instant"),
        (("serve", "--clock", "2014-03-03T09:00:00"), 2, "offset"),
        (("nonsense",), 2, "nonsense"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(
    lianshen: Command, words: tuple[object, ...], code: int, said: str
) -> None:
    done = lianshen(*words)
    assert done.exit_code == code, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert done.stdout == ""


def test_a_database_out_of_reach_is_said_in_one_line(lianshen: Command) -> None:
    env = {"LIANSHEN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = lianshen("db", "upgrade", env=env)
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: the database does not answer: ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_setting_that_cannot_be_read_names_its_variable(lianshen: Command) -> None:
    done = lianshen("settings", env={"LIANSHEN_THREADS": "many"})
    assert (done.exit_code, "LIANSHEN_THREADS" in done.stderr) == (1, True)


def test_settings_are_shown_without_their_secrets(lianshen: Command) -> None:
    url = "postgresql://li:s3cret@db.example/lianshen"
    done = lianshen("settings", "--format", "json", env={"LIANSHEN_DATABASE_URL": url})
    shown = json.loads(done.output)
    assert shown["LIANSHEN_SECRET_KEY"] == "***"
    assert shown["LIANSHEN_DATABASE_URL"] == "postgresql://li:***@db.example/lianshen"
    assert shown["LIANSHEN_TIMEZONE"] == "Asia/Shanghai"
    assert "hidden" not in done.output


def test_all_the_citys_diagrams_can_run(lianshen: Command) -> None:
    every = [*PROCEDURES.glob("*/*.bpmn"), *PROCEDURES.glob("*/"), ROOT / "bpmn/shared/item.bpmn"]
    done = lianshen("process", "check", *every, "--format", "json")
    assert done.exit_code == 0
    found = json.loads(done.output)["files"]
    assert len(found) == len(every)
    assert all(each["runnable"] for each in found)


def test_a_diagram_that_cannot_run_is_told_with_line_and_element(
    lianshen: Command, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.bpmn", tmp_path / "bad.bpmn"
    good.write_bytes(small.diagram())
    bad.write_bytes(small.diagram().replace(b'targetRef="merge"', b'targetRef="nowhere"'))
    done = lianshen("process", "check", good, bad, "--format", "json")
    assert done.exit_code == 1
    one, two = json.loads(done.output)["files"]
    assert (one["runnable"], two["runnable"]) == (True, False)
    problem = two["problems"][0]
    assert {"element", "line", "severity", "code", "message"} <= set(problem)
    text = lianshen("process", "check", good, bad).output
    assert f"{bad}:{problem['line']}: error:" in text
    assert f"{good}: can run" in text


def test_a_procedure_is_deployed_once(lianshen: Command) -> None:
    folder = PROCEDURES / "industrial-2014"
    first = lianshen("process", "deploy", folder)
    assert first.output.startswith("industrial-2014 version 1: deployed")
    assert "unchanged" in lianshen("process", "deploy", folder).output


def test_a_diagram_is_drawn_anew_to_a_file_or_to_standard_output(
    lianshen: Command, tmp_path: Path
) -> None:
    source, target = tmp_path / "source.bpmn", tmp_path / "target.bpmn"
    source.write_bytes(small.diagram())
    assert lianshen("process", "draw", source, "-o", target).exit_code == 0
    assert b"BPMNShape" in target.read_bytes()
    assert lianshen("process", "draw", source).stdout_bytes == target.read_bytes()
    assert source.read_bytes() == small.diagram()


def test_the_token_stands_alone_and_works(lianshen: Command, sqlite_url: str) -> None:
    added = lianshen("user", "add", "李伟", "--role", "reviewer", "--department", "LAND")
    assert "password, shown this once" in added.output
    done = lianshen("token", "create", "李伟")
    secret = done.output.strip()
    assert secret.split() == [secret]
    engine = open_database(sqlite_url)
    with transaction(engine) as db:
        actor = tokens.authenticate(db, tokens.BEARER, secret, SystemClock().now())
    engine.dispose()
    assert (actor.name, set(actor.roles)) == ("李伟", {("reviewer", "LAND")})


def test_a_given_password_is_not_printed(lianshen: Command) -> None:
    done = lianshen(
        *("user", "add", "li", "--role", "admin", "--password-stdin", "--format", "json"),
        input="correct horse\n",
    )
    assert set(json.loads(done.output)) == {"id", "name", "roles"}
    assert lianshen("user", "add", "li", "--role", "admin").exit_code == 1
    short = lianshen("user", "add", "wu", "--role", "admin", "--password-stdin", input="x\n")
    assert short.exit_code == 1


def test_mail_of_a_user_goes_where_the_command_says(lianshen: Command) -> None:
    start = ("user", "add", "li", "--role", "analyst", "--email")
    assert lianshen(*start, "nowhere").exit_code == 1
    assert lianshen(*start, "li@x.cn").exit_code == 0
    assert lianshen("user", "email", "li", "li@plan.example.cn").output == "li@plan.example.cn\n"
    assert "no mail" in lianshen("user", "email", "li").output
    assert lianshen("user", "email", "li", "li@").exit_code == 1


def test_the_password_of_the_mail_server_is_masked(lianshen: Command) -> None:
    url = "smtp://li:p4ss@mail.example.cn"
    shown = lianshen("settings", "--format", "json", env={"LIANSHEN_SMTP_URL": url})
    assert json.loads(shown.output)["LIANSHEN_SMTP_URL"] == "smtp://li:***@mail.example.cn"


def test_the_document_is_printed(lianshen: Command) -> None:
    assert json.loads(lianshen("openapi").output)["openapi"] == "3.1.0"


def test_the_demonstration_is_loaded_once(lianshen: Command, tmp_path: Path) -> None:
    clock = ("--clock", "2014-03-03T09:00:00+08:00")
    done = lianshen("demo", "load", "--if-empty", *clock, "--format", "json")
    assert done.exit_code == 0, done.output
    loaded = json.loads(done.output)
    assert loaded["projects"] >= 12
    assert loaded["tasks"] > 100
    assert {"admin", "coordinator", "reviewer-land"} <= set(loaded["users"])
    kept = tmp_path / "var" / "demo.json"
    assert loaded["password"] == json.loads(kept.read_text())["password"]
    again = lianshen("demo", "load", "--if-empty")
    assert (again.exit_code, again.output) == (0, "")
    refused = lianshen("demo", "load")
    assert refused.exit_code == 1
    assert "holds the demonstration already" in refused.output
    assert loaded["password"] == json.loads(kept.read_text())["password"]


def test_the_demonstration_leaves_a_user_of_its_names_alone(lianshen: Command) -> None:
    lianshen("user", "add", "coordinator", "--role", "analyst")
    done = lianshen("demo", "load")
    assert done.exit_code == 1
    assert "there is a user 'coordinator' who is no coordinator" in done.output
    assert lianshen("token", "create", "supervisor").exit_code == 1
