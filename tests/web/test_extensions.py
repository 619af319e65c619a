"""Extensions on pages: a head's list, the dashboard's word of it, and what an applicant is told."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from engine.service.clock import extensions, records, suspensions
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from engine.service.work import Actor
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.cases import Case, begin
from tests.web.conftest import Enter

ASKING = Asking(5, "须再次踏勘", "延告〔2014〕1号")
REVIEWER = Actor(None, "zhao", frozenset({("reviewer", "PLAN")}))


@pytest.fixture
def case(service: Service) -> Case:
    found = begin(service)
    service.add_user("zhou", ("head", "PLAN"))
    service.add_user("mayor", ("head", ""))
    found.answer("accept")
    return found


def ask(case: Case) -> int:
    """Somebody of the department asks; returns the extension."""
    from engine.service.work import Work
    from engine.store.database import transaction

    service = case.service
    with transaction(service.engine) as db:
        work = Work(db, service.clock.now(), REVIEWER, service.settings)
        return extensions.request(work, case.project, "A-1", ASKING)


def test_a_head_is_told_what_waits_and_approves_it(case: Case, enter: Enter) -> None:
    key, zhou = ask(case), enter("zhou")
    assert "待批延期 1" in zhou.get("/").text
    shown = zhou.get("/extensions")
    assert shown.all("//nav[@class='switch']/a") == ["待批 1", "已批准 0", "不批准 0", "全部 1"]
    assert "方案审查" in shown.one("//tbody/tr")
    assert "须再次踏勘" in shown.text
    shown = zhou.send(f"/extensions/{key}/approve", decision_note="同意")
    assert "已批准延期" in shown.text
    assert "没有待批的延期。" in shown.text
    assert "同意" in zhou.get("/extensions?state=approved").text
    assert "待批延期" not in zhou.get("/").text


def test_declining_needs_a_reason_which_is_kept_where_it_is_refused(
    case: Case, enter: Enter
) -> None:
    key, zhou = ask(case), enter("zhou")
    zhou.get("/extensions")
    form = zhou.form(f"/extensions/{key}/approve")
    shown = zhou.post(f"/extensions/{key}/decline", form)
    assert (shown.status, "请写明不批准的理由。" in shown.text) == (422, True)
    form = {**zhou.form(f"/extensions/{key}/approve"), "decision_note": "材料早已齐全"}
    assert "没有批准延期。" in zhou.post(f"/extensions/{key}/decline", form).text
    [found] = case.service.act(records.extensions, case.project)
    assert (found.state, found.decided_note) == ("declined", "材料早已齐全")


@pytest.mark.parametrize("who", ["zhao", "mayor", "boss", "maker"])
def test_who_does_not_decide_only_reads(case: Case, enter: Enter, who: str) -> None:
    key, visitor = ask(case), enter(who)
    shown = visitor.get("/extensions")
    assert "须再次踏勘" in shown.text
    assert "待规划局负责人批准" in shown.text
    assert shown.all("//form[contains(@action, 'approve')]") == []
    assert "待批延期" not in visitor.get("/").text
    assert visitor.get(f"/extensions/{key}/approve").status == 200, "leads back to the list"


def test_the_list_is_a_file_too(case: Case, enter: Enter) -> None:
    ask(case)
    answer = enter("zhou").get("/extensions?format=csv")
    assert "须再次踏勘" in answer.body.decode("utf-8-sig")


def test_an_applicant_is_told_of_moved_dates_and_why(case: Case, enter: Enter) -> None:
    case.service.act(extensions.request, case.project, "A-1", ASKING)
    maker = enter("maker")
    shown = maker.get("/")
    assert "方案审查：承诺到期由" in shown.one("//section[@aria-labelledby='moved-title']")
    assert "延长审批期限：须再次踏勘" in shown.text
    shown = maker.get(f"/projects/{case.project}")
    moved = shown.one("//section[@id='project-moved']")
    assert "A-1：已延期 5 天" in moved
    assert "理由：须再次踏勘" in moved
    case.service.clock.set(case.service.clock.now() + timedelta(days=20))
    maker = enter("maker")
    assert "期限变动" not in maker.get("/").text, "no news any more"
    moved = maker.get(f"/projects/{case.project}").one("//section[@id='project-moved']")
    assert "理由：须再次踏勘" in moved, "the reason stays (优化营商环境条例 art. 36)"
    assert "承诺到期由" not in moved


def test_a_project_says_what_stands_still_and_why(case: Case, enter: Enter) -> None:
    given = Stopping("expert_review", "特告〔2014〕12号", 5)
    case.service.act(suspensions.suspend, case.project, "A-1", given)
    boss = enter("boss")
    shown = boss.get(f"/projects/{case.project}")
    row = shown.one("//tr[@data-key='A-1']")
    assert "因专家评审中止计时，预计" in row
    assert "中止" in shown.one("//tr[@data-key='A-1']//span[contains(@class, 'light')]")
    assert "中止计时（专家评审），预计 5 个工作日" in shown.one("//section[@id='project-history']")
    assert "特别程序告知书" in shown.one("//section[@id='project-notices']")


def test_few_statements_make_the_pages(case: Case, enter: Enter) -> None:
    given = Stopping("expert_review", "特告〔2014〕12号", 5)
    case.service.act(extensions.request, case.project, "A-1", ASKING)
    case.service.act(suspensions.suspend, case.project, "A-1", given)
    addresses = (f"/projects/{case.project}", "/extensions", "/")
    for who, address in product(("maker", "zhou"), addresses):
        visitor = enter(who)
        visitor.get(address)
        with counted(case.service.engine) as found:
            visitor.get(address)
        assert len([each for each in found if each.startswith("SELECT")]) <= 12, (who, address)


def test_notices_are_printed(case: Case, enter: Enter) -> None:
    given = Stopping("expert_review", "特告〔2014〕12号", 5)
    case.service.act(suspensions.suspend, case.project, "A-1", given)
    case.service.clock.set(case.service.clock.now() + timedelta(days=1))
    case.service.act(suspensions.resume, case.project, "A-1")
    case.service.act(extensions.request, case.project, "A-1", ASKING)
    maker = enter("maker")
    shown = maker.get(f"/projects/{case.project}/notices")
    texts = {}
    for name, address in zip(
        shown.all("//a[@class='title']"), shown.all("//a[@class='title']/@href"), strict=True
    ):
        texts[name] = maker.get(address).one("//article")
    stopped, resumed, extended = (
        texts[name] for name in ("特别程序告知书", "恢复计时告知书", "延长审批期限告知书")
    )
    assert "依法需要专家评审" in stopped
    assert "预计所需时间5 个工作日" in stopped
    assert "特告〔2014〕12号" in stopped
    assert "2014年3月4日起恢复" in resumed
    assert "承诺办结至 2014年3月7日" in resumed
    assert "经本行政机关负责人批准，延长审批期限 5 个工作日" in extended
    assert "须再次踏勘" in extended
    assert "行政许可法第42条第1款" in extended
