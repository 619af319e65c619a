"""The page that explains a due date: what it comes from, every day, and the same as REST says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.service import projects
from engine.service.clock import extensions, suspensions
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from tests.api.conftest import Service
from tests.web.cases import Case, begin
from tests.web.conftest import Enter
from tests.web.visitor import Shown


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service)


def days(shown: Shown, term: str) -> list[list[str]]:
    """The cells of a term's table."""
    path = f"//section[@aria-labelledby='days-{term}']//tbody/tr"
    rows = shown.tree.xpath(path)
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


@pytest.fixture
def moved(case: Case) -> Case:
    """Accepted on Monday 3 March, stopped for a hearing from Tuesday to Thursday, extended."""
    case.answer("accept")
    clock = case.service.clock
    clock.set(clock.now() + timedelta(days=1))
    given = Stopping("hearing", "皖规〔2014〕7号", 3)
    case.service.act(suspensions.suspend, case.project, "A-1", given)
    clock.set(clock.now() + timedelta(days=2))
    case.service.act(suspensions.resume, case.project, "A-1")
    asked = Asking(1, "现场复杂", "皖规〔2014〕9号")
    case.service.act(extensions.request, case.project, "A-1", asked)
    return case


def test_every_day_is_there_with_its_rule(moved: Case, enter: Enter) -> None:
    shown = enter("zhao").get(f"{moved.path()}/deadline")
    assert days(shown, "promised") == [
        ["2014-03-03 周一", "工作日", "受理日，当日不计", "行政许可法第42条"],
        ["2014-03-04 周二", "工作日", "第 1 天", "行政许可法第82条"],
        ["2014-03-05 周三", "工作日", "中止，不计：听证", "行政许可法第45条"],
        ["2014-03-06 周四", "工作日", "恢复当日，不计", "默认规则"],
        ["2014-03-07 周五", "工作日", "第 2 天", "行政许可法第82条"],
        ["2014-03-08 周六", "周末", "休息日，不计", "行政许可法第82条"],
        ["2014-03-09 周日", "周末", "休息日，不计", "行政许可法第82条"],
        ["2014-03-10 周一", "工作日", "第 3 天", "行政许可法第82条"],
        ["2014-03-11 周二", "工作日", "第 4 天（延长期内） 到期", "行政许可法第42条"],
    ]
    assert days(shown, "statutory")[-1][2] == "第 21 天（延长期内） 到期"
    for said in (
        "听证 · 皖规〔2014〕7号",
        "现场复杂 · 皖规〔2014〕9号",
        "2014-03-12 00:00 起算逾期",
    ):
        assert said in shown.text


def test_it_says_what_rest_says_and_what_the_panel_says(moved: Case, enter: Enter) -> None:
    told = moved.service("boss").get(f"{moved.path()}/deadline").json
    page = enter("zhao").get(f"{moved.path()}/deadline")
    for term in told["terms"]:
        rows = days(page, term["kind"])
        assert [row[0][:10] for row in rows] == [day["date"] for day in term["lines"]]
        assert ["第" in row[2] for row in rows] == [day["counted"] for day in term["lines"]]
    panel = enter("zhao").get(moved.path())
    shown = panel.tree.xpath("//table[@class='clock-weeks']//td[time][.//b[not(@class)]]")
    numbers = {
        cell.xpath("./time/@datetime")[0]: cell.xpath(".//span/b/text()")[0] for cell in shown
    }
    counted = {day["date"]: str(day["number"]) for day in told["terms"][0]["lines"]}
    assert {on: number for on, number in counted.items() if number != "0"} == {
        on: number for on, number in numbers.items() if on in counted
    }
    assert panel.all("//a[contains(@href, '/deadline')]") == ["逐日依据"]


def test_a_clock_that_stands_still_has_no_due_date(case: Case, enter: Enter) -> None:
    case.answer("accept")
    case.service.act(projects.suspend, case.project, reason="场地有古墓")
    shown = enter("zhao").get(f"{case.path()}/deadline")
    assert "时钟中止，恢复后重新计算" in shown.text
    assert len(days(shown, "promised")) == 1
    assert "场地有古墓" in shown.text


def test_what_has_no_due_date_has_no_such_page(case: Case, enter: Enter) -> None:
    page = enter("maker").get(f"{case.path('D-1')}/deadline")
    assert page.status == 404
