"""Procedures as pages: the list, the diagrams, the catalogue, the critical path, the versions."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from engine.service import procedures
from tests.api.conftest import Service
from tests.service import drawn
from tests.web.conftest import Enter
from tests.web.files import PROCEDURE, city, faster
from tests.web.visitor import Visitor

HOME = f"/procedures/{PROCEDURE}"
#: what a page may ask of the database
MOST_STATEMENTS = 12


@pytest.fixture
def deployed(service: Service) -> Service:
    """The service with the industrial procedure of 2014 in two versions."""
    deploy(service, city())
    deploy(service, faster())
    return service


def deploy(service: Service, files: Any) -> int:
    """Deploy files; returns the version's id."""
    with_shared = procedures.with_shared(files, service.settings.bpmn_dir)
    return int(service.act(procedures.deploy, with_shared).id)


def start(service: Service, procedure: str) -> None:
    """Start a project."""
    body = {"name": "Plant", "procedure": procedure, "applicant": "applicant"}
    project = service("coordinator").post("/projects", body).json
    service("coordinator").post(f"/projects/{project['id']}/start")


def rows(visitor: Visitor, address: str) -> list[list[str]]:
    """A CSV file's rows."""
    return list(csv.reader(io.StringIO(visitor.get(address).body.decode("utf-8-sig"))))


# -- the list ----------------------------------------------------------------------------------


def test_the_list_shows_totals_versions_and_use(deployed: Service, enter: Enter) -> None:
    start(deployed, PROCEDURE)
    shown = enter("clerk").get("/procedures")
    row = shown.one(f"//tr[@data-key='{PROCEDURE}']")
    assert row.startswith("工业项目（2014）industrial-2014 工业 26 天 57 12 18 1 1")
    assert "第 2 版" in row
    assert shown.tree.xpath(f"//tr[@data-key='{PROCEDURE}']//a/@href")[:2] == [
        HOME,
        f"/projects?procedure={PROCEDURE}&state=running",
    ]


@pytest.mark.usefixtures("deployed")
def test_the_list_is_narrowed_to_a_kind_that_tells_its_count(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get("/procedures")
    assert shown.all("//nav[@aria-label='项目类型']/a") == ["全部 2", "工业 1", "其他 1"]
    shown = visitor.get("/procedures?kind=industrial")
    assert shown.tree.xpath("//tbody/tr/@data-key") == [PROCEDURE]
    assert rows(visitor, "/procedures?kind=other&format=csv")[1][:2] == ["Small", "small"]


def test_analysts_find_the_way_to_deploy(enter: Enter) -> None:
    for name, times in (("analyst", 1), ("admin", 1), ("coordinator", 0)):
        links = enter(name).get("/procedures").tree.xpath("//a[@href='/procedures/deploy']")
        assert len(links) == times


def test_an_applicant_counts_their_own_projects_alone(deployed: Service, enter: Enter) -> None:
    start(deployed, "small")
    deployed("coordinator").post(
        "/projects", {"name": "Other", "procedure": "small", "applicant": "somebody"}
    )
    of_small = {
        name: rows(enter(name), "/procedures?format=csv") for name in ("clerk", "applicant")
    }
    counts = {
        name: next(row[8:10] for row in table if row[1] == "small")
        for name, table in of_small.items()
    }
    assert counts == {"clerk": ["1", "2"], "applicant": ["1", "1"]}


# -- one procedure -----------------------------------------------------------------------------


@pytest.mark.usefixtures("deployed")
def test_the_newest_version_is_shown_and_an_older_one_says_so(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(HOME)
    assert "第 2 版 · 最新" in shown.one("//h1")
    assert shown.all("//*[@class='key']")[0].startswith("26 ")
    assert "您看的是" not in shown.text
    old = visitor.get(f"{HOME}?version=1")
    assert old.all("//*[@class='key']")[0].startswith("28 ")
    assert "您看的是第 1 版，不是最新版本。" in old.text
    [tab] = old.tree.xpath("//nav[@aria-label='流程的各部分']/a[contains(., '关键路径')]/@href")
    assert visitor.get(tab).all("//*[@class='key']")[0].startswith("28 ")


@pytest.mark.usefixtures("deployed")
def test_what_is_not_deployed_is_not_found(enter: Enter) -> None:
    visitor = enter("clerk")
    for address in ("/procedures/none", f"{HOME}?version=9", f"{HOME}/files/none.bpmn"):
        assert visitor.get(address).status == 404


@pytest.mark.usefixtures("deployed")
def test_every_diagram_is_drawn_and_listed(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?diagram=planning")
    tabs = shown.tree.xpath("//nav[@aria-label='选择流程图']/a")
    assert [tab.text for tab in tabs] == [
        "项目审批",
        "规划许可",
        "施工许可",
        "竣工验收",
        "事项办理",
    ]
    [box] = shown.tree.xpath("//*[@data-diagram]")
    assert visitor.get(box.get("data-diagram")).body == city()["planning.bpmn"]
    listed = shown.all("//div[@data-diagram-for][not(@hidden)]//tbody/tr")
    assert "建设用地规划许可证核发IND-07 审批事项 规划局 3 天" in listed
    assert "备案办结wait-IND-01 等待 规划局 等 企业投资项目备案" in listed
    assert any("准予许可、不予许可" in row for row in shown.all("//tbody/tr"))


@pytest.mark.usefixtures("deployed")
def test_a_diagrams_items_carry_their_days_and_the_critical_ones_stand_out(enter: Enter) -> None:
    visitor = enter("clerk")
    told = json.loads(visitor.get(f"{HOME}/states/planning").body)["elements"]
    assert (told["IND-08"]["state"], told["IND-08"]["badge"]) == ("critical", "5 天")
    assert told["IND-A1"]["state"] == "own"
    assert told["IND-08"]["href"] == f"{HOME}?tab=catalogue#item-IND-08"
    assert "IND-10" in json.loads(visitor.get(f"{HOME}/labels/planning").body)


@pytest.mark.usefixtures("deployed")
def test_names_on_diagrams_are_in_the_pages_language(enter: Enter) -> None:
    chinese = json.loads(enter("clerk").get(f"{HOME}/labels/planning").body)
    english = json.loads(enter("clerk", "en").get(f"{HOME}/labels/planning").body)
    assert chinese["IND-07"] == "建设用地规划许可证核发"
    assert english["IND-07"].lower() == "land-use planning permit"
    assert (chinese["lane-CAD"], english["lane-CAD"]) == ("人防办", "Civil Air Defence Office")


@pytest.mark.usefixtures("deployed")
def test_the_catalogue_sets_promises_against_the_law(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?tab=catalogue")
    assert "法定合计 180 天，承诺合计 50 天，压缩 72%" in shown.text
    works = shown.one("//tr[@id='item-IND-08']")
    assert "规划局 5 天 20 工作日 75%" in works
    assert "人防办、公安消防支队、环保局、气象局、建委" in works
    eia = shown.one("//tr[@id='item-IND-02']")
    assert "30 自然日 单位不同" in eia
    assert "环境影响报告表" in eia
    assert "预计 10 天，不计时" in shown.one("//tr[@id='item-IND-A2']")


@pytest.mark.usefixtures("deployed")
def test_the_catalogue_of_one_stage_and_as_a_file(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?tab=catalogue&stage=approval")
    assert len(shown.tree.xpath("//tr[starts-with(@id, 'item-')]")) == 5
    table = rows(visitor, f"{HOME}?tab=catalogue&stage=approval&format=csv")
    land = next(row for row in table if row[0] == "IND-06")
    assert land[1:10] == [
        *("国有土地使用权登记", "项目审批", "审批事项", "国土局", "5", "", "20", "工作日", "75%")
    ]
    book = load_workbook(io.BytesIO(visitor.get(f"{HOME}?tab=catalogue&format=xlsx").body))
    assert len(list(book.worksheets[0].rows)) == 25


@pytest.mark.usefixtures("deployed")
def test_the_critical_path_is_a_table_a_chart_and_a_list(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?tab=path")
    critical = shown.all("//tr[contains(@class, 'is-critical')]/td[1]/span[@class='sub']")
    assert [text.split()[0] for text in critical] == [
        *("IND-01", "IND-07", "IND-08", "IND-09", "IND-10", "IND-11", "IND-16"),
        *("IND-A6", "IND-23", "IND-26"),
    ]
    assert "合计 26 个工作日 · 计时" in shown.one(
        "//tr[@class='group-row'][contains(., '开工之前')]"
    )
    assert "合计 12 个工作日" in shown.one("//tr[@class='group-row'][contains(., '竣工验收')]")
    assert len(shown.tree.xpath("//ol[@class='chain']")) == 3
    assert shown.tree.xpath("//svg[contains(@class, 'gantt')]")
    elapsed = visitor.get(f"{HOME}?tab=path&view=elapsed")
    assert "合计 57 个工作日 · 历时" in elapsed.text


def test_the_table_as_a_file_has_both_views(deployed: Service, enter: Enter) -> None:
    table = rows(enter("clerk"), f"{HOME}?tab=path&format=csv")
    works = dict(zip(table[0], next(row for row in table if row[0] == "IND-10"), strict=True))
    assert (works["计时 最早开始"], works["计时 最早完成"], works["计时 关键"]) == ("9", "14", "是")
    report = deployed("clerk").get(f"/procedures/{PROCEDURE}/critical-path").json
    same = next(each for each in report["activities"] if each["id"] == "IND-10")
    assert works["历时 最早开始"] == str(same["elapsed_earliest_start"]) == "15"
    assert works["历时 总时差"] == str(same["elapsed_total_float"])


@pytest.mark.usefixtures("deployed")
def test_files_are_downloaded_one_by_one_and_together(enter: Enter) -> None:
    visitor = enter("clerk")
    assert visitor.get(f"{HOME}/files/procedure.yaml").body == faster()["procedure.yaml"]
    assert visitor.get(f"{HOME}/files/procedure.yaml?version=1").body == city()["procedure.yaml"]
    answer = visitor.get(f"{HOME}/archive?version=1")
    assert "industrial-2014-v1.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        names = sorted(archive.namelist())
        content = archive.read("industrial-2014-v1/procedure.yaml")
    assert names[0] == "industrial-2014-v1/acceptance.bpmn"
    assert (len(names), content) == (8, city()["procedure.yaml"])


@pytest.mark.usefixtures("deployed")
def test_an_archive_that_was_downloaded_is_nothing_new(enter: Enter) -> None:
    visitor = enter("analyst")
    content = visitor.get(f"{HOME}/archive").body
    visitor.get("/procedures/deploy")
    fields = {**visitor.form("/procedures/deploy"), "files": (io.BytesIO(content), "x.zip")}
    shown = visitor.post("/procedures/deploy", fields)
    assert "内容与已部署的第 2 版完全相同" in shown.text


def test_versions_tell_who_when_and_how_many_projects(deployed: Service, enter: Enter) -> None:
    start(deployed, PROCEDURE)
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?tab=versions")
    first, second = shown.all("//tr[.//code]")
    assert first.startswith("第 2 版最新")
    assert "03-03 09:00system" in first
    assert (first.endswith("1 1 没有问题"), second.endswith("0 0 没有问题")) == (True, True)
    table = rows(visitor, f"{HOME}?tab=versions&format=csv")
    assert [row[0] for row in table[1:]] == ["2", "1"]


@pytest.mark.usefixtures("deployed")
def test_two_versions_are_compared(enter: Enter) -> None:
    visitor = enter("clerk")
    shown = visitor.get(f"{HOME}?tab=versions")
    options = shown.tree.xpath("//select[@name='before']/option[@value != '']")
    assert [option.text for option in options] == ["第 1 版", "Small 第 1 版"]
    shown = visitor.get(f"{HOME}?tab=versions&before={options[0].get('value')}")
    assert "28 → 26 减 2" in shown.text
    assert shown.all("//table[@aria-label='事项与天数']//tr[td]") == [
        "建设工程设计方案(总平面)审查IND-08 改动 承诺工作日 7 → 5"
    ]


@pytest.mark.usefixtures("deployed")
def test_pages_speak_english(enter: Enter) -> None:
    shown = enter("clerk", "en").get(f"{HOME}?tab=catalogue")
    title = shown.one("//tr[@id='item-IND-07']//span[@class='title']")
    assert title.lower() == "land-use planning permit"
    assert "Planning Bureau" in shown.one("//tr[@id='item-IND-07']")


@pytest.mark.parametrize("tab", ["", "catalogue", "path", "versions"])
def test_a_diagram_of_ones_own_has_every_tab(enter: Enter, tab: str) -> None:
    """It names no departments' leads, no acceptance, no law."""
    shown = enter("applicant").get(f"/procedures/small?tab={tab}")
    assert shown.status == 200
    assert shown.all("//*[@class='key']")[0].startswith("6 ")


@pytest.mark.parametrize(
    "address",
    ["/procedures", *(f"{HOME}?tab={tab}" for tab in ("", "catalogue", "path", "versions"))],
)
def test_a_page_asks_the_database_little(deployed: Service, enter: Enter, address: str) -> None:
    visitor = enter("clerk")
    visitor.get(address)
    told: list[str] = []

    @event.listens_for(deployed.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    visitor.get(address)
    asked = [each for each in told if each.startswith(("SELECT", "WITH"))]
    assert 0 < len(asked) <= MOST_STATEMENTS, asked


def test_a_large_diagram_without_a_drawing_is_listed(service: Service, enter: Enter) -> None:
    """Laying it out would keep its reader waiting."""
    names = [f"T-{number}" for number in range(90)]
    parts = (*(drawn.work(name, department="HOUS", promised_days=1) for name in names),)
    end = drawn.node("endEvent", "end")
    content = drawn.diagram("long", *parts, end, drawn.chain("START", *names, "end"))
    service.act(procedures.deploy, {"long.bpmn": content})
    shown = enter("clerk").get("/procedures/long")
    assert "没有自动布局" in shown.text
    assert not shown.tree.xpath("//*[@data-diagram]")
    assert len(shown.tree.xpath("//div[@data-diagram-for]//tbody/tr")) == 92
