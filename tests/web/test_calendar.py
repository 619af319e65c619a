"""The calendar's pages: a year, a revision written, looked at, published, refused."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.rules.revision_text import parse
from engine.service import calendars, publication
from engine.service.publication import Draft
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.city import answer, deploy, started
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

FLOOD = "2014-03-05 closure 防汛 Flood"
#: what the strip of headline figures says
FIGURES = "//section[@class='strip']//div[@class='key num']"


def days_of(shown: Shown, reason: str) -> list[str]:
    """The dates that are marked as something in the months of a year."""
    path = f"//table[@class='cal-month']//td[contains(@class, 'cal-{reason}')]//time/@datetime"
    return [str(each) for each in shown.tree.xpath(path)]


def preview(visitor: Visitor, days: str = FLOOD, **fields: Any) -> Shown:
    """Write a revision and look at it."""
    given = {"days": days, "source": "市政府7号", **fields}
    return visitor.send("/calendar/preview", "/calendar/edit", **given)


def test_a_year_is_shown_with_its_days_and_their_sources(enter: Enter) -> None:
    shown = enter("reviewer").get("/calendar")
    assert shown.all(FIGURES) == ["250", "23", "5", "0", "0"]
    assert len(shown.all("//table[@class='cal-month']")) == 12
    assert days_of(shown, "make_up") == [
        "2014-01-26",
        "2014-02-08",
        "2014-05-04",
        "2014-09-28",
        "2014-10-11",
    ]
    assert shown.all("//td[@aria-current='date']//time") == ["3"]
    assert "10-01 – 10-07 周三 · 7 天" in shown.text
    assert "国务院办公厅关于2014年部分节假日安排的通知" in shown.text
    months = [
        int(each.split()[0]) for each in shown.all("//table[@class='cal-month']//caption/span")
    ]
    assert sum(months) == 250


def test_a_year_without_notice_says_so(enter: Enter) -> None:
    shown = enter("reviewer").get("/calendar?year=2027")
    assert "2027 年的放假通知还没有发布。" in shown.text
    assert days_of(shown, "make_up") == []
    assert len(days_of(shown, "provisional")) == 365
    # what is no year of the calendar leads to this one
    for odd in ("1999", "2051", "x", "-5", "99999999999999"):
        assert "工作日历 2014" in enter("reviewer").get(f"/calendar?year={odd}").one("//h1")


def test_a_year_is_a_file_too(enter: Enter) -> None:
    body = enter("reviewer").get("/calendar?year=2014&format=csv").body.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) == 1 + 23 + 5
    assert rows[1][:4] == ["2014-01-01", "节假日放假", "元旦", "休息"]


def test_a_revision_is_looked_at_and_published(service: Service, enter: Enter) -> None:
    deploy(service)
    project = started(service)
    answer(service, project, "IND-06", "accept")
    item = service("coordinator").get(f"/projects/{project}").json
    before = next(each for each in item["items"] if each["id"] == "IND-06")["promised_due_on"]
    coordinator = enter("coordinator")
    shown = preview(coordinator)
    changed, _balance, moved, projects, _departments = shown.all(FIGURES)
    assert (changed, projects) == ("1", "1")
    assert int(moved) >= 2
    assert "国有土地使用权登记" in shown.text
    assert before[5:] in shown.text
    assert service.act(calendars.newest) == 0
    shown = coordinator.send("/calendar")
    assert f"已发布第 1 号修订，{moved} 个到期日改变。" in shown.text
    assert days_of(shown, "closure") == ["2014-03-05"]
    assert shown.all(FIGURES)[0] == "249"
    assert "市政府7号" in shown.text
    history = coordinator.get(f"/projects/{project}/history")
    assert f"承诺到期由 {before} 改为" in history.text
    assert "工作日历修订：市政府7号" in history.text


def test_what_moves_is_a_file_too(service: Service, enter: Enter) -> None:
    service.project()
    coordinator = enter("coordinator")
    preview(coordinator)
    fields = coordinator.form("/calendar/preview?format=xlsx")
    shown = coordinator.post("/calendar/preview?format=xlsx", fields)
    [sheet] = load_workbook(io.BytesIO(shown.body)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "编号"
    assert len(rows) == 2
    assert rows[1][7] != rows[1][6]


def test_every_line_that_is_wrong_is_named_and_what_was_typed_stays(enter: Enter) -> None:
    wrong = "2014-13-01 holiday 元旦\n2014-03-08 make_up 清明节\n2014-03-09 off"
    shown = preview(enter("admin"), wrong)
    assert shown.status == 422
    assert shown.all("//ul[@class='cal-problems']/li") == [
        "第 1 行 · 日期不对，应写作 2027-02-05",
        "第 3 行 · 没有写明是放假、上班、本地休息、本地上班还是照常",
    ]
    assert shown.one("//textarea[@name='days']").split() == wrong.split()
    shown = preview(enter("admin"), "2014-03-10 make_up 清明节")
    assert "第 1 行 2014-03-10 · 周一至周五本来就上班" in shown.text
    shown = preview(enter("admin"), "")
    assert "还没有写任何日子" in shown.text
    shown = preview(enter("admin"), source=" ")
    assert (shown.status, "请写明依据" in shown.text) == (422, True)


def test_of_two_who_publish_the_second_sees_what_the_first_did(enter: Enter) -> None:
    first, second = enter("coordinator"), enter("admin")
    preview(first)
    preview(second, "2014-03-06 closure 停电", source="市政府8号")
    first.send("/calendar")
    shown = second.send("/calendar")
    assert shown.status == 412
    assert "又发布了修订" in shown.text
    assert "第 1 号 市政府7号" in shown.text
    assert shown.tree.xpath("//form[@action='/calendar']//input[@name='_version']/@value") == ["1"]
    assert "已发布第 2 号修订" in second.send("/calendar").text


def test_one_can_go_back_to_writing(enter: Enter) -> None:
    coordinator = enter("coordinator")
    preview(coordinator, note="水位")
    shown = coordinator.send("/calendar/edit")
    assert shown.tree.xpath("//button[@data-day='2014-03-05']")
    assert shown.one("//textarea[@name='days']") == FLOOD
    assert shown.one("//textarea[@name='note']") == "水位"
    assert shown.tree.xpath("//input[@name='source']/@value") == ["市政府7号"]
    assert coordinator.get("/calendar/preview").one("//h1") == "修订日历"


def test_a_long_list_comes_in_parts(
    service: Service, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.views.calendar_edit.ROWS", 2)
    for _ in range(3):
        service.project()
    coordinator = enter("coordinator")
    shown = preview(coordinator)
    assert shown.all(FIGURES)[2] == "3"
    assert len(shown.all("//table//tbody/tr")) == 2
    forms = [dict(form.form_values()) for form in shown.tree.forms]
    [next_part] = [form for form in forms if "cursor" in form]
    shown = coordinator.post("/calendar/preview", next_part)
    assert len(shown.all("//table//tbody/tr")) == 1
    assert "回到开头" in shown.text


def test_a_years_notice_ends_what_was_provisional(enter: Enter) -> None:
    admin = enter("admin")
    shown = preview(admin, "2027-02-05..2027-02-11 放假 春节", notice="2027")
    assert "2027 年放假与调休相抵后是" in shown.text
    assert "2028-01-01 起暂定" in shown.text
    admin.send("/calendar")
    assert "还没有发布" not in admin.get("/calendar?year=2027").text
    assert "还没有发布" in admin.get("/calendar?year=2028").text


def test_a_provisional_due_date_is_marked(service: Service, enter: Enter) -> None:
    project = service.project()
    reviewer = enter("coordinator")
    task = service.task(project)["id"]
    assert not reviewer.get(f"/tasks/{task}").all("//*[@class='provisional']")
    from_now = Draft((), "撤回", provisional_from=date(2014, 1, 1))
    service.act(publication.publish, from_now)
    assert reviewer.get(f"/tasks/{task}").all("//*[@class='provisional']")
    assert reviewer.get("/tasks?scope=all").all("//*[@class='provisional']")
    items = service("coordinator").get(f"/projects/{project}").json["items"]
    assert [each["provisional"] for each in items] == [
        bool(each["promised_due_on"]) for each in items
    ]


def test_only_who_speaks_for_the_city_may_publish(service: Service, enter: Enter) -> None:
    service.add_user("local", ("coordinator", "PLAN"))
    for name in ("local", "supervisor", "reviewer"):
        visitor = enter(name)
        assert "修订日历" not in visitor.get("/calendar").all("//div[@class='page-actions']//a")
        assert visitor.get("/calendar/edit").status == 403
    assert enter("coordinator").get("/calendar").all("//div[@class='page-actions']/a") == [
        "修订日历"
    ]


def test_it_speaks_english(service: Service, enter: Enter) -> None:
    service.act(publication.publish, Draft(parse(FLOOD), "notice 7"))
    shown = enter("reviewer", "en").get("/calendar?year=2014")
    assert "Working days of 2014" in shown.one("//h1")
    assert "Flood · Local closure" in shown.text


def test_pages_ask_little_and_which_calendar_is_in_force_costs_nothing(
    service: Service, enter: Enter
) -> None:
    service.act(publication.publish, Draft(parse(FLOOD), "notice 7"))
    coordinator, task = enter("coordinator"), service.task(service.project())["id"]
    for path in ("/calendar", "/calendar/edit", f"/tasks/{task}", "/tasks"):
        coordinator.get(path)
        with counted(service.engine) as found:
            coordinator.get(path)
        own = path.startswith("/calendar")
        assert not own or len(found) <= 12, path
        asked = [each for each in found if each.startswith("SELECT (SELECT max(calendar_revision")]
        assert own or not asked
