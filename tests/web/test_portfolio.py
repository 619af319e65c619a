"""The portfolio: sorted by slack, filters with counts, saved views, files."""

from __future__ import annotations

import csv
import io

from engine.service import standings
from tests.api.conftest import Service
from tests.web.conftest import Enter


def opened(service: Service, name: str, *, start: bool = True) -> int:
    """A project of the small procedure, with its standing up to date."""
    coordinator = service("coordinator")
    body = {"name": name, "procedure": "small", "applicant": "applicant"}
    project = coordinator.post("/projects", body).json["id"]
    if start:
        coordinator.post(f"/projects/{project}/start")
    service.act(standings.refresh_stale)
    return int(project)


def test_every_project_is_listed_with_its_day_and_target(service: Service, enter: Enter) -> None:
    project = opened(service, "水泵厂迁建")
    opened(service, "纺织二期", start=False)
    shown = enter("coordinator").get("/projects")
    row = shown.one(f"//tr[@data-key='{project}']")
    assert "水泵厂迁建" in row
    assert "第 0 天" in row
    assert shown.all("//nav[@aria-label='状态']/a") == ["全部 2", "未启动 1", "办理中 1"]


def test_filters_leave_what_they_say(service: Service, enter: Enter) -> None:
    opened(service, "水泵厂迁建")
    opened(service, "纺织二期", start=False)
    coordinator = enter("coordinator")
    assert coordinator.get("/projects?state=draft").all("//tbody//a") == ["纺织二期"]
    assert coordinator.get("/projects?q=水泵").all("//tbody//a") == ["水泵厂迁建"]
    shown = coordinator.get("/projects?q=水泥")
    assert "没有符合条件的项目。" in shown.text
    assert coordinator.get("/projects?state=nonsense&sort=nonsense").status == 200


def test_a_view_is_kept_and_forgotten(service: Service, enter: Enter) -> None:
    opened(service, "水泵厂迁建")
    coordinator = enter("coordinator")
    shown = coordinator.send("/projects/views", "/projects?q=水泵&state=running", name="我的水泵")
    assert "已保存视图 我的水泵。" in shown.text
    assert shown.tree.xpath("//span[contains(@class, 'is-chosen')]/a/@href")
    shown = coordinator.send("/projects/views", "/projects?q=纺织", name="我的水泵")
    assert shown.status == 409
    coordinator.get("/projects?q=水泵&state=running")
    [action] = coordinator.last.tree.xpath("//form[contains(@action, '/remove')]/@action")
    assert "已删除视图。" in coordinator.send(action).text
    assert enter("analyst").get("/projects").all("//span[@class='view-chip']") == []


def test_the_list_is_a_file_of_all_that_the_filters_leave(service: Service, enter: Enter) -> None:
    for number in range(3):
        opened(service, f"项目{number}")
    opened(service, "纺织二期", start=False)
    answer = enter("coordinator").get("/projects?state=running&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert sorted(row["项目"] for row in rows) == ["项目0", "项目1", "项目2"]
    assert {row["状态"] for row in rows} == {"办理中"}


def test_applicants_see_their_own(service: Service, enter: Enter) -> None:
    service.add_user("other", ("applicant", ""))
    opened(service, "水泵厂迁建")
    assert "还没有项目。" in enter("other").get("/projects").text


def test_pages_after_the_first_go_on_where_it_ended(service: Service, enter: Enter) -> None:
    for number in range(52):
        service("coordinator").post(
            "/projects", {"name": f"P{number}", "procedure": "small", "applicant": "x"}
        )
    service.act(standings.refresh_stale)
    coordinator = enter("coordinator")
    first = coordinator.get("/projects")
    [further] = first.tree.xpath("//a[contains(., '下一页')]/@href")
    second = coordinator.get(further)
    assert len(first.all("//tbody/tr")) + len(second.all("//tbody/tr")) == 52
    assert not set(first.all("//tbody//a")) & set(second.all("//tbody//a"))
