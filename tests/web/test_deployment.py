"""Deploying through the pages: checked first, then exactly what was checked."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.scheduler import tidy
from engine.service import procedures
from engine.store import tables as t
from engine.store.database import transaction
from tests.api import small
from tests.api.conftest import Service
from tests.web.conftest import Enter
from tests.web.files import PROCEDURE, changed, city, faster, packed
from tests.web.visitor import Shown, Visitor

FORM = "/procedures/deploy"


def upload(visitor: Visitor, *files: tuple[str, bytes]) -> Shown:
    """Send files to be checked, and follow to what was found."""
    visitor.get(FORM)
    parts = [(io.BytesIO(content), name) for name, content in files]
    return visitor.post(FORM, {**visitor.form(FORM), "files": parts})


def upload_zip(visitor: Visitor, files: Any) -> Shown:
    return upload(visitor, ("procedure.zip", packed(files)))


def action(shown: Shown) -> str:
    """The address that the button sends to."""
    [address] = shown.tree.xpath("//form[starts-with(@action, '/procedures/deploy/')]/@action")
    return str(address)


def versions(service: Service, procedure: str = PROCEDURE) -> list[int]:
    """The numbers of the versions that are deployed."""
    return [each.version for each in service.act(procedures.find, procedure)]


def problems(shown: Shown) -> list[tuple[str, ...]]:
    """The rows of the list of problems: number, severity, sentence, element, place, code."""
    rows = shown.tree.xpath("//table[@aria-label='问题']/tbody/tr")
    return [
        tuple(" ".join(cell.text_content().split()) for cell in row.xpath("td")) for row in rows
    ]


def test_what_was_checked_is_deployed(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    shown = upload_zip(visitor, city())
    assert shown.status == 200
    assert "可以部署" in shown.one("//h1")
    assert "没有发现问题" in shown.text
    assert "这是新的流程" in shown.text
    assert versions(service) == []
    shown = visitor.send(action(shown))
    assert "已部署 工业项目（2014） 第 1 版" in shown.text
    assert versions(service) == [1]
    assert shown.all("//*[@class='key']")[0].startswith("28")


def test_several_files_do_as_well_as_an_archive(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    visitor.send(action(upload(visitor, *city().items())))
    assert versions(service) == [1]
    assert "没有新内容" in upload_zip(visitor, city()).one("//h1")


def test_the_check_says_what_would_change(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    visitor.send(action(upload_zip(visitor, city())))
    project = (
        service("coordinator")
        .post("/projects", {"name": "Plant", "procedure": PROCEDURE, "applicant": "applicant"})
        .json
    )
    service("coordinator").post(f"/projects/{project['id']}/start")
    shown = upload_zip(visitor, faster())
    assert shown.all("//*[@class='key']")[:2] == ["28 → 26 减 2", "59 → 57 减 2"]
    assert shown.all("//table[@aria-label='事项与天数']//tr[td]") == [
        "建设工程设计方案(总平面)审查IND-08 改动 承诺工作日 7 → 5"
    ]
    assert shown.all("//table[@aria-label='文件']//tr[td]/td[1]") == ["procedure.yaml"]
    assert "1 个在办项目沿用各自的版本" in shown.text
    visitor.send(action(shown))
    kept = service("coordinator").get(f"/projects/{project['id']}").json
    assert (versions(service), kept["procedure_version"]) == ([2, 1], 1)


def test_the_same_content_is_nothing_new(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    visitor.send(action(upload_zip(visitor, city())))
    shown = upload_zip(visitor, city())
    assert "内容与已部署的第 1 版完全相同" in shown.text
    [button] = shown.tree.xpath("//form[contains(@class, 'sticky-end')]//button")
    assert (button.get("type"), button.get("aria-disabled")) == ("button", "true")
    visitor.send(action(shown))
    assert versions(service) == [1]


def test_problems_are_listed_with_their_place_and_drawn(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    files = changed("planning.bpmn", 'targetRef="IND-10"', 'targetRef="nowhere"')
    shown = upload_zip(visitor, files)
    assert "不能部署" in shown.one("//h1")
    first = problems(shown)[0]
    assert first[:2] == ("1", "错误")
    assert "指向“nowhere”，同一流程里没有这个元素" in first[2]
    assert first[3:] == ("join-IND-10--IND-10", "planning.bpmn 第 129 行", "dangling_flow")
    [box] = shown.tree.xpath("//*[@data-diagram]")
    drawn = json.loads(box.get("data-problems"))
    assert drawn[0]["element"] == "join-IND-10--IND-10"
    assert len(drawn) == len(problems(shown))
    assert visitor.get(box.get("data-diagram")).body == files["planning.bpmn"]
    assert versions(service) == []


def test_what_stops_a_deployment_cannot_be_forced(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    shown = upload_zip(
        visitor, changed("planning.bpmn", 'calledElement="item"', 'calledElement="x"')
    )
    refused = visitor.send(action(shown))
    assert refused.status == 422
    assert "流程不能部署" in refused.text
    assert versions(service) == []


def test_problems_name_the_right_of_several_diagrams(enter: Enter) -> None:
    files = changed("construction.bpmn", 'calledElement="item"', 'calledElement="other"')
    shown = upload_zip(enter("analyst"), files)
    [(_, _, sentence, element, place, code)] = problems(shown)
    assert "“other”不在文件之中" in sentence
    assert (element, code) == ("IND-11", "unknown_process")
    assert place.startswith("construction.bpmn 第 ")
    assert shown.one("//*[@data-diagram-tab][@aria-pressed='true']") == "construction.bpmn 1"


def test_a_warning_does_not_stop(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    item = '<zeebe:property name="item" value="IND-04"/>'
    where = '<zeebe:property name="department" value="RIVER"/>'
    shown = upload_zip(visitor, changed("approval.bpmn", item, item + where))
    [(_, severity, sentence, element, place, _)] = problems(shown)
    assert severity == "警告"
    assert "没有“RIVER”这个部门" in sentence
    assert (element, place.split()[0]) == ("IND-04", "approval.bpmn")
    visitor.send(action(shown))
    assert versions(service) == [1]


@pytest.mark.parametrize(
    ("name", "before", "after", "line"),
    [
        ("construction.bpmn", 'id="IND-12" name', 'id="IND-12 name', 135),
        ("procedure.yaml", "IND-01: {promised_days: 1}", "IND-01: {promised_days: [}", 20),
    ],
)
def test_an_unreadable_file_says_so_and_where(
    enter: Enter, name: str, before: str, after: str, line: int
) -> None:
    shown = upload_zip(enter("analyst"), changed(name, before, after))
    told = shown.one("//*[@class='unreadable']")
    assert f"{name} 第 {line} 行读不出来" in told
    assert shown.one("//*[contains(@class, 'is-wrong')]/b") == str(line)
    assert name not in shown.all("//*[@data-diagram-tab]")


def test_a_diagram_without_a_drawing_is_laid_out(enter: Enter) -> None:
    visitor = enter("analyst")
    content = small.diagram(process="other")
    assert b"BPMNShape" not in content
    shown = upload(visitor, ("other.bpmn", content))
    drawn = visitor.get(f"{action(shown)}/diagrams/other.bpmn")
    assert drawn.status == 200
    assert b"BPMNShape" in drawn.body


@pytest.mark.parametrize(
    ("files", "status", "told"),
    [
        ((), 422, "请选择流程文件"),
        ((("notes.txt", b"x"),), 422, "“notes.txt”不是流程文件"),
        ((("x.zip", b"PK\x03\x04 no archive"),), 400, "压缩包打不开"),
        ((("a.bpmn", b"x"), ("a.bpmn", b"y")), 422, "有两个文件都叫“a.bpmn”"),
        ((("x.zip", packed({"x.bpmn": b"0" * 2_000_001})),), 413, "文件或内容太大"),
        ((("x.zip", packed({f"{n}.bpmn": b"" for n in range(101)})),), 413, "文件或内容太大"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(
    service: Service, enter: Enter, files: Any, status: int, told: str
) -> None:
    shown = upload(enter("analyst"), *files)
    assert (shown.status, told in shown.text) == (status, True), shown.text
    assert shown.tree.xpath("//form[@action='/procedures/deploy']//input[@type='file']")
    with transaction(service.engine, read_only=True) as db:
        assert db.execute(select(t.draft_file)).all() == []


def test_who_checked_first_does_not_overwrite_who_deployed_meanwhile(
    service: Service, enter: Enter
) -> None:
    mine, theirs = enter("analyst"), enter("admin")
    mine.send(action(upload_zip(mine, city())))
    waiting = upload_zip(mine, faster())
    slower = changed("procedure.yaml", "IND-16: {promised_days: 5}", "IND-16: {promised_days: 6}")
    theirs.send(action(upload_zip(theirs, slower)))
    mine.last = waiting
    refused = mine.send(action(waiting))
    assert refused.status == 412
    assert "admin · 部署流程" in refused.one("//ul[@class='changes']/li")
    assert "29 → 26" in refused.text
    assert versions(service) == [2, 1]
    mine.send(action(refused))
    assert versions(service) == [3, 2, 1]


def test_a_double_click_deploys_once(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    shown = upload_zip(visitor, city())
    where, fields = action(shown), visitor.form(action(shown))
    visitor.post(where, fields)
    again = visitor.post(where, fields)
    assert again.status == 200
    assert versions(service) == [1]


def test_a_draft_is_ones_own_and_kept_for_a_day(service: Service, enter: Enter) -> None:
    mine = enter("analyst")
    where = action(upload_zip(mine, city()))
    assert enter("admin").get(where).status == 404
    assert mine.get(where).status == 200
    service.clock.set(service.clock.now() + timedelta(hours=11))
    assert mine.get(where).status == 200
    service.clock.set(service.clock.now() + timedelta(hours=14))
    shown = enter("analyst").get(where)
    assert shown.status == 404
    assert "检查过的文件已不再保留" in shown.text
    tidy(service.engine, service.clock.now(), service.settings)
    with transaction(service.engine, read_only=True) as db:
        assert db.execute(select(t.draft_deployment)).all() == []
        assert db.execute(select(t.draft_file)).all() == []


def test_of_many_drafts_the_newest_few_are_kept(service: Service, enter: Enter) -> None:
    visitor = enter("analyst")
    places = []
    for number in range(7):
        service.clock.set(service.clock.now() + timedelta(minutes=1))
        shown = upload(visitor, ("small.bpmn", small.diagram(process=f"p{number}")))
        places.append(action(shown))
    assert [visitor.get(place).status for place in places] == [404] * 2 + [200] * 5


@pytest.mark.parametrize("name", ["applicant", "clerk", "reviewer", "coordinator", "supervisor"])
def test_only_analysts_deploy(enter: Enter, name: str) -> None:
    visitor = enter(name)
    assert visitor.get(FORM).status == 403
    assert "部署流程" not in visitor.get("/procedures").text


def test_in_english_the_engines_own_words_are_told(enter: Enter) -> None:
    files = changed("planning.bpmn", 'calledElement="item"', 'calledElement="x"')
    shown = upload_zip(enter("analyst", "en"), files)
    assert "calls 'x', which is not among the files" in shown.text
