"""The departments, with what they decide and what waits there."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from engine.service import procedures
from tests.api.conftest import Service
from tests.web.conftest import Enter
from tests.web.files import city


@pytest.fixture
def deployed(service: Service) -> Service:
    """The service with the industrial procedure of 2014."""
    service.act(procedures.deploy, procedures.with_shared(city(), service.settings.bpmn_dir))
    return service


@pytest.mark.usefixtures("deployed")
def test_departments_stand_in_both_languages_with_their_items(enter: Enter) -> None:
    shown = enter("clerk").get("/departments")
    planning = shown.one("//tr[@data-key='PLAN']")
    assert planning.startswith("规划局PLAN · Planning Bureau")
    assert "决定 5 项" in planning
    assert "建设工程规划许可证核发 IND-10 · 承诺 5 天" in planning
    epb = shown.one("//tr[@data-key='EPB']")
    assert "决定 1 项 · 参与 1 项" in epb
    english = enter("clerk", "en").get("/departments").one("//tr[@data-key='PLAN']")
    assert english.startswith("Planning BureauPLAN · 规划局")


def test_users_and_tasks_are_counted_as_inboxes_do(service: Service, enter: Enter) -> None:
    project = service.project()
    visitor = enter("coordinator")
    land = visitor.get("/departments").all("//tr[@data-key='LAND']/td")
    assert land[2:5] == ["1", "1", "0"]
    # three working days were promised; nobody has swept, and it is late all the same
    service.clock.set(service.clock.now() + timedelta(days=10))
    visitor = enter("coordinator")
    shown = visitor.get("/departments")
    assert shown.all("//tr[@data-key='LAND']/td")[2:5] == ["1", "1", "1"]
    assert shown.tree.xpath("//tr[@data-key='LAND']/td[5]//a/@href") == [
        "/tasks?scope=all&light=overdue&department=LAND"
    ]
    service("coordinator").post(f"/projects/{project}/suspend", {"reason": "x"})
    assert visitor.get("/departments").all("//tr[@data-key='LAND']/td")[2:5] == ["1", "1", "0"]


@pytest.mark.usefixtures("deployed")
def test_the_list_is_a_file_too(enter: Enter) -> None:
    body = enter("supervisor").get("/departments?format=csv").body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][:3] == ["代码", "部门", "英文名称"]
    planning = next(row for row in rows if row[0] == "PLAN")
    assert planning[6] == "5"
    assert "IND-07 建设用地规划许可证核发" in planning[7]


def test_staff_see_departments_and_applicants_do_not(enter: Enter) -> None:
    for name in ("clerk", "reviewer", "coordinator", "analyst", "supervisor", "admin"):
        assert enter(name).get("/departments").status == 200
    assert enter("applicant").get("/departments").status == 403
