"""The page of a project, in every state a project can be in, for everybody who may see it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.service import procedures, projects
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web import city
from tests.web.conftest import Enter

STAGES = ("approval", "planning", "construction", "acceptance")


def test_a_draft_says_what_is_promised_and_how_to_start(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.draft(service)
    shown = enter("coordinator").get(f"/projects/{project}")
    assert shown.status == 200
    assert "未启动" in shown.one("//h1")
    assert "28 天" in shown.one("//div[@class='strip-days']/p[1]")
    assert "第 59 天" in shown.one("//div[@class='strip-forecast']")
    assert f"/projects/{project}/start" in shown.tree.xpath("//header//a/@href")
    assert "启动后，第一批事项会出现在这里。" in shown.text


def test_a_running_project_shows_its_day_its_forecast_and_what_holds_it(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept")
    service.clock.set(service.clock.now() + timedelta(days=7))
    view = service.act(projects.get, project)
    shown = enter("coordinator").get(f"/projects/{project}")
    days = shown.one("//div[@class='strip-days']")
    assert f"第 {view.day} 天" in days
    assert f"预计 {view.forecast_counted_days} 天" in days
    forecast = shown.one("//div[@class='strip-forecast']")
    assert f"{view.forecast_finish_on:%m-%d}" in forecast
    assert f"3 个月窗口 {view.window_ends_on:%m-%d}" in forecast
    assert "卡在" in shown.one("//div[contains(@class, 'strip-hold')]/h2")
    row = shown.one("//tr[@data-key='IND-01']")
    assert "企业投资项目备案" in row
    assert "逾期 4 天" in row
    cells = shown.tree.xpath("//div[@class='days']/i/@class")
    assert len(cells) == max(view.counted_days, view.forecast_counted_days)
    assert cells.count("now") == 1


def test_the_stages_are_told_with_their_leads_and_what_is_late(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept")
    service.clock.set(service.clock.now() + timedelta(days=7))
    lines = enter("coordinator").get(f"/projects/{project}").all("//ol[@class='stage-line']/li")
    assert len(lines) == len(STAGES)
    assert "项目审批 发改委" in lines[0]
    assert "1 项逾期" in lines[0]
    assert "0 / 7 项" in lines[2]


def test_every_element_of_the_diagram_is_in_the_list_below_it(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = enter("coordinator").get(f"/projects/{project}?stage=planning")
    [chosen] = shown.tree.xpath("//div[@data-diagram]/@data-diagram")
    assert "/diagrams/planning.bpmn" in chosen
    [part] = [
        each
        for each in shown.tree.xpath("//div[@data-diagram-for]")
        if each.get("data-diagram-for") == chosen
    ]
    assert part.get("hidden") is None
    listed = " ".join(part.text_content().split())
    for name in ("建设用地规划许可证核发", "人防工程审批", "备案办结", "规划许可完成"):
        assert name in listed
    open_task = city.task(service, project, "IND-A1")
    assert part.xpath(f".//a[@href='/tasks/{open_task.id}']")


def test_states_colour_elements_and_flows_and_lead_to_the_tasks(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "approve")
    city.answer(service, project, "IND-06", "accept")
    visitor = enter("coordinator")
    answer = json.loads(visitor.get(f"/projects/{project}/states/approval").body)
    elements = answer["elements"]
    assert elements["IND-01"]["state"] == "done"
    assert elements["IND-01"]["badge"] == "03-03"
    land = city.task(service, project, "IND-06")
    assert elements["IND-06"]["href"] == f"/tasks/{land.id}"
    assert (elements["IND-06"]["state"], elements["IND-06"]["badge"]) == ("running", "剩 5 天")
    assert elements["IND-02"]["state"] == "waiting"
    assert elements["fork-START"]["state"] == "done"
    assert answer["flows"]["START--fork-START"] == "done"
    assert answer["flows"]["IND-01--fork-IND-01"] == "done"
    assert "waiting" in answer["flows"].values()
    drawn = visitor.get(f"/projects/{project}/diagrams/approval.bpmn").body
    assert all(f'id="{each}"'.encode() in drawn for each in (*elements, *answer["flows"]))


def test_late_paused_and_refused_items_have_colours_of_their_own(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "refuse")
    city.answer(service, project, "IND-06", "accept")
    service.clock.set(service.clock.now() + timedelta(days=9))
    visitor = enter("coordinator")
    states = json.loads(visitor.get(f"/projects/{project}/states/approval").body)["elements"]
    assert (states["IND-01"]["state"], states["IND-01"]["badge"]) == ("red", "不予许可")
    assert (states["IND-06"]["state"], states["IND-06"]["badge"]) == ("late", "逾期 2 天")
    service.act(projects.suspend, project, reason="听证")
    states = json.loads(visitor.get(f"/projects/{project}/states/approval").body)["elements"]
    assert states["IND-06"]["state"] == "paused"


def test_english_pages_have_english_names_in_the_diagram(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("coordinator", "en")
    shown = visitor.get(f"/projects/{project}?stage=approval")
    [address] = shown.tree.xpath("//div[@data-diagram]/@data-labels")
    labels = json.loads(visitor.get(address).body)
    assert labels["IND-01"] == "project filing"
    assert labels["START"] != "交地"
    assert "EIA report-form approval" in shown.text


@pytest.mark.parametrize("stage", ["nowhere", "%00"])
def test_a_stage_there_is_not_is_not_found(service: Service, enter: Enter, stage: str) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("coordinator")
    assert visitor.get(f"/projects/{project}/states/{stage}").status == 404
    assert visitor.get(f"/projects/{project}/diagrams/{stage}.bpmn").status == 404


@pytest.mark.parametrize("axis", ["", "days", "nonsense"])
def test_the_gantt_is_on_dates_or_on_working_days(
    service: Service, enter: Enter, axis: str
) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = enter("coordinator").get(f"/projects/{project}?axis={axis}")
    wanted = "days" if axis == "days" else "dates"
    assert shown.tree.xpath("//figure/@data-axis") == [wanted]
    assert shown.tree.xpath("//section[@id='gantt']//nav/a[@aria-current]/text()") == [
        "按工作日" if wanted == "days" else "按日期"
    ]


def test_a_suspended_project_stands_still_and_can_go_on(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    service.act(projects.suspend, project, reason="听证")
    service.clock.set(service.clock.now() + timedelta(days=3))
    shown = enter("coordinator").get(f"/projects/{project}")
    assert "中止" in shown.one("//h1")
    assert "自 03-03 起，已停 3 个工作日" in shown.text
    assert "理由：听证" in shown.text
    moves = shown.tree.xpath("//header[@id='project-head']//a[contains(@class, 'btn')]/@href")
    assert [each.rpartition("/")[2] for each in moves] == ["resume", "close", "cancel"]


@pytest.mark.parametrize(("verb", "word"), [("close", "已终止"), ("cancel", "已撤销")])
def test_an_ended_project_says_so_and_offers_nothing(
    service: Service, enter: Enter, verb: str, word: str
) -> None:
    city.deploy(service)
    project = city.started(service)
    service.act(getattr(projects, verb), project, reason="不再建设")
    shown = enter("coordinator").get(f"/projects/{project}")
    assert word in shown.one("//h1")
    assert "没有办结的事项已取消" in shown.text
    assert not shown.tree.xpath("//header[@id='project-head']//a[contains(@class, 'btn')]")
    assert "不再办理" in shown.text


def test_a_completed_project_looks_back(service: Service, enter: Enter) -> None:
    project = service.project()
    for item, outcome in (("SURVEY", "approve"), ("DRAWINGS", "submit"), ("PERMIT", "approve")):
        city.answer(service, project, item, outcome)
    shown = enter("coordinator").get(f"/projects/{project}")
    assert "已办结" in shown.one("//h1")
    assert "全部办结" in shown.one("//div[contains(@class, 'strip-hold')]/h2")
    assert "没有在办的事项。" in shown.text


def test_a_refused_item_stands_first_and_can_be_applied_for_again(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "refuse")
    shown = enter("coordinator").get(f"/projects/{project}")
    assert shown.tree.xpath("//tbody[@data-rows]/tr/@data-key")[0] == "IND-01"
    row = shown.tree.xpath("//tr[@data-key='IND-01']")[0]
    assert "不予许可" in row.text_content()
    assert row.xpath(f".//a[@href='/projects/{project}/items/IND-01/apply-again']")
    assert "1 项待再次申请" in shown.all("//ol[@class='stage-line']/li")[0]


def test_applicants_see_their_own_work_first_and_no_moves_of_the_centre(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = enter("applicant").get(f"/projects/{project}")
    assert shown.one("//section[@id='project-mine']//h2") == "需要您办理"
    mine = shown.all("//section[@id='project-mine']//li//b")
    assert set(mine) == {"编制环评文件", "编制设计方案"}
    assert not shown.tree.xpath("//header[@id='project-head']//a[contains(@class, 'btn')]")
    city.answer(service, project, "IND-01", "accept", "done", "refuse")
    first = enter("applicant").get(f"/projects/{project}").all("//section[@id='project-mine']//li")
    assert "企业投资项目备案" in first[0]
    assert "再次申请" in first[0]


def test_who_has_nothing_to_do_there_is_not_told_so(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    shown = enter("supervisor").get(f"/projects/{project}")
    [mine] = shown.tree.xpath("//section[@id='project-mine']")
    assert mine.get("hidden") is not None


def test_another_applicants_project_is_not_there(service: Service, enter: Enter) -> None:
    city.deploy(service)
    service.add_user("other", ("applicant", ""))
    project = city.started(service)
    visitor = enter("other")
    for address in ("", "/history", "/documents", "/start", "/states/approval"):
        shown = visitor.get(f"/projects/{project}{address}")
        assert shown.status == 404
        assert "没有找到" in shown.text
        assert "水泵厂" not in shown.text


def test_a_project_there_is_not_is_not_found(enter: Enter) -> None:
    shown = enter("coordinator").get("/projects/4711")
    assert shown.status == 404
    assert "没有找到" in shown.text


def test_names_are_text_and_nothing_else(service: Service, enter: Enter) -> None:
    identifier = service.act(projects.create, "<script>alert(1)</script>", "small", '"><b>x').id
    shown = enter("coordinator").get(f"/projects/{identifier}")
    assert not shown.tree.xpath("//h1//script")
    assert "<script>alert(1)</script>" in shown.one("//h1")


def test_incidents_are_told_to_those_who_can_help(service: Service, enter: Enter) -> None:
    service.act(procedures.deploy, {"failing.bpmn": city.FAILING})
    project = city.started(service, "failing")
    city.fail(service, project, "SURVEY", "approve", amount=0)
    shown = enter("coordinator").get(f"/projects/{project}")
    assert "division by zero" in shown.one("//section[@id='project-incidents']")
    assert shown.tree.xpath("//section[@id='project-incidents']//a[contains(@href, '/retry')]")
    assert "出错" in shown.one("//tr[@data-key='SURVEY']")
    states = json.loads(enter("analyst").get(f"/projects/{project}/states/failing").body)
    assert states["elements"]["survey"]["state"] == "red"
    seen = enter("supervisor").get(f"/projects/{project}")
    assert not seen.tree.xpath("//section[@id='project-incidents']//a")
    hidden = enter("applicant").get(f"/projects/{project}")
    assert "division by zero" not in hidden.text.partition("经过")[0]


def test_it_takes_few_statements(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "approve")
    visitor = enter("coordinator")
    visitor.get(f"/projects/{project}")
    for address in ("", "/states/planning", "/history", "/documents"):
        with counted(service.engine) as statements:
            assert visitor.get(f"/projects/{project}{address}").status == 200
        asked = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
        assert len(asked) <= 12, asked
