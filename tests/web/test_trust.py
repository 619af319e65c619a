"""Acceptance on trust on the pages: the window's form, what waits, checks, records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.scheduler import sweep
from engine.service import procedures, projects, tasks
from engine.service.receiving import commitments, credit, gaps
from engine.service.views import TaskView
from tests.api.conftest import Service
from tests.service.city import said
from tests.service.trust import PLAN, SURVEY, trusting
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

PEOPLE = {
    "li": ("clerk", "PLAN"),
    "zhao": ("reviewer", "PLAN"),
    "qian": ("reviewer", "HOUS"),
    "maker": ("applicant", ""),
}
SAID = {"conditions": "合同真实有效", "committed_by": "王建国"}


@pytest.fixture
def project(service: Service) -> int:
    for person, role in PEOPLE.items():
        service.add_user(person, role)
    service.act(procedures.deploy, trusting())
    found = service.act(projects.create, "水泵厂迁建", "trusting", "maker").id
    service.act(projects.start, found)
    return int(found)


def task(service: Service, project: int, item: str) -> TaskView:
    [found] = service.act(tasks.find, project=project, item=item).items
    only: TaskView = found
    return only


def answer(service: Service, project: int, item: str, *outcomes: str, **data: Any) -> None:
    for outcome in outcomes:
        service.act(tasks.complete, task(service, project, item).id, outcome, said(outcome, data))


def with_gaps(service: Service, project: int) -> None:
    promised = [{"material": SURVEY, "promised_on": "2014-03-06"}]
    answer(service, project, "G-1", "accept_with_gaps", gaps=promised, form="原件")


def later(service: Service, days: int) -> None:
    service.clock.set(service.clock.now() + timedelta(days=days))
    sweep(service.engine, service.clock.now(), service.settings)


def fill(visitor: Visitor, page: str, action: str = "") -> dict[str, Any]:
    """Open a page and return the fields of a form on it."""
    forms = visitor.get(page).tree.forms
    [found] = [each for each in forms if (each.action, each.method) == (action or page, "POST")]
    return {name: value for name, value in found.form_values() if value is not None}


def committed(service: Service, project: int) -> None:
    answer(service, project, "G-1", "accept", "done", "approve")
    answer(service, project, "C-1", "accept_on_commitment", **SAID)
    answer(service, project, "C-1", "approve")


# -- gaps ------------------------------------------------------------------------------------------


def test_the_form_offers_the_secondary_materials_alone(
    service: Service, project: int, enter: Enter
) -> None:
    shown = enter("li").get(f"/tasks/{task(service, project, 'G-1').id}")
    assert shown.tree.xpath("//input[@name='gaps']/@value") == [SURVEY, PLAN]
    dates = shown.tree.xpath("//input[starts-with(@name, 'promised_on.')]")
    assert {(each.get("min"), each.get("max")) for each in dates} == {("2014-03-04", "2014-03-12")}
    assert "容缺受理" in shown.all("//label[@class='verdict']")
    plain = enter("li").get(f"/tasks/{task(service, project, 'S-1').id}")
    assert "容缺受理" not in plain.text


def test_it_is_accepted_with_what_was_typed(service: Service, project: int, enter: Enter) -> None:
    li, where = enter("li"), f"/tasks/{task(service, project, 'G-1').id}"
    form = fill(li, where) | {"outcome": "accept_with_gaps", "gaps": [SURVEY], "form": "原件一份"}
    shown = li.post(where, form | {f"promised_on.{SURVEY}": "2014-06-06"})
    assert shown.status == 422
    assert "补齐日期须在今天之后，且不晚于承诺办结日期" in shown.text
    [typed] = shown.tree.xpath(f"//input[@name='promised_on.{SURVEY}']/@value")
    assert typed == "2014-06-06"
    form |= {f"promised_on.{SURVEY}": "2014-03-06", "corrected": "面积误写\n\n电话误写"}
    assert li.post(where, form).status == 200
    [promised] = service.act(gaps.find, project)
    assert (promised.material, str(promised.promised_on)) == (SURVEY, "2014-03-06")
    shown = li.get(where)
    assert "面积误写、电话误写" in shown.text
    assert f"{SURVEY}（2014-03-06前补齐）" in shown.text
    [document] = set(shown.tree.xpath("//a[contains(@href, '/notices/')]/@href"))
    notice = li.get(document)
    assert notice.one("//h2[@id='sheet-title']") == "容缺受理通知书"
    assert "材料形式：原件一份" in notice.text
    assert "宽限 15 个工作日仍没有补齐的，予以退件，并记入信用记录" in notice.text
    assert "本单位承诺在上述期限内补齐所列材料" in notice.text
    assert "已由申请人当场更正" in notice.text


def test_the_decision_says_what_it_waits_for(service: Service, project: int, enter: Enter) -> None:
    with_gaps(service, project)
    answer(service, project, "G-1", "done")
    zhao, where = enter("zhao"), f"/tasks/{task(service, project, 'G-1').id}"
    shown = zhao.get(where)
    assert "决定须等容缺的材料补齐" in shown.one("//div[@id='why']")
    refused = zhao.post(where, fill(zhao, where) | {"outcome": "approve"})
    assert refused.status == 409
    assert "容缺的材料还没有补齐，不能作出决定：地形图 (2014-03-06)" in refused.text
    [where_to] = shown.tree.xpath("//form[contains(@action, '/gaps/')]/@action")
    form = {name: value for name, value in fill(zhao, where).items() if name.startswith("_")}
    done = zhao.post(where_to, form | {"on_paper": "yes", "task": where.removeprefix("/tasks/")})
    assert done.status == 200
    assert zhao.post(where, fill(zhao, where) | {"outcome": "approve"}).status == 200


def test_the_applicant_is_told_and_sends_it(service: Service, project: int, enter: Enter) -> None:
    with_gaps(service, project)
    maker = enter("maker")
    shown = maker.get(f"/projects/{project}")
    line = shown.one("//section[@id='project-trust']//li")
    assert "承诺 03-06前补齐" in line
    [upload] = shown.tree.xpath("//section[@id='project-trust']//a/@href")
    assert upload.startswith(f"/projects/{project}/documents?to=G-1")
    later(service, 4)
    shown = enter("maker").get(f"/projects/{project}")
    assert "已逾期，计时中止" in shown.one("//section[@id='project-trust']//li")
    assert "地形图未按承诺补齐，计时中止，宽限至 2014-03-27" in shown.text
    titles = shown.all("//a[contains(@href, '/notices/')]")
    assert any("容缺材料催补通知书" in each for each in titles)


def test_a_file_that_was_returned(service: Service, project: int, enter: Enter) -> None:
    with_gaps(service, project)
    later(service, 4)
    later(service, 21)
    maker = enter("maker")
    shown = maker.get(f"/projects/{project}")
    assert "宽限期满，地形图仍未补齐" in shown.text
    documents = shown.tree.xpath("//a[contains(@href, '/notices/')]/@href")
    texts = [maker.get(each).text for each in documents]
    assert any("现予以退件。材料齐备后可以重新申请。" in each for each in texts)
    service.act(credit.add, "another", "note")
    shown = enter("coordinator").get("/credit-records")
    assert shown.all("//tbody//span[@class='title']") == ["another", "maker"]
    assert "容缺材料未按承诺补齐" in shown.text


def test_who_is_on_record_is_offered_neither(service: Service, project: int, enter: Enter) -> None:
    service.act(credit.add, "maker", "提供虚假材料")
    shown = enter("li").get(f"/tasks/{task(service, project, 'G-1').id}")
    [choice] = shown.tree.xpath("//input[@name='outcome' and @value='accept_with_gaps']")
    assert choice.get("disabled") is not None
    assert "申请单位在信用记录内，至 2015-03-03" in shown.text or "信用记录内" in shown.text


# -- default and instant ---------------------------------------------------------------------------


def test_the_department_that_was_silent_is_told_so(
    service: Service, project: int, enter: Enter
) -> None:
    answer(service, project, "G-1", "accept")
    later(service, 10)
    issue = task(service, project, "G-1")
    assert issue.element == "issue"
    shown = enter("zhao").get(f"/tasks/{issue.id}")
    assert "本部门在承诺期限内没有答复，已于 03-13" in shown.text
    assert "请在一个工作日内补发结果；不能以未审查为由拒绝" in shown.text
    assert shown.tree.xpath("//input[@name='outcome']/@value") == ["issued"]
    assert "超时默认" in shown.one("//li[@aria-current='step']")
    where = f"/tasks/{issue.id}"
    zhao = enter("zhao")
    assert zhao.post(where, fill(zhao, where) | {"document_number": "规〔2014〕1号"}).status == 200
    history = zhao.get(f"/projects/{project}/history")
    assert "承诺期满未答复，视为通过，限一个工作日补发" in history.text


def test_an_instant_item_says_so_and_is_due_today(
    service: Service, project: int, enter: Enter
) -> None:
    answer(service, project, "G-1", "accept", "done", "approve")
    answer(service, project, "C-1", "accept", "done", "approve")
    answer(service, project, "I-1", "accept")
    decide = task(service, project, "I-1")
    shown = enter("qian").get(f"/tasks/{decide.id}")
    assert "即办件，当场决定" in shown.text
    assert shown.one("//h1").endswith("今天到期")
    assert "决定" in shown.one("//li[@aria-current='step']")


# -- commitments -----------------------------------------------------------------------------------


def test_conditions_are_typed_and_kept(service: Service, project: int, enter: Enter) -> None:
    answer(service, project, "G-1", "accept", "done", "approve")
    qian, where = enter("qian"), f"/tasks/{task(service, project, 'C-1').id}"
    form = fill(qian, where) | {"outcome": "accept_on_commitment", "conditions": "合同真实有效"}
    refused = qian.post(where, form)
    assert (refused.status, "请写明签署承诺书的人" in refused.text) == (422, True)
    assert "合同真实有效" in refused.text
    assert qian.post(where, form | {"committed_by": "王建国"}).status == 200
    assert task(service, project, "C-1").element == "decide"
    shown = qian.get(where)
    [document] = set(shown.tree.xpath("//a[contains(@href, '/notices/')]/@href"))
    notice = qian.get(document)
    assert "20 个工作日内核查承诺的履行情况" in notice.text
    assert "承诺人：王建国" in notice.text


def test_a_check_from_the_dashboard_to_the_revocation(
    service: Service, project: int, enter: Enter
) -> None:
    committed(service, project)
    qian = enter("qian")
    assert "待核查的承诺 1" in qian.get("/").text
    assert "待核查的承诺" not in enter("zhao").get("/").text
    listed = qian.get("/commitments")
    [where] = listed.tree.xpath("//tbody//a[@class='title']/@href")
    form = fill(qian, where, f"{where}/check")
    assert "请选择一个结论" in qian.post(f"{where}/check", form).text
    refused = qian.post(f"{where}/check", form | {"result": "rectify", "findings": "缺附件"})
    assert "整改期限须在今天之后" in refused.text
    assert "缺附件" in refused.text
    form |= {"result": "rectify", "findings": "缺附件", "rectify_by_on": "2014-03-07"}
    assert qian.post(f"{where}/check", form).status == 200
    later(service, 7)
    qian = enter("qian")
    assert "1 件逾期" in qian.get("/commitments").text
    assert len(qian.get("/commitments?state=overdue").all("//tbody/tr")) == 1
    form = fill(qian, where, f"{where}/check") | {"result": "revoked", "findings": "合同系伪造"}
    assert qian.post(f"{where}/check", form).status == 200
    assert qian.get("/commitments").all("//tbody/tr") == []
    shown = enter("coordinator").get(f"/projects/{project}")
    line = shown.one("//section[@id='project-trust']//li")
    assert "合同系伪造" in line
    assert "请协调员核对后续事项" in line
    documents = shown.tree.xpath("//a[contains(@href, '/notices/')]/@href")
    assert any("决定撤销" in qian.get(each).text for each in documents)


def test_others_read_a_commitment_and_check_nothing(
    service: Service, project: int, enter: Enter
) -> None:
    committed(service, project)
    [found] = service.act(commitments.find).items
    where = f"/commitments/{found.id}"
    for name in ("zhao", "maker", "supervisor"):
        shown = enter(name).get(where)
        assert "合同真实有效" in shown.text
        assert shown.tree.xpath("//form[contains(@action, '/check')]") == []
    assert enter("applicant").get(where).status == 404


def test_lists_are_taken_along(service: Service, project: int, enter: Enter) -> None:
    committed(service, project)
    csv = enter("supervisor").get("/commitments?format=csv")
    assert "合同真实有效" in csv.body.decode()
    service.act(credit.add, "maker", "提供虚假材料")
    assert "提供虚假材料" in enter("supervisor").get("/credit-records?format=csv").body.decode()


# -- records ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("project")
def test_a_record_is_made_and_lifted(enter: Enter) -> None:
    supervisor = enter("supervisor")
    form = fill(supervisor, "/credit-records")
    refused = supervisor.post("/credit-records", form | {"applicant": "maker", "note": ""})
    assert refused.status == 422
    assert typed(refused, "applicant") == "maker"
    form |= {"applicant": "maker", "note": "提供虚假材料", "until_on": "2014-12-31"}
    assert supervisor.post("/credit-records", form).status == 200
    shown = supervisor.get("/credit-records")
    [lift] = shown.tree.xpath("//form[contains(@action, '/lift')]/@action")
    forms = enter("li").get("/credit-records").tree.xpath("//form[@method='post']/@action")
    assert not [each for each in forms if each.startswith("/credit-records")]
    fields = {name: value for name, value in form.items() if name == "_csrf"}
    assert supervisor.post(lift, fields | {"_key": "k1", "note": "误记"}).status == 200
    assert "已移出" in supervisor.get("/credit-records?state=lifted").text
    assert enter("maker").get("/credit-records").status == 403


def typed(shown: Shown, name: str) -> str:
    """What stands in a field."""
    [value] = shown.tree.xpath(f"//input[@name='{name}']/@value")
    return str(value)
