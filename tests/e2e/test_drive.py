"""A script over REST only takes a project of each kind to its permit, on its promised days."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.servers import Installation

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "drive.py"
TOTALS = {
    "industrial-2013": 63,
    "industrial-2014": 28,
    "real-estate-2013": 66,
    "real-estate-2014": 29,
}


def drive(address: str, token: str, procedure: str) -> dict[str, Any]:
    script = loaded()
    project: dict[str, Any] = script["drive"](script["Api"](address, token), procedure)
    return project


def loaded() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture
def installation(sqlite_url: str, tmp_path: Path) -> Installation:
    return Installation(sqlite_url, tmp_path)


@pytest.mark.parametrize("procedure", TOTALS)
def test_on_time_the_permit_falls_on_the_promised_day(
    procedure: str, installation: Installation
) -> None:
    token = installation.admin_token()
    with installation.server("--clock", "2014-09-01T09:00+08:00") as address:
        project = drive(address, token, procedure)
    prefix = "IND" if procedure.startswith("industrial") else "RE"
    permit = next(item for item in project["items"] if item["id"] == f"{prefix}-16")
    assert project["day"] == project["counted_days"] == TOTALS[procedure]
    assert permit["decided_on"] == project["opened_on"] == project["forecast_finish_on"]


def test_the_same_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    installation = Installation(postgresql_url, tmp_path)
    token = installation.admin_token()
    with installation.server("--clock", "2014-09-01T09:00+08:00") as address:
        project = drive(address, token, "industrial-2014")
    assert project["day"] == TOTALS["industrial-2014"]


def test_a_project_of_somebody_goes_on_at_once_but_for_what_is_left(
    installation: Installation,
) -> None:
    token, script = installation.admin_token(), loaded()
    with installation.server("--clock", "2014-09-01T09:00+08:00") as address:
        api = script["Api"](address, token)
        body = {"name": "Plant", "procedure": "industrial-2014", "applicant": "Example Ltd"}
        project = api.post("/projects", body)["id"]
        with pytest.raises(RuntimeError, match="is draft: no task"):
            script["go_on"](api, project)
        api.post(f"/projects/{project}/start")
        before = script["go_on"](api, project, ["IND-16"])
        left = {task["item"] for task in api.get(f"/tasks?project={project}")["items"]}
        after = script["go_on"](api, project)
    assert left == {"IND-16"}
    assert before["opened_on"] is None
    assert after["opened_on"] == after["started_on"]
