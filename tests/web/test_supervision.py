"""Pages of supervision: the board, cases in hand, reports on paper and as workbooks, evaluation."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from engine.scheduler import sweep
from tests.api.conftest import Service
from tests.web.conftest import Enter

BOARD = "//table[contains(@class, 'table-board')]"


def later(service: Service, days: int) -> None:
    """Let days pass, and the worker come by."""
    service.clock.set(service.clock.now() + timedelta(days=days))
    sweep(service.engine, service.clock.now(), service.settings)


def decided(service: Service) -> int:
    """A project whose survey is decided in time."""
    project = service.project()
    task = service.task(project)["id"]
    service("reviewer").post(f"/tasks/{task}/complete", {"outcome": "approve"})
    return project


def book(body: bytes) -> Any:
    """A workbook that was downloaded."""
    return load_workbook(io.BytesIO(body))


def test_the_board_shows_departments_and_leads_to_their_cases(
    service: Service, enter: Enter
) -> None:
    decided(service)
    service.project()
    later(service, 60)
    supervisor = enter("supervisor")
    shown = supervisor.get("/supervision?period=2014Q1")
    assert shown.one("//h1") == "督查"
    assert shown.all("//nav[@aria-label='主导航']/a[@aria-current='page']") == ["督查"]
    assert "2014 年第一季度" in shown.text
    assert [each[:3] for each in shown.all(f"{BOARD}/tbody/tr/th")] == ["国土局", "规划局"]
    assert "100.0%" in shown.one(f"{BOARD}/tbody/tr[1]")
    [link] = shown.all(f"{BOARD}//a[contains(@class, 'light-red')]/@href")
    cases = supervisor.get(link)
    assert cases.all("//tbody/tr//a[@class='title']") == ["Survey"]
    assert "Plant" in cases.text
    assert "严重逾期" in cases.one("//tbody/tr")


def test_charts_have_a_label_and_a_table(service: Service, enter: Enter) -> None:
    decided(service)
    shown = enter("analyst").get("/supervision")
    charts = shown.all("//*[@data-chart]/@data-chart")
    assert charts == ["line", "dumbbell"]
    assert all(shown.all("//*[@data-chart]/@aria-label"))
    rows = "//details[@class='trend-table']//tbody/tr"
    assert shown.all(f"{rows}[th='2014-03']/td")[:2] == ["1", "100.0%"]
    assert shown.all(f"{rows}[th='国土局']/td") == ["1", "–", "3.0", "0.0", "–"]


def test_a_period_is_chosen_and_one_to_come_refused(service: Service, enter: Enter) -> None:
    decided(service)
    supervisor = enter("supervisor")
    assert supervisor.get("/supervision").all("//nav[@aria-label='时段']/a[@aria-current]") == [
        "本季"
    ]
    past = supervisor.get("/supervision?period=2013Q4")
    assert "2013 年第四季度" in past.text
    assert past.all("//a[@aria-label='后一期']/@href") == ["/supervision?period=2014Q1"]
    assert supervisor.get("/supervision?period=2014Q3").status == 422
    assert supervisor.get("/supervision?period=wrong").status == 422


def test_departments_to_draw_are_chosen(service: Service, enter: Enter) -> None:
    decided(service)
    supervisor = enter("supervisor")
    options = "//*[@data-chart='line']/@data-chart-options"
    chosen = json.loads(supervisor.get("/supervision?line=&line=LAND&line=NOBODY").one(options))
    assert [each["name"] for each in chosen["series"]] == ["全市", "国土局"]
    assert chosen["series"][1]["values"][-1] == 100
    none = json.loads(supervisor.get("/supervision?line=").one(options))
    assert [each["name"] for each in none["series"]] == ["全市"]


def test_an_empty_board_says_so(enter: Enter) -> None:
    shown = enter("coordinator").get("/supervision")
    assert shown.status == 200
    assert "没有在办和办结的事项" in shown.text
    assert shown.all("//*[@data-chart]") == []


def test_a_report_on_paper(service: Service, enter: Enter) -> None:
    decided(service)
    supervisor = enter("supervisor")
    shown = supervisor.get("/supervision/reports/2014Q1")
    title = "2014 年第一季度行政审批效能督查通报"
    assert shown.one("//article/h2") == title
    assert "本期未满" in shown.text
    assert "受理 1 件，办结 1 件，其中按期办结 1 件，按期办结率 100.0%" in shown.text
    rows = "//table[contains(@class, 'circular-table')]/tbody/tr"
    assert shown.all(f"{rows}/th") == ["国土局", "规划局"]
    assert shown.all(f"{rows}[1]/td[@class='word']") == ["无", "优秀"]
    assert shown.all(f"{rows}[2]/td[@class='word']") == ["无", "不评"]
    assert "指标口径" in shown.text
    assert supervisor.get("/supervision/reports/2014-03").status == 422
    listed = supervisor.get("/supervision/reports")
    assert listed.all("//tbody//a[@class='title']") == ["2014 年第一季度"]


def test_a_report_as_a_workbook(service: Service, enter: Enter) -> None:
    decided(service)
    shown = enter("supervisor").get("/supervision/reports/2014Q1?format=xlsx")
    assert "report-2014Q1.xlsx" in shown.headers["Content-Disposition"]
    figures, definitions = book(shown.body).worksheets
    assert figures["A1"].value == "2014 年第一季度行政审批效能督查通报"
    rows = [list(row) for row in figures.iter_rows(values_only=True)]
    head = next(number for number, row in enumerate(rows) if row[0] == "部门")
    assert figures.freeze_panes == f"B{head + 2}"
    land = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (land["部门"], land["办结"], land["按期办结率 %"]) == ("国土局", 1, 100)
    assert isinstance(land["按期办结率 %"], int | float)
    assert rows[-1][0] == "全市"
    assert figures.column_dimensions["A"].width >= 9
    assert any(
        "按期办结数除以办结数" in str(row) for row in definitions.iter_rows(values_only=True)
    )


def test_an_evaluation_and_its_workbook(service: Service, enter: Enter) -> None:
    decided(service)
    analyst = enter("analyst")
    shown = analyst.get("/supervision/evaluation")
    assert "跟踪评价" in shown.one("//h1")
    assert any("Survey" in row for row in shown.all("//details[@open]//tbody/tr"))
    assert "这段时间没有项目开工" in analyst.get("/supervision/evaluation?until=2014-03-02").text
    names = book(analyst.get("/supervision/evaluation?format=xlsx").body).sheetnames
    assert names == ["按事项", "按阶段", "按类型", "开工项目汇总", "每个项目"]
    for wrong in ("since=2014-03-09", "since=soon", "procedure=none"):
        assert analyst.get(f"/supervision/evaluation?{wrong}").status == 422


@pytest.mark.parametrize("path", ["/supervision", "/supervision/cases"])
@pytest.mark.parametrize("style", ["xlsx", "csv"])
def test_lists_are_files_too(service: Service, enter: Enter, path: str, style: str) -> None:
    service.project()
    shown = enter("supervisor").get(f"{path}?format={style}")
    assert shown.status == 200
    assert f".{style}" in shown.headers["Content-Disposition"]
    if style == "csv":
        assert "国土局" in shown.body.decode("utf-8-sig")


@pytest.mark.parametrize(
    "path", ["/supervision", "/supervision/reports/2014Q1", "/supervision/evaluation"]
)
def test_pages_stay_within_their_statements(service: Service, enter: Enter, path: str) -> None:
    decided(service)
    later(service, 1)
    supervisor = enter("supervisor")
    supervisor.get(path)
    seen: list[str] = []
    event.listen(service.engine, "before_cursor_execute", lambda *each: seen.append(each[2]))
    supervisor.get(path)
    assert 0 < len(seen) <= 12, seen


def test_who_does_not_oversee_has_no_way_there(enter: Enter) -> None:
    reviewer = enter("reviewer")
    assert "督查" not in reviewer.get("/").all("//nav[@aria-label='主导航']/a")
    assert reviewer.get("/supervision").status == 403
    assert enter("applicant").get("/supervision/reports/2014Q1").status == 403


def test_in_english(service: Service, enter: Enter) -> None:
    decided(service)
    visitor = enter("supervisor", language="en")
    shown = visitor.get("/supervision/reports/2014Q1")
    assert shown.one("//article/h2") == "Inspection of approvals, first quarter of 2014"
    assert "Land and Resources Bureau" in shown.text
    assert "Excellent" in shown.text
    assert "On-time" in visitor.get("/supervision").text or "on time" in visitor.last.text
