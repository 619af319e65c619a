"""The page of a task: what it says, how it is answered, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.service import items, projects, tasks
from tests.api.conftest import Service
from tests.web.cases import Case, begin
from tests.web.conftest import Enter
from tests.web.visitor import Shown


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service)


# -- what it says ----------------------------------------------------------------------------------


def test_it_tells_the_case_its_clock_and_its_place(case: Case, enter: Enter) -> None:
    case.answer("accept")
    case.service.clock.set(case.service.clock.now() + timedelta(days=2))
    shown = enter("zhao").get(case.path())
    assert shown.one("//h1") == "方案审查 剩 1 天"
    assert shown.one("//li[@aria-current='step']") == "审查 第 2 天"
    assert shown.all("//li[contains(@class, 'step-done')]//b") == ["收件", "受理"]
    assert shown.all("//p[@class='clock-due']") == [
        "03-06 周四，第 3 个工作日",
        "03-31 周一，第 20 个工作日",
    ]
    assert "城乡规划法第40条" in shown.text
    assert "含今天，当日下班前决定均属按期" in shown.text


def test_days_are_numbered_or_named(case: Case, enter: Enter) -> None:
    case.answer("accept")
    shown = enter("zhao").get(case.path())
    cells = {
        each.xpath("./time/@datetime")[0]: " ".join(each.text_content().split()[1:])
        for each in shown.tree.xpath("//table[@class='clock-weeks']//td[time]")
    }
    assert cells["2014-03-03"] == "今天 受理日"
    assert cells["2014-03-04"] == "1"
    assert cells["2014-03-06"] == "3 到期"
    assert cells["2014-03-08"] == "休"


def test_a_suspension_is_in_the_calendar_with_its_reason(case: Case, enter: Enter) -> None:
    case.answer("accept")
    case.service.act(projects.suspend, case.project, reason="场地有古墓")
    case.service.clock.set(case.service.clock.now() + timedelta(days=3))
    shown = enter("zhao").get(case.path())
    assert "项目中止：场地有古墓" in shown.text
    assert shown.all("//td[contains(@class, 'day-stopped')]//span")[:2] == ["中止", "中止"]
    assert shown.one("//button[@form='answer']/@aria-disabled") == "true"
    assert "项目现在中止，恢复办理后才能提交。" in shown.text


def test_english_says_the_same(case: Case, enter: Enter) -> None:
    case.answer("accept")
    shown = enter("zhao", "en").get(case.path())
    assert shown.one("//h1").startswith("Scheme review")
    assert "城乡规划法 art.40" in shown.text


def test_a_soft_gate_is_told_with_item_and_department(case: Case, enter: Enter) -> None:
    case.answer("accept", item="B-1")
    shown = enter("zhao").get(case.path("B-1"))
    assert "决定还须等前置事项办结：方案审查（规划局，收件）" in shown.text
    assert "审查可以先行。" in shown.text


def test_an_applicants_work_tells_its_expected_days(case: Case, enter: Enter) -> None:
    case.service.clock.set(case.service.clock.now() + timedelta(days=2))
    shown = enter("maker").get(case.path("D-1"))
    assert "2 / 10 天" in shown.text
    assert shown.one("//button[@form='answer']") == "完成"
    assert not shown.all("//ol[contains(@class, 'stepper')]")


def test_nobody_sees_what_is_not_theirs(case: Case, enter: Enter) -> None:
    case.service.add_user("stranger", ("applicant", ""))
    assert enter("stranger").get(case.path()).status == 404
    assert enter("li").get("/tasks/nothing").status == 404
    supervisor = enter("supervisor").get(case.path())
    assert "只有规划局的窗口人员或审批人员可以办理。" in supervisor.text
    assert not supervisor.all("//form[@id='answer']")


# -- answering -------------------------------------------------------------------------------------


def send(enter: Enter, case: Case, who: str = "li", /, **fields: object) -> Shown:
    path = case.path()
    return enter(who).send(path, path, **fields)


def test_acceptance_names_what_was_received_and_leads_to_the_next(case: Case, enter: Enter) -> None:
    task = case.task()
    shown = send(enter, case, outcome="accept", received=["总平面图"], opinion="齐全")
    assert "水泵厂迁建：受理，已办理。" in shown.text
    assert shown.all("//p[@class='notice']/a") == ["受理通知书"]
    assert case.path("B-1") in shown.all("//form[@id='answer']/@action")
    done = case.service.act(tasks.get, task.id)
    assert (done.state, done.outcome, done.ended_by) == ("completed", "accept", "li")
    event = case.service.act(projects.history, case.project, limit=200).items[-3:]
    [answer] = [each for each in event if each.event == "task.completed"]
    assert answer.data["data"] == {"received": ["总平面图"], "opinion": "齐全"}


def test_without_another_task_one_comes_back_to_the_list(case: Case, enter: Enter) -> None:
    case.answer("accept", "return", item="B-1")
    shown = send(enter, case, outcome="accept")
    assert shown.one("//h1") == "待办"


def test_everything_missing_is_asked_for_at_once_and_seen_by_the_applicant(
    case: Case, enter: Enter
) -> None:
    fields = {"materials": ["日照分析"], "materials_more": "委托书\r\n\r\n", "reason": "不全"}
    shown = send(enter, case, outcome="supplement", opinion="没有问的", **fields)
    assert shown.all("//p[@class='notice']/a") == ["一次性告知补正通知书"]
    asked = enter("maker").get(case.path())
    assert asked.all("//section[@class='request']//li") == ["日照分析", "委托书"]
    assert "还缺：日照分析、委托书" in asked.text
    assert "没有问的" not in asked.text
    back = send(enter, case, "maker", opinion="已补")
    assert "提交，已办理。" in back.text
    again = enter("li").get(case.path())
    assert "法律只许告知一次" in again.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "请选择一个结论。"),
        ({"outcome": "supplement", "reason": "图不全"}, "请列出全部需要补正的材料。"),
        ({"outcome": "not_accept", "legal_basis": "行政许可法"}, "请写明理由。"),
        ({"outcome": "not_accept", "reason": "不需许可"}, "请写明法律依据。"),
        ({"outcome": "out_of_scope", "reason": "属环保"}, "请写明应当向哪个机关申请。"),
        ({"outcome": "approve"}, "请选择一个结论。"),
    ],
)
def test_what_must_be_said_is_asked_for_and_the_rest_stays(
    case: Case, enter: Enter, fields: dict[str, str], told: str
) -> None:
    task = case.task()
    shown = send(enter, case, opinion="写了很久", **fields)
    assert shown.status == 422
    assert told in shown.text
    assert shown.one("//textarea[@name='opinion']") == "写了很久"
    if fields.get("outcome") in task.outcomes:
        assert shown.all("//input[@name='outcome'][@checked]/@value") == [fields["outcome"]]
    if "reason" in fields:
        assert shown.one("//textarea[@name='reason']") == fields["reason"]
    assert case.task().id == task.id


def test_a_form_sent_twice_acts_once(case: Case, enter: Enter) -> None:
    visitor, path = enter("li"), case.path()
    visitor.get(path)
    data = visitor.form(path) | {"outcome": "accept"}
    assert "已办理" in visitor.post(path, data).text
    assert visitor.post(path, data).status == 200
    assert case.task().element == "review"


def test_who_was_slower_is_told_who_did_what_and_keeps_the_text(case: Case, enter: Enter) -> None:
    path, first, second = case.path(), enter("li"), enter("wang")
    first.get(path)
    second.send(path, path, outcome="accept")
    shown = first.send(path, outcome="not_accept", reason="写了很久")
    assert shown.status == 409
    assert "这项任务已由 wang 办理。" in shown.text
    assert any("wang · 办理 受理" in each for each in shown.all("//ul[@class='changes']/li"))
    assert shown.one("//textarea[@name='reason']") == "写了很久"
    assert "这项任务已由 wang 于 03-03 09:00 办理：受理。" in shown.text


def test_what_changed_meanwhile_can_be_sent_again(case: Case, enter: Enter) -> None:
    path, clerk, boss = case.path(), enter("li"), enter("boss")
    clerk.get(path)
    boss.send(f"{path}/assign", path, user="li")
    shown = clerk.send(path, outcome="accept", opinion="写了很久")
    assert shown.status == 412
    assert "已有人作了改动" in shown.text
    assert any("boss · 改派" in each for each in shown.all("//ul[@class='changes']/li"))
    assert shown.one("//textarea[@name='opinion']") == "写了很久"
    assert "受理，已办理。" in clerk.send(path).text


def test_what_was_done_stays_to_be_seen(case: Case, enter: Enter) -> None:
    path = case.path()
    send(enter, case, outcome="not_accept", reason="不需要许可", legal_basis="第三十二条")
    shown = enter("li").get(path)
    assert shown.one("//p[@class='result']/b") == "不予受理"
    assert "不需要许可" in shown.text
    assert shown.all("//a[contains(@href, '/notices/')]") == ["不予受理通知书"]
    assert not shown.all("//form[@id='answer']")


def test_an_earlier_application_says_that_it_is_over(case: Case, enter: Enter) -> None:
    path = case.path()
    case.answer("not_accept", reason="不需要许可")
    case.service.act(items.apply_again, case.project, "A-1")
    assert "以前一次申请" in enter("li").get(path).text
    assert "第 2 次申请" in enter("li").get(case.path()).text


# -- holding ---------------------------------------------------------------------------------------


def test_a_task_is_claimed_given_back_and_given_on(case: Case, enter: Enter) -> None:
    path, clerk = case.path(), enter("li")
    assert "已认领。" in clerk.send(f"{path}/claim", path).text
    assert case.task().assignee == "li"
    other = enter("wang").get(path)
    assert "已由 li 认领" in other.text
    assert other.one("//button[@form='answer']/@aria-disabled") == "true"
    assert "已退回" in clerk.send(f"{path}/unclaim").text
    boss = enter("boss")
    assert "已改派给 wang。" in boss.send(f"{path}/assign", path, user="wang").text
    assert case.task().assignee == "wang"
    assert boss.send(f"{path}/assign", path, user="supervisor").status == 422


def test_who_claims_too_late_is_told(case: Case, enter: Enter) -> None:
    path, slow = case.path(), enter("wang")
    slow.get(path)
    enter("li").send(f"{path}/claim", path)
    shown = slow.send(f"{path}/claim")
    assert shown.status == 412
    assert any("li · 认领" in each for each in shown.all("//ul[@class='changes']/li"))
    assert slow.get(f"{path}/claim").one("//h1").startswith("方案审查")


def test_the_inbox_goes_with_the_task(case: Case, enter: Enter) -> None:
    shown = enter("li").get(f"{case.path()}?light=receive&q=水泵")
    [after] = shown.all("//a[@rel='next']/@href | //a[@rel='prev']/@href")
    assert after == f"{case.path('B-1')}?light=receive&q=%E6%B0%B4%E6%B3%B5"


def test_few_statements_make_the_page(case: Case, enter: Enter) -> None:
    from tests.service.city import counted

    case.answer("accept")
    boss, path = enter("boss"), case.path()
    boss.get(path)
    with counted(case.service.engine) as found:
        boss.get(path)
    assert len([each for each in found if each.startswith("SELECT")]) <= 12
