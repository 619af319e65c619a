"""The clock on a task's page: why it stands still, and who may stop, resume and extend it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.service.clock import records, suspensions
from engine.service.clock.suspensions import Stopping
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.cases import Case, begin
from tests.web.conftest import Enter

ACTIONS = "//div[@class='clock-moves']//summary | //form[@class='clock-decide']//button"


@pytest.fixture
def case(service: Service) -> Case:
    found = begin(service)
    service.add_user("zhou", ("head", "PLAN"))
    found.answer("accept")
    return found


def stopped(case: Case) -> None:
    given = Stopping("expert_review", "特告〔2014〕12号", 5, "三位专家")
    case.service.act(suspensions.suspend, case.project, "A-1", given)


def test_a_reviewer_stops_the_clock(case: Case, enter: Enter) -> None:
    zhao = enter("zhao")
    shown = zhao.get(case.path())
    assert shown.all(ACTIONS) == ["中止计时", "申请延期"]
    shown = zhao.send(
        f"{case.path()}/stop",
        stop_reason="hearing",
        stop_notice="听告〔2014〕3号",
        stop_days="5",
        stop_note="",
    )
    assert "计时已中止" in shown.text
    assert "因听证中止计时" in shown.text
    assert "预计 5 个工作日" in shown.text
    assert shown.all(ACTIONS) == ["恢复计时", "申请延期"]
    assert "因听证中止计时，恢复计时后才能提交。" in shown.one("//div[@id='why']")
    [stop] = case.service.act(records.suspensions, case.project)
    assert (stop.reason, stop.started_by) == ("hearing", "zhao")


def test_what_was_typed_stays_where_it_is_refused(case: Case, enter: Enter) -> None:
    zhao = enter("zhao")
    zhao.get(case.path())
    shown = zhao.send(
        f"{case.path()}/stop", stop_reason="hearing", stop_notice=" ", stop_days="5", stop_note="注"
    )
    assert shown.status == 422
    assert "请写明书面告知申请人的文号。" in shown.text
    assert shown.all("//input[@name='stop_note']/@value") == ["注"]
    assert shown.all("//details[@class='clock-move'][@open]/summary") == ["中止计时"]
    assert shown.all("//textarea[@name='reason']") in ([], [""]), "the answer's own reason is empty"
    assert case.service.act(records.suspensions, case.project) == []


def test_it_goes_on_and_the_page_says_which_days_were_lost(case: Case, enter: Enter) -> None:
    stopped(case)
    case.service.clock.set(case.service.clock.now() + timedelta(days=2))
    zhao = enter("zhao")
    shown = zhao.get(case.path())
    assert shown.all("//input[@name='go_on_until']") == [], "days that are over a coordinator names"
    shown = zhao.send(f"{case.path()}/go-on", go_on_note="意见已出")
    assert "计时已恢复" in shown.text
    assert "中止：专家评审" in shown.one("//dl[@class='clock-spans']")
    assert shown.all("//td[contains(@class, 'day-resumed')]//span[@class='say']") == ["恢复日"]
    [stop] = case.service.act(records.suspensions, case.project)
    assert stop.days == 2


def test_a_coordinator_enters_a_stop_that_is_over(case: Case, enter: Enter) -> None:
    first_on = case.service.clock.now().date()
    case.service.clock.set(case.service.clock.now() + timedelta(days=3))
    boss = enter("boss")
    boss.get(case.path())
    given = {"stop_reason": "testing", "stop_notice": "1", "stop_days": "3", "stop_note": ""}
    dates = {"stop_from": str(first_on + timedelta(days=2)), "stop_until": str(first_on)}
    shown = boss.send(f"{case.path()}/stop", **given, **dates)
    assert (shown.status, "恢复日须不早于中止日" in shown.text) == (422, True)
    dates = {"stop_from": str(first_on), "stop_until": str(first_on + timedelta(days=2))}
    shown = boss.send(f"{case.path()}/stop", **given, **dates)
    assert "已补录" in shown.text
    assert "中止：检测" in shown.one("//dl[@class='clock-spans']")


def test_an_extension_is_asked_for_and_approved_by_the_head(case: Case, enter: Enter) -> None:
    zhao = enter("zhao")
    assert "最多 10 个工作日，一次；由PLAN负责人批准" in zhao.get(case.path()).text.replace(
        "规划局", "PLAN"
    )
    shown = zhao.send(
        f"{case.path()}/extend", more_days="11", more_reason="案情复杂", more_notice="延1"
    )
    assert (shown.status, "延长的天数须在法律允许的范围内" in shown.text) == (422, True)
    shown = zhao.send(
        f"{case.path()}/extend", more_days="5", more_reason="案情复杂", more_notice="延1"
    )
    assert "申请延期 5 天，待" in shown.text
    assert shown.all(ACTIONS) == ["中止计时"], "a reviewer does not decide"
    zhou = enter("zhou")
    shown = zhou.get(case.path())
    assert shown.all(ACTIONS)[-2:] == ["批准延期", "不批准"]
    shown = zhou.send(f"{case.path()}/extend/approve", decision_note="")
    assert "已批准延期" in shown.text
    assert "已延期 5 天" in shown.text
    assert "行政许可法第42条第1款" in shown.text
    assert "第 8 个工作日" in shown.text, "3 days promised and 5 more"


def test_an_extension_is_declined_with_a_reason(case: Case, enter: Enter) -> None:
    zhao, zhou = enter("zhao"), enter("zhou")
    zhao.get(case.path())
    zhao.send(f"{case.path()}/extend", more_days="5", more_reason="案情复杂", more_notice="延1")
    shown = zhou.get(case.path())
    extension = shown.one("//input[@name='extension']/@value")
    form = zhou.form(f"{case.path()}/extend/approve")
    shown = zhou.post(f"{case.path()}/extend/decline", form)
    assert (shown.status, "请写明不批准的理由。" in shown.text) == (422, True)
    shown = zhou.post(
        f"{case.path()}/extend/decline",
        {**zhou.form(f"{case.path()}/extend/approve"), "decision_note": "材料早已齐全"},
    )
    assert "没有批准延期。" in shown.text
    [found] = case.service.act(records.extensions, case.project)
    assert (str(found.id), found.state, found.decided_by) == (extension, "declined", "zhou")


@pytest.mark.parametrize("who", ["li", "maker"])
def test_who_does_not_handle_it_only_reads(case: Case, enter: Enter, who: str) -> None:
    stopped(case)
    visitor = enter(who)
    shown = visitor.get(case.path())
    assert "因专家评审中止计时" in shown.text
    assert shown.all(ACTIONS) == []
    token = shown.all("//input[@name='_csrf']/@value")[0]
    refused = visitor.post(f"{case.path()}/go-on", {"_csrf": token, "_key": "k"})
    assert refused.status == 403


def test_a_stopped_task_takes_no_more_statements(case: Case, enter: Enter) -> None:
    stopped(case)
    zhao, path = enter("zhao"), case.path()
    zhao.get(path)
    with counted(case.service.engine) as found:
        zhao.get(path)
    assert len([each for each in found if each.startswith("SELECT")]) <= 12
