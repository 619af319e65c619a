"""The page of a round: for the room, for those who are asked, for the applicant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.rules.joint_review import Answer, Condition, DeemedCause, OpinionKind
from engine.service import tasks
from engine.service.review import conditions, finishing, opinions, rounds
from engine.service.work import Work
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.conftest import Enter
from tests.web.reviews import AGAINST, ASKED, NEEDS, Review, review

KINDS = "//ul[@class='podium-kinds']/li"


@pytest.fixture
def found(service: Service) -> Review:
    return review(service)


def bound(found: Review) -> Answer:
    due_on = found.service.clock.now().date() + timedelta(9)
    condition = Condition("入口北移", "建设单位", due_on)
    return Answer(OpinionKind.AGREE_WITH_CONDITIONS, conditions=(condition,))


def voice(department: str) -> str:
    return f"//li[@data-key='{department}']"


def test_the_room_sees_who_has_spoken_and_what_is_missing(found: Review, enter: Enter) -> None:
    found.say("FIRE", AGAINST)
    found.say("HOUS", bound(found))
    shown = enter("lead").get(found.path)
    assert shown.status == 200
    assert "2 / 5" in shown.one("//p[@class='podium-spoken']")
    assert {"附条件 1", "不同意 1", "未提 3", "同意 0"} <= set(shown.all(KINDS))
    row = shown.one(voice("FIRE"))
    for each in (
        "公安消防支队",
        "不同意",
        "《消防法》第十条",
        "消防车道不小于四米",
        "书面",
        "李明",
    ):
        assert each in row
    side = shown.one("//aside[@id='round-side']")
    for each in ("入口北移", "落实 建设单位", "核实 建委", "公安消防支队不同意", "人防办意见"):
        assert each in side
    assert "方案第二稿" in side
    assert "不能按缺席或超时默认" in side
    assert "还缺 3 家意见" in shown.one("//div[@id='round-end']/p")


def test_everything_that_changes_is_live_and_asked_for_often(found: Review, enter: Enter) -> None:
    shown = enter("lead").get(found.path)
    every = shown.tree.xpath("//*[@data-live]")
    assert {each.get("data-live") for each in every} == {found.path}
    assert {each.get("data-live-every") for each in every} == {"4"}
    assert all(each.get("id") for each in every)
    assert shown.all("//ul[@data-rows]/li/@data-key") == ["EPB", "CAD", "FIRE", "MET", "HOUS"]


def test_the_last_day_counts_down_by_the_servers_clock(
    service: Service, found: Review, enter: Enter
) -> None:
    lead = enter("lead")
    assert "个工作日" in lead.get(found.path).one("//p[contains(@class, 'podium-clock')]")
    zone = service.settings.zone
    due_on = service.act(rounds.open_round, found.round, None)[1].row["opinion_due_on"]
    now = service.clock.now().astimezone(zone)
    service.clock.set(now + timedelta(days=(due_on - now.date()).days))
    [clock] = enter("lead").get(found.path).tree.xpath("//*[@data-countdown]")
    assert clock.get("data-now") < clock.get("data-countdown")
    assert clock.get("data-countdown").startswith(f"{due_on + timedelta(days=1)}T00:00")
    assert clock.get("role") == "timer"
    assert len(clock.text_content().split(":")) == 3


def test_a_department_signs_and_goes_to_its_form(found: Review, enter: Enter) -> None:
    met = enter("met")
    shown = met.get(found.path)
    assert f"{found.path}/opinion?department=MET" in shown.all("//div[@id='round-end']//a/@href")
    assert not shown.all("//div[@id='round-end']//a[contains(., '到会')]")
    met.send(f"{found.path}/receipt", found.path)
    shown = met.get(found.path)
    assert "签收" in shown.one(voice("MET"))
    assert not shown.tree.xpath(f"//form[@action='{found.path}/receipt']")


def test_silence_is_marked_for_ever(found: Review, enter: Enter) -> None:
    found.service.act(silent, found.round, "MET")
    row = enter("lead").get(found.path).one(voice("MET"))
    assert "超时默认同意" in row
    assert "永久标注" in row
    found.say("MET")
    row = enter("lead").get(found.path).one(voice("MET"))
    assert "曾记超时默认同意，永久标注" in row
    assert "第 2 版" in row


def test_silence_can_be_mended_no_more_once_the_round_is_concluded(
    found: Review, enter: Enter
) -> None:
    found.service.act(silent, found.round, "MET")
    lead = enter("lead")
    assert "此后可补正意见" in lead.get(found.path).one(voice("MET"))
    for each in ASKED:
        if each != "MET":
            found.say(each)
    found.service.act(finishing.conclude, found.round, "approved")
    row = lead.get(found.path).one(voice("MET"))
    assert "期满未提意见" in row
    assert "此后可补正意见" not in row


def silent(work: Work, identifier: int, department: str) -> None:
    """Let silence count as agreement, as the scheduler does."""
    running, sheet = rounds.open_round(work, identifier, None)
    opinions.deem_in(running, sheet, department, DeemedCause.TIMEOUT)


def test_the_conclusion_is_offered_once_it_can_be_drawn(found: Review, enter: Enter) -> None:
    lead = enter("lead")
    assert lead.get(found.path).tree.xpath("//a[@aria-disabled='true']")
    found.say_all()
    shown = lead.get(found.path)
    assert f"{found.path}/conclusion" in shown.all("//div[@id='round-end']//a/@href")
    assert "意见都已到齐" in shown.text
    assert not shown.tree.xpath("//a[@aria-disabled='true']")


def test_a_condition_is_ended_by_who_named_it(found: Review, enter: Enter) -> None:
    found.say_all(HOUS=bound(found))
    finish(found, "approved")
    [row] = found.service.act(conditions.of_round, found.round)
    action = f"{found.path}/conditions/{row['id']}"
    assert not enter("met").get(found.path).tree.xpath(f"//form[@action='{action}']")
    hous = enter("hous")
    hous.get(found.path)
    refused = hous.send(action, found.path, state="waived", note="")
    assert refused.status == 422
    hous.send(action, found.path, state="met", note="已看现场")
    assert "已落实" in hous.get(found.path).one("//aside[@id='round-side']")
    assert "入口北移" in hous.get("/joint-reviews/conditions?show=met").text


def finish(found: Review, conclusion: str, reasons: str = "") -> None:
    every = found.service.act(tasks.find, project=found.project, limit=200).items
    [task] = [each for each in every if each.element == "conclude"]
    found.service.act(tasks.complete, task.id, conclusion, {"reasons": reasons})


def test_applicants_read_what_came_of_it_and_hand_in_what_is_needed(
    found: Review, enter: Enter
) -> None:
    maker = enter("maker")
    assert maker.get(found.path).status == 404
    found.say_all(FIRE=AGAINST, MET=NEEDS)
    finish(found, "supplement")
    shown = maker.get(found.path)
    assert shown.status == 200
    assert "日照分析" in shown.text
    assert "《消防法》第十条" not in shown.text
    assert "水泵厂迁建" in maker.get("/joint-reviews").one("//section[@id='rounds']")
    task = supplement_task(found)
    assert maker.get(f"/tasks/{task}").one("//h1").startswith("规划许可阶段联合审查")
    shown = maker.send(f"{found.path}/supplement", found.path)
    assert "补充材料已提交" in shown.text
    assert not maker.get(found.path).tree.xpath(f"//form[@action='{found.path}/supplement']")


def supplement_task(found: Review) -> str:
    every = found.service.act(tasks.find, project=found.project, limit=200).items
    [task] = [each for each in every if each.element == "supplement" and each.round_id]
    return str(task.id)


@pytest.mark.parametrize(
    ("who", "element", "place"),
    [("met", "give-opinion", "/opinion?department=MET"), ("lead", "conclude", "/conclusion")],
)
def test_a_task_of_a_round_leads_to_where_it_is_done(
    found: Review, enter: Enter, who: str, element: str, place: str
) -> None:
    if element == "conclude":
        found.say_all()
    every = found.service.act(tasks.find, project=found.project, limit=200).items
    of_it = [each for each in every if each.element == element]
    task = next(each for each in of_it if each.department in {who.upper(), "PLAN"})
    answer = enter(who).client.get(f"/tasks/{task.id}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{found.path}{place}"


def test_a_round_that_was_given_up_says_why(found: Review, enter: Enter) -> None:
    found.service.act(rounds.cancel, found.round, "方案撤回")
    shown = enter("lead").get(found.path)
    assert "本轮已撤销" in shown.text
    assert "方案撤回" in shown.text
    assert not shown.tree.xpath("//form[contains(@action, 'receipt')]")


def test_it_takes_few_statements(service: Service, found: Review, enter: Enter) -> None:
    found.say("FIRE", AGAINST)
    lead = enter("lead")
    pages = ("", "/opinion?department=FIRE", "/participants", "/conclusion")
    for page in pages:
        lead.get(f"{found.path}{page}")
        with counted(service.engine) as seen:
            assert lead.get(f"{found.path}{page}").status == 200
        assert len([each for each in seen if each.startswith("SELECT")]) <= 12, seen


def test_who_may_not_see_it_is_told(found: Review, enter: Enter) -> None:
    assert enter("maker").get(f"{found.path}/participants").status == 403
    assert enter("maker").get("/joint-reviews/999").status == 404
