"""The pages of the cards: who is carded learns of it, says why, and hears what became of it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from engine.scheduler import sweep
from engine.service import tasks
from engine.service.supervision import cards, issuing
from engine.service.supervision.card_rows import CardView
from engine.service.supervision.cards import Filters
from engine.service.supervision.issuing import NewCard
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.cases import Case, begin
from tests.web.conftest import Enter

LIST = "/supervision/cards"


def late(service: Service, days: int = 2) -> Case:
    """A project whose item A-1 is in review, overdue by some days, and swept."""
    case = begin(service)
    case.answer("accept")
    service.act(tasks.assign, case.task().id, "zhao")
    service.clock.set(service.clock.now() + timedelta(days=3 + days))
    sweep(service.engine, service.clock.now(), service.settings)
    return case


def newest(service: Service) -> CardView:
    """The newest card of the item A-1."""
    found = service.act(cards.find, Filters()).items
    card = next(each for each in found if each.item == "A-1")
    assert isinstance(card, CardView)
    return card


@pytest.fixture
def card(service: Service) -> CardView:
    late(service)
    return newest(service)


def test_whoever_is_carded_learns_of_it(card: CardView, enter: Enter) -> None:
    """On their dashboard and at the task, with the way to say why."""
    assert (card.colour, card.person) == ("yellow", "zhao")
    told = f"黄牌 超过承诺时限：方案审查 · 水泵厂迁建 · 请在 {card.reply_due_on:%m-%d} 前说明"
    zhao = enter("zhao")
    [line] = zhao.get("/").all("//*[@id='dashboard']/div[@role='status']//p")
    assert line == f"{told} 去说明"
    [line] = zhao.get(f"/tasks/{card.task}").all("//main/div[@role='status']//p")
    assert line == f"{told.replace(' · 水泵厂迁建', '')} 去说明"
    assert zhao.last.tree.xpath(f"//a[@href='{LIST}/{card.id}']")
    [line] = enter("boss").get(f"/tasks/{card.task}").all("//main/div[@role='status']//p")
    assert line.endswith(f"· {card.reply_due_on:%m-%d} 前说明 查看")
    assert "黄牌" not in enter("li").get("/").text
    assert "黄牌" not in enter("maker").get(f"/tasks/{card.task}").text
    assert enter("maker").get(f"{LIST}/{card.id}").status == 403
    entries = enter("boss").get(f"/projects/{card.project}/history?kind=card")
    assert entries.one("//ol//b | //ul[contains(@class,'history')]//b") == (
        "A-1：黄牌，超过承诺时限"
    )


def test_a_card_from_explanation_to_decision(
    service: Service, card: CardView, enter: Enter
) -> None:
    where = f"{LIST}/{card.id}"
    zhao = enter("zhao")
    shown = zhao.get(where)
    assert shown.one("//article//p[@class='penalty-reason']") == "超过承诺时限"
    assert "不计入" not in shown.text
    wrong = zhao.send(f"{where}/reply", cause="", reply="写到一半")
    assert (wrong.status, wrong.one("//textarea[@name='reply']")) == (422, "写到一半")
    shown = zhao.send(f"{where}/reply", cause="workload", reply="两人病假")
    assert "已提交说明" in shown.text
    assert "业务量大、人手不足" in shown.text
    assert zhao.get("/").all("//*[@id='dashboard']/div[@role='status']") == []
    shown = zhao.send(f"{where}/appeal", page=where, appeal="系统停机一天")
    assert shown.all("//form[contains(@action, '/supervision/')]") == []
    supervisor = enter("supervisor")
    shown = supervisor.get(where)
    assert shown.all("//input[@name='result']/@value") == ["upheld", "withdrawn"]
    assert "系统停机一天" in shown.text
    shown = supervisor.send(f"{where}/decide", result="withdrawn", reason="属实")
    assert "已撤销，不再计入本季度" in shown.text
    assert "is-withdrawn" in shown.tree.xpath("//article")[0].get("class")
    assert newest(service).state == "withdrawn"
    words = shown.all("//section[.//h2[.='经过']]//b")
    assert words == ["亮出", "说明亮牌原因", "对亮牌提出申诉", "撤销亮牌"]


def test_what_was_put_right_is_noted(card: CardView, enter: Enter) -> None:
    where = f"{LIST}/{card.id}"
    supervisor = enter("supervisor")
    assert supervisor.get(where).all("//input[@name='result']/@value") == ["withdrawn"]
    shown = supervisor.send(f"{where}/correct")
    assert "已登记整改" in shown.text
    assert shown.all("//form[contains(@action, '/supervision/')]") == []


def test_a_form_that_is_older_than_the_card_is_refused(
    service: Service, card: CardView, enter: Enter
) -> None:
    where = f"{LIST}/{card.id}"
    zhao, other = enter("zhao"), enter("zhao")
    zhao.get(where)
    other.send(f"{where}/reply", page=where, cause="other", reply="先到")
    shown = zhao.send(f"{where}/appeal", appeal="后到")
    assert (shown.status, shown.one("//textarea[@name='appeal']")) == (412, "后到")
    assert newest(service).state == "explained"
    assert zhao.get(f"{where}/appeal").one("//h1").startswith("超过承诺时限")


def test_a_supervisor_gives_one_at_a_task(service: Service, enter: Enter) -> None:
    case = begin(service)
    task = case.task()
    supervisor = enter("supervisor")
    shown = supervisor.get(f"/tasks/{task.id}")
    address = f"{LIST}/new?task={task.id}"
    assert shown.all(f"//a[@href='{address}']") == ["亮牌"]
    shown = supervisor.get(address)
    assert shown.all("//select[@name='person']/option")[1:] == ["clerk", "li", "wang", "zhao"]
    assert not shown.tree.xpath("//select[@name='department']")
    wrong = supervisor.send(address, rule="illegal_fees", note=" ")
    assert (wrong.status, wrong.one("//input[@checked]/@value")) == (422, "illegal_fees")
    assert "请写明情况" in wrong.text
    shown = supervisor.send(address, rule="illegal_fees", note="收取资料费", person="li")
    assert "已亮牌" in shown.text
    card = newest(service)
    assert (card.colour, card.person, card.task) == ("red", "li", task.id)
    again = supervisor.send(address, page=address, rule="illegal_fees", note="又一次")
    assert "已经为此亮过同样的牌" in again.text
    assert enter("li").get(address).status == 403
    assert not enter("li").get(f"/tasks/{task.id}").all(f"//a[@href='{address}']")


def test_one_of_a_project_and_one_of_a_department(service: Service, enter: Enter) -> None:
    case = begin(service)
    supervisor = enter("supervisor")
    address = f"{LIST}/new?project={case.project}"
    assert supervisor.get(f"/projects/{case.project}").all(f"//a[@href='{address}']")
    supervisor.get(address)
    shown = supervisor.send(address, rule="off_system", note="x", item="A-1")
    assert "方案审查" in shown.text
    assert newest(service).department == "PLAN"
    supervisor.get(f"{LIST}/new")
    shown = supervisor.send(f"{LIST}/new", rule="forwarded_late", note="x", department="EPB")
    assert shown.one("//h1").startswith("逾期上报")
    nowhere = supervisor.get(f"{LIST}/new?task=absent")
    assert nowhere.status == 404


def test_the_list_narrows_and_goes_along_as_a_file(
    service: Service, card: CardView, enter: Enter
) -> None:
    by_hand = NewCard("illegal_fees", "=1+1", department="EPB")
    service.act(issuing.issue, by_hand)
    supervisor = enter("supervisor")
    every = supervisor.get(LIST)
    names = every.all("//tbody//a[@class='title']")
    assert names[0] == "违规收费"
    assert "超过承诺时限" in names
    red = supervisor.get(f"{LIST}?colour=red&department=EPB")
    assert red.all("//tbody//a[@class='title']") == ["违规收费"]
    assert supervisor.get(f"{LIST}?quarter=2013Q1").status == 200
    assert supervisor.get(f"{LIST}?quarter=now").status == 422
    file = supervisor.get(f"{LIST}?department=EPB&format=csv")
    heading, row = csv.reader(io.StringIO(file.body.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["牌"], told["事由"], told["情况"]) == ("红牌", "违规收费", "'=1+1")
    zhao = enter("zhao").get(LIST)
    assert "违规收费" not in zhao.text
    assert f"第 {card.id} 号" not in zhao.text


def test_in_english(card: CardView, enter: Enter) -> None:
    shown = enter("supervisor", "en").get(f"{LIST}/{card.id}")
    assert shown.one("//article//p[@class='penalty-reason']") == "Past the promised date"


@pytest.mark.parametrize("path", [LIST, f"{LIST}/{{card}}", "/", "/tasks/{task}"])
def test_pages_take_few_statements(
    service: Service, card: CardView, enter: Enter, path: str
) -> None:
    zhao = enter("zhao")
    address = path.format(card=card.id, task=card.task)
    zhao.get(address)
    with counted(service.engine) as found:
        zhao.get(address)
    assert len([each for each in found if not each.startswith("BEGIN")]) <= 12, found
