"""The pages of minutes and of the reply: written, signed, sealed, checked, printed."""

from __future__ import annotations

from datetime import UTC, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from engine.rules.joint_review import Answer, Condition, OpinionKind
from engine.service import procedures, projects, tasks
from engine.service.review import opinions, rounds
from engine.service.review.rounds import NewRound
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.conftest import Enter
from tests.web.visitor import Shown, Visitor

ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")


@pytest.fixture
def where(service: Service) -> str:
    """The address of a round that is concluded: FIRE disagreed, HOUS has a condition."""
    for each in ASKED:
        service.add_user(each.lower(), ("reviewer", each))
    service.add_user("lead", ("reviewer", "PLAN"))
    service.add_user("maker", ("applicant", ""))
    service.act(procedures.deploy, procedures.named("industrial-2014", service.settings))
    project = service.act(projects.create, "水泵厂迁建", "industrial-2014", "maker").id
    service.act(projects.start, project)
    given = NewRound("planning", items=("IND-08",), papers="方案第二稿")
    identifier = service.act(rounds.launch, project, given)
    due_on = service.clock.now().date()
    bound = Answer(
        OpinionKind.AGREE_WITH_CONDITIONS, conditions=(Condition("入口北移", "建设单位", due_on),)
    )
    against = Answer(OpinionKind.DISAGREE, legal_basis="《消防法》第十条", required="消防车道")
    special = {"HOUS": bound, "FIRE": against}
    paper = {"source": "paper", "given_by": "李明"}
    for each in ASKED:
        answer = special.get(each, Answer(OpinionKind.AGREE))
        service.act(opinions.enter_for, identifier, each, answer, **paper)
    found = service.act(tasks.find, limit=500).items
    [task] = [each for each in found if each.element == "conclude"]
    service.act(tasks.complete, task.id, "approved", {"reasons": "消防车道已另行设计"})
    return f"/joint-reviews/{identifier}"


def send(visitor: Visitor, page: str, action: str, **more: Any) -> Shown:
    """Send a form of a page as it is shown, with what is typed."""
    return visitor.send(action, page, **more)


def test_the_lead_writes_and_everybody_signs(where: str, enter: Enter) -> None:
    page, lead = f"{where}/minutes", enter("lead")
    shown = lead.get(page)
    for each in ("尚未起草", "方案第二稿", "《消防法》第十条", "入口北移", "消防车道已另行设计"):
        assert each in shown.text
    assert "保存草稿" not in enter("met").get(page).text
    send(lead, page, f"{page}/draft", opening="书面征求意见。")
    assert "书面征求意见。" in lead.get(page).text
    send(lead, page, f"{page}/draft", discussion="讨论了消防车道。", then="send")
    shown = lead.get(page)
    assert "会签中" in shown.text
    assert "讨论了消防车道。" in shown.text
    assert "保存草稿" not in shown.text
    for each in ASKED:
        send(enter(each.lower()), page, f"{page}/sign", remark="无异议")
    send(lead, page, f"{page}/sign")
    shown = lead.get(page)
    assert "已定稿" in shown.text
    assert "无异议" in shown.text
    checked = send(lead, page, f"{page}/verify")
    assert "校验通过" in checked.text


def test_the_reply_goes_out_and_the_applicant_reads_it(where: str, enter: Enter) -> None:
    page, lead, maker = f"{where}/minutes", enter("lead"), enter("maker")
    assert maker.get(page).status == 403
    assert maker.get(f"{where}/reply").status == 404
    assert "答复申请人" not in lead.get(f"{where}/reply").text
    send(lead, page, f"{page}/draft", then="send")
    for each in ("lead", *(name.lower() for name in ASKED)):
        send(enter(each), page, f"{page}/sign")
    send(lead, f"{where}/reply", f"{where}/reply/send", text="请按批准的方案实施。")
    shown = maker.get(f"{where}/reply")
    assert shown.status == 200
    for each in ("联合审查统一答复", "请按批准的方案实施。", "入口北移", "消防车道已另行设计"):
        assert each in shown.text
    assert "《消防法》第十条" not in shown.text


def test_the_one_notice_of_all_missing_material_is_printed(
    service: Service, where: str, enter: Enter
) -> None:
    project = service.act(projects.find).items[0].id
    needs = Answer(OpinionKind.NEED_SUPPLEMENT, materials=("日照分析", "总平面图"))
    given = NewRound("planning", items=("IND-08",))
    second = service.act(rounds.launch, project, given)
    paper = {"source": "paper", "given_by": "李明"}
    for each in ASKED:
        service.act(opinions.enter_for, second, each, needs, **paper)
    found = service.act(tasks.find, limit=500).items
    [task] = [each for each in found if each.element == "conclude"]
    service.act(tasks.complete, task.id, "supplement")
    maker = enter("maker")
    shown = maker.get(f"/projects/{project}/notices")
    [link] = [each for each in shown.tree.xpath("//main//a/@href") if "/notices/" in each]
    shown = maker.get(link)
    for each in ("联合审查一次性补正告知书", "规划局", "日照分析", "总平面图", "第十条"):
        assert each in shown.text
    assert shown.text.count("日照分析") == 1
    assert maker.get(where.replace("/1", f"/{second}") + "/reply").status == 404


def test_whoever_is_to_sign_finds_it_on_the_dashboard(where: str, enter: Enter) -> None:
    page, met = f"{where}/minutes", enter("met")
    assert "待会签的会议纪要" not in met.get("/").text
    send(enter("lead"), page, f"{page}/draft", then="send")
    shown = met.get("/")
    assert "待会签的会议纪要 1" in shown.text
    [link] = shown.tree.xpath("//a[contains(., '待会签')]/@href")
    assert where in "".join(met.get(link).all("//main//a/@href"))
    send(met, page, f"{page}/sign")
    assert "待会签的会议纪要" not in met.get("/").text


def test_page_and_document_name_the_same_day(service: Service, where: str, enter: Enter) -> None:
    page, lead = f"{where}/minutes", enter("lead")
    send(lead, page, f"{page}/draft", then="send")
    zone = service.settings.zone
    night = service.clock.now().astimezone(zone).replace(hour=1) + timedelta(days=1)
    service.clock.set(night.astimezone(UTC))
    for each in ("lead", *(name.lower() for name in ASKED)):
        send(enter(each), page, f"{page}/sign")
    on = f"{night.year}年{night.month}月{night.day}日"
    lead = enter("lead")
    signed = lead.get(page).tree.xpath("//main//table[last()]//tr/td[3]/text()")
    assert signed[-6:] == [on] * 6
    file = lead.client.get(f"/api/v1{page}.docx").get_data()
    rows = Document(BytesIO(file)).tables[-1].rows
    assert on in [cell.text for row in rows for cell in row.cells]


def test_a_page_needs_few_statements(service: Service, where: str, enter: Enter) -> None:
    lead = enter("lead")
    page = f"{where}/minutes"
    lead.get(page)
    assert statements(service, lead, page) <= 12
    send(lead, page, f"{page}/draft", then="send")
    assert statements(service, lead, page) <= 12
    assert statements(service, lead, f"{where}/reply") <= 12


def statements(service: Service, visitor: Visitor, page: str) -> int:
    """How many statements a page needs."""
    with counted(service.engine) as found:
        assert visitor.get(page).status == 200
    return len(found)


def test_what_was_typed_stays_when_it_is_refused(where: str, enter: Enter) -> None:
    page, lead = f"{where}/minutes", enter("lead")
    lead.get(page)
    old = {**lead.form(f"{page}/draft"), "opening": "第二个窗口写的"}
    send(lead, page, f"{page}/draft", opening="第一个窗口写的")
    refused = lead.post(f"{page}/draft", old)
    assert refused.status == 412
    assert "第二个窗口写的" in refused.text
