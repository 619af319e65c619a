"""The inbox: rows by what is due, narrowed by filters with counts, claimed many at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from engine.service import projects, tasks
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.cases import Case, begin
from tests.web.conftest import Enter
from tests.web.visitor import Shown


@pytest.fixture
def cases(service: Service) -> list[Case]:
    """Two projects: of the first, A-1 is in review and due on Thursday."""
    found = [begin(service, name) for name in ("水泵厂迁建", "纺织二期")]
    found[0].answer("accept")
    return found


def rows(shown: Shown) -> list[tuple[str, str]]:
    """The item and the project of each row."""
    items = shown.all("//tbody/tr//a[@class='title']")
    lines = shown.all("//tbody/tr//a[@class='title']/following-sibling::span")
    return [(item, line.split()[1]) for item, line in zip(items, lines, strict=True)]


def test_rows_are_by_what_is_due_with_light_and_action(cases: list[Case], enter: Enter) -> None:
    service = cases[0].service
    service.clock.set(service.clock.now() + timedelta(days=4))
    shown = enter("zhao").get("/tasks")
    assert rows(shown)[0] == ("方案审查", "水泵厂迁建")
    first = shown.tree.xpath("//tbody/tr")[0]
    text = " ".join(first.text_content().split())
    assert text == (
        "逾期 1 天 方案审查LS2014-0001 水泵厂迁建 审查 4 / 3 天 到期 03-06 周四 未认领 办理"
    ).replace("办理", "处理")
    assert first.xpath(".//td[last()]/a[contains(@class, 'btn-primary')]")
    assert shown.one("//h1/following-sibling::p").startswith("4 件待办1 件逾期")


@pytest.mark.usefixtures("cases")
def test_each_sees_what_is_theirs(enter: Enter) -> None:
    assert len(rows(enter("li").get("/tasks"))) == 3
    assert len(rows(enter("zhao").get("/tasks"))) == 4
    assert {item for item, _project in rows(enter("maker").get("/tasks"))} == {"D-1"}
    assert len(rows(enter("boss").get("/tasks"))) == 6
    shown = enter("li").get("/tasks?scope=all")
    assert shown.all("//nav[@aria-label='谁的待办']/a") == ["我的 3", "本部门 4"]
    assert "没有待办" in enter("analyst").get("/tasks?scope=mine").text


@pytest.mark.usefixtures("cases")
def test_filters_carry_counts_and_leave_what_they_say(enter: Enter) -> None:
    boss = enter("boss")
    shown = boss.get("/tasks")
    assert shown.all("//nav[@aria-label='灯']/a") == ["全部 6", "逾期 0", "将到期 0", "待受理 3"]
    assert shown.all("//select[@name='department']/option")[1:] == ["规划局 4", "建设单位 2"]
    assert shown.all("//select[@name='item']/option")[1:] == ["方案审查 2", "规划许可 2", "D-1 2"]
    shown = boss.get("/tasks?light=receive&item=A-1")
    assert rows(shown) == [("方案审查", "纺织二期")]
    assert shown.one("//select[@name='item']/option[@selected]") == "方案审查 1"
    assert rows(boss.get("/tasks?q=水泵&kind=applicant")) == [("D-1", "水泵厂迁建")]
    assert rows(boss.get("/tasks?q=LS2014-0002&stage=planning&item=B-1")) == [
        ("规划许可", "纺织二期")
    ]
    empty = boss.get("/tasks?q=水泥")
    assert "没有符合条件的待办。" in empty.text
    assert boss.get("/tasks?scope=nonsense&light=x&kind=y&cursor=").status == 200


@pytest.mark.usefixtures("cases")
def test_a_task_keeps_its_inbox(enter: Enter) -> None:
    shown = enter("boss").get("/tasks?light=receive")
    [address, *_] = shown.all("//a[@class='title']/@href")
    assert address.endswith("?light=receive")
    assert "?light=receive" in shown.one("//section[@id='inbox']/@data-live")


def test_many_are_claimed_at_once(cases: list[Case], enter: Enter) -> None:
    clerk = enter("li")
    shown = clerk.get("/tasks")
    boxes = shown.all("//input[@name='task']/@value")
    assert len(boxes) == 3
    shown = clerk.send("/tasks/claim", task=boxes[:2])
    assert "已认领 2 件。" in shown.text
    assert shown.all("//tbody//td/b") == ["我", "我"]
    mine = {each.id for each in cases[0].service.act(tasks.find, assignee="li").items}
    assert mine == set(boxes[:2])


def test_of_those_that_cannot_be_claimed_each_is_told_why(cases: list[Case], enter: Enter) -> None:
    first, second = cases
    clerk, ids = enter("li"), []
    clerk.get("/tasks")
    data = clerk.form("/tasks/claim")
    for case in (first, second):
        ids += [case.task("B-1").id]
    ids += [second.task("A-1").id, first.task("A-1").id, second.task("D-1").id, "nothing"]
    enter("wang").send("/tasks/claim", "/tasks", task=ids[:1])
    second.answer("accept", item="B-1")
    shown = clerk.post("/tasks/claim", {**data, "task": ids})
    assert shown.status == 200
    assert "认领了 1 件，5 件没有认领：" in shown.text
    assert shown.all("//div[@role='alert']//li") == [
        "B-1 · 水泵厂迁建：已由 wang 认领。",
        "B-1 · 纺织二期：已由 system 办理。",
        "A-1 · 水泵厂迁建：不是您可以办理的任务。",
        "D-1 · 纺织二期：不是您可以办理的任务。",
        "nothing：没有找到，可能已被删除。",
    ]
    assert second.task("A-1").assignee == "li"


@pytest.mark.usefixtures("cases")
def test_nothing_chosen_is_told(enter: Enter) -> None:
    shown = enter("li").send("/tasks/claim", "/tasks", task=None)
    assert shown.status == 422
    assert "请先勾选任务。" in shown.text
    assert enter("li").get("/tasks/claim?light=receive").one("//h1") == "待办"


def test_a_suspended_project_stands_still_in_the_list(cases: list[Case], enter: Enter) -> None:
    cases[0].service.act(projects.suspend, cases[0].project)
    cases[0].service.clock.set(cases[0].service.clock.now() + timedelta(days=20))
    shown = enter("zhao").get("/tasks?q=水泵&item=A-1")
    row = shown.one("//tbody/tr")
    assert "中止" in row
    assert "待恢复" in row
    assert row.endswith("查看")
    assert not shown.all("//input[@name='task']")


@pytest.mark.usefixtures("cases")
def test_the_list_is_a_file_too(enter: Enter) -> None:
    boss = enter("boss")
    answer = boss.get("/tasks?item=A-1&format=csv")
    found = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert {row["项目"] for row in found} == {"水泵厂迁建", "纺织二期"}
    [due] = [row for row in found if row["项目"] == "水泵厂迁建"]
    assert (due["事项"], due["环节"], due["承诺到期"]) == ("方案审查", "审查", "2014-03-06")
    book = load_workbook(io.BytesIO(boss.get("/tasks?item=A-1&format=xlsx").body))
    assert len(list(book.worksheets[0].iter_rows())) == 3


def test_a_long_list_goes_on(service: Service, enter: Enter) -> None:
    for number in range(18):
        begin(service, f"P{number}")
    boss = enter("boss")
    first = boss.get("/tasks")
    assert "本页 50 行" in first.text
    [further] = first.all("//nav[@class='pager']/a/@href")
    assert len(rows(boss.get(further))) == 4
    assert len(rows(boss.get(f"{further}&item=A-1"))) == 0


def test_few_statements_make_the_page(cases: list[Case], enter: Enter) -> None:
    boss = enter("boss")
    boss.get("/tasks")
    with counted(cases[0].service.engine) as found:
        boss.get("/tasks?item=A-1&q=水")
    assert len([each for each in found if each.startswith("SELECT")]) <= 12
