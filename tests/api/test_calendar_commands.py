"""The calendar on the command line: shown, published, refused, counted by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine.service import calendars
from tests.api.conftest import Service

FLOOD = "2014-10-09 closure 防汛 Flood\n"


def run(service: Service, *words: str, text: str = "") -> Result:
    """Run a command on the service's database."""
    environment = {
        "LIANSHEN_DATABASE_URL": service.engine.url.render_as_string(hide_password=False),
        "LIANSHEN_DATA_DIR": str(service.settings.data_dir),
        "COLUMNS": "160",
    }
    return CliRunner().invoke(main, list(words), input=text, env=environment)


def test_a_file_is_looked_at_published_and_counted_by(both: Service, tmp_path: Path) -> None:
    file = tmp_path / "flood.txt"
    file.write_text(FLOOD, encoding="utf-8")
    given = ("calendar", "publish", str(file), "--source", "市政府7号")
    shown = run(both, *given, "--dry-run")
    assert (shown.exit_code, "2014-10-09 working_day -> closure 防汛" in shown.output) == (0, True)
    assert both.act(calendars.newest) == 0
    assert run(both, *given).output == "revision 1: 1 days, 0 due dates moved\n"
    assert run(both, "workdays", "add", "2014-09-26", "5").output == "2014-10-09\n"
    assert run(both, "workdays", "add", "2014-09-26", "5", "--city").output == "2014-10-10\n"
    assert "249 working days" in run(both, "calendar", "show", "2014").output
    year = json.loads(run(both, "calendar", "show", "2014", "--format", "json").stdout)
    [day] = [each for each in year["days"] if each["revision"]]
    assert (day["on"], day["source"], day["name"]["en"]) == ("2014-10-09", "市政府7号", "Flood")


def test_a_whole_years_notice(service: Service) -> None:
    notice = ("calendar", "publish", "-", "--source", "notice", "--year", "2027")
    answer = run(service, *notice, "--format", "json", text="2027-02-05..2027-02-11 放假 春节")
    assert json.loads(answer.stdout)["provisional_from"] == "2028-01-01"
    assert "provisional" not in run(service, "calendar", "show", "2027").output.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2014-10-08 make_up x\n2014-10-09 extra x", "2014-10-08 is a weekday"),
        ("2014-13-01 holiday x\n2014-10-09 off", "line 2: 'off' is none of"),
        ("", "decides nothing"),
    ],
)
def test_what_cannot_be_published_is_told_in_one_line(
    service: Service, text: str, told: str
) -> None:
    answer = run(service, "calendar", "publish", "-", "--source", "x", text=text)
    assert answer.exit_code == 1
    assert told in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert service.act(calendars.newest) == 0
