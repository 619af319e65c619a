"""The inbox: whose tasks, under which light, in what order; claimed many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Forbidden, Invalid, NotFound
from engine.service import inbox, projects, tasks
from engine.service.inbox import InboxRow
from engine.service.inbox_query import Wanted, scopes
from engine.service.work import Actor, Work
from engine.store import tables as t
from tests.service.city import ADMIN, City, counted
from tests.service.drawn import little
from tests.service.test_tasks import wide


@pytest.fixture
def project(city: City) -> int:
    """A project of the little procedure: A-1 (3 days) is of PLAN, A-2 (6) of HOUS."""
    city.deploy(little())
    return city.start("little")


def rows(city: City, by: Actor, scope: str = "mine", **wanted: Any) -> list[InboxRow]:
    """Somebody's inbox."""
    return city.see(inbox.find, Wanted(scope, **wanted), by=by).items


def items(city: City, by: Actor, scope: str = "mine", **wanted: Any) -> list[str]:
    """The items of somebody's inbox, in order."""
    return [each.item for each in rows(city, by, scope, **wanted)]


def test_mine_is_what_i_claimed_and_what_is_free_for_my_role(city: City, project: int) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"))
    other = city.user("other", ("clerk", "PLAN"))
    reviewer = city.user("reviewer", ("reviewer", "PLAN"))
    for each in (clerk, other, reviewer):
        assert items(city, each) == ["A-1"]
    city.do(tasks.claim, city.task(project, "A-1").id, by=clerk)
    assert [items(city, each) for each in (clerk, other, reviewer)] == [["A-1"], [], []]
    assert items(city, other, "department") == ["A-1"]
    city.answer(project, "A-1", "accept", by=clerk)
    # the review is not the clerk's, who sees it among the department's
    assert [items(city, each) for each in (clerk, reviewer)] == [[], ["A-1"]]
    assert items(city, clerk, "department") == ["A-1"]
    assert items(city, city.user("nobody")) == []


def test_a_row_says_whose_it_is_and_whether_i_could_complete_it(city: City, project: int) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"), shown="李伟")
    other = city.user("other", ("clerk", "PLAN"))
    boss = city.user("boss", ("coordinator", ""))
    [free] = rows(city, clerk)
    assert (free.claimed, free.mine, free.may_complete) == (None, False, True)
    city.do(tasks.claim, free.id, by=clerk)
    [mine] = rows(city, clerk)
    assert (mine.claimed, mine.claimed_name, mine.mine) == ("clerk", "李伟", True)
    [theirs] = rows(city, other, "department")
    assert (theirs.claimed, theirs.mine, theirs.may_complete) == ("clerk", False, False)
    assert not any(each.may_complete for each in rows(city, boss, "all"))
    assert all(each.may_complete for each in rows(city, ADMIN, "all"))
    city.do(projects.suspend, project)
    assert not any(each.may_complete for each in rows(city, ADMIN, "all"))


def test_a_row_names_things_in_both_languages(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    row = next(each for each in rows(city, ADMIN, "all") if each.item == "IND-01")
    assert (row.item_name.zh, row.item_name.en) == ("企业投资项目备案", "project filing")
    assert (row.stage_name.zh, row.stage_name.en) == ("项目审批", "Project approval")
    assert (row.project, row.code) == (project, f"LS2014-{project:04}")
    assert (row.procedure, row.element, row.name) == ("industrial-2014", "receive", "收件受理")


def test_days_are_used_and_left_and_the_light_follows(city: City, project: int) -> None:
    """A-2 is promised in six days: yellow at two, orange when over, red after three more."""
    [receipt] = rows(city, ADMIN, "all", item="A-2")
    assert (receipt.days, receipt.used_days, receipt.days_left) == (5, 0, 5)
    city.answer(project, "A-2", "accept")
    seen = []
    for _ in range(11):
        [row] = rows(city, ADMIN, "all", item="A-2")
        assert (row.days, row.used_days) == (6, 6 - (row.days_left or 0))
        seen.append((row.days_left, str(row.light)))
        city.wait_working(1)
    assert seen[:7] == [
        *((6, "green"), (5, "green"), (4, "green"), (3, "green"), (2, "yellow"), (1, "yellow")),
        (0, "yellow"),
    ]
    assert seen[7:] == [(-1, "orange"), (-2, "orange"), (-3, "orange"), (-4, "red")]


def test_a_short_item_turns_yellow_a_day_before(city: City, project: int) -> None:
    city.answer(project, "A-1", "accept")
    lights = []
    for _ in range(4):
        lights.append(str(rows(city, ADMIN, "all", item="A-1")[0].light))
        city.wait_working(1)
    assert lights == ["green", "green", "yellow", "yellow"]


def test_the_groups_agree_with_the_lights_every_day(city: City) -> None:
    city.deploy(little())
    project = 0
    for _ in range(3):
        project = city.start("little")
        city.answer(project, "A-1", "accept")
        city.answer(project, "A-2", "accept")
        city.start("little")
        city.wait_working(2)
    city.do(projects.suspend, project)
    for _ in range(14):
        everything = rows(city, ADMIN, "all")
        by_light = {
            "overdue": [each.id for each in everything if each.light in {"orange", "red"}],
            "due_soon": [each.id for each in everything if each.light == "yellow"],
            "receive": [each.id for each in everything if each.element == "receive"],
            "all": [each.id for each in everything],
        }
        found = {
            name: [each.id for each in rows(city, ADMIN, "all", group=name)] for name in by_light
        }
        assert found == by_light
        numbers = {name: len(ids) for name, ids in by_light.items()}
        assert city.see(inbox.counts, Wanted("all")) == numbers
        city.wait(1)


def test_a_suspended_project_is_paused_and_its_days_stand_still(city: City, project: int) -> None:
    city.answer(project, "A-2", "accept")
    city.wait_working(2)
    city.do(projects.suspend, project)
    suspended_on = city.today
    city.wait_working(20)
    [row] = rows(city, ADMIN, "all", item="A-2")
    assert (row.light, row.days_left, row.used_days) == ("paused", 4, 2)
    assert row.stopped_on == suspended_on
    assert items(city, ADMIN, "all", group="overdue") == []


def test_applicants_have_the_tasks_of_their_own_projects(city: City) -> None:
    city.deploy("industrial-2014")
    applicant = city.user("acme", ("applicant", ""), shown="ACME")
    stranger = city.user("other", ("applicant", ""))
    project = city.start("industrial-2014")
    mine = rows(city, applicant)
    assert {each.kind for each in mine} == {"applicant"}
    assert all(each.project == project and each.may_complete for each in mine)
    assert all(each.light == "none" and each.due_on is None for each in mine)
    assert len(rows(city, applicant, "all")) == len(city.open_tasks(project)) > len(mine)
    for scope in ("mine", "department", "all"):
        assert rows(city, stranger, scope) == []
    assert city.see(inbox.badge, by=applicant) == (len(mine), 0)
    assert city.see(inbox.badge, by=stranger) == (0, 0)


def test_filters_narrow_the_list_and_the_counts(city: City) -> None:
    city.deploy("industrial-2014")
    first = city.do(projects.create, "大观化纤", "industrial-2014", "ACME").id
    second = city.do(projects.create, "菱湖春晓", "industrial-2014", "Other").id
    for each in (first, second):
        city.do(projects.start, each)
    by_text = {
        "化纤": {first},
        "other": {second},
        f"ls2014-{second:04}": {second},
        "备案": {first, second},
        "nothing like it": set(),
    }
    for text, found in by_text.items():
        assert {each.project for each in rows(city, ADMIN, "all", text=text)} == found
    filing = Wanted("all", text="备案")
    assert {each.item for each in city.see(inbox.find, filing).items} == {"IND-01"}
    assert city.see(inbox.counts, filing) == {
        "all": 2,
        "overdue": 0,
        "due_soon": 0,
        "receive": 2,
    }
    assert set(items(city, ADMIN, "all", department="LAND")) == {"IND-06"}
    assert set(items(city, ADMIN, "all", stage="planning")) == {"IND-A1"}
    kinds = {each.kind for each in rows(city, ADMIN, "all", kind="applicant")}
    assert kinds == {"applicant"}


@pytest.mark.usefixtures("project")
def test_a_percent_sign_is_no_wildcard(city: City) -> None:
    assert items(city, ADMIN, "all", text="%") == []
    assert items(city, ADMIN, "all", text="workshop") != []


@pytest.mark.usefixtures("project")
def test_who_may_look_where(city: City) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"))
    boss = city.user("boss", ("supervisor", ""))
    applicant = city.user("acme", ("applicant", ""))
    assert [scopes(each) for each in (clerk, boss, applicant, ADMIN)] == [
        *(("mine", "department"), ("mine", "all"), ("mine", "all"), ("mine", "all")),
    ]
    with pytest.raises(Forbidden):
        rows(city, clerk, "all")
    for wrong in ({"scope": "whole"}, {"group": "green"}):
        with pytest.raises(Invalid):
            city.see(inbox.find, Wanted(**wrong))


def test_parts_of_a_list_join_up_whatever_the_branches(city: City) -> None:
    """Of two departments and some claimed: every task once, by what is due first."""
    city.deploy(wide(40))
    city.deploy("industrial-2014")
    for name in ("wide-40", "industrial-2014"):
        city.start(name)
    places = {row["department"] for row in city.rows(t.task)}
    busy = city.user("busy", *(("clerk", each) for each in places))
    for each in rows(city, busy, "mine", kind="approval")[::5]:
        city.do(tasks.claim, each.id, by=busy)
    for scope in ("mine", "department"):
        whole = city.see(inbox.find, Wanted(scope), limit=500, by=busy)
        found, cursor = [], None
        while True:
            part = city.see(inbox.find, Wanted(scope), cursor=cursor, limit=7, by=busy)
            found += part.items
            cursor = part.next
            if cursor is None:
                break
        assert found == whole.items
        assert len({each.id for each in found}) == len(found) > 40
        assert [each.due_on for each in found if each.due_on] == sorted(
            each.due_on for each in found if each.due_on
        )
        count = city.see(inbox.counts, Wanted(scope), by=busy)["all"]
        assert count == len(found)


def test_neighbours_go_through_the_whole_list_both_ways(city: City) -> None:
    city.deploy(wide(12))
    city.start("wide-12")
    clerk = city.user("clerk", *(("clerk", row["department"]) for row in city.rows(t.task)[:1]))
    order = [each.id for each in rows(city, clerk)]
    for place, each in enumerate(order):
        found = city.see(inbox.neighbours, each, Wanted(), by=clerk)
        assert found.previous == (order[place - 1] if place else None)
        assert found.next == (order[place + 1] if place + 1 < len(order) else None)
    # a task that was just completed still has its place
    city.do(tasks.complete, order[3], None)
    found = city.see(inbox.neighbours, order[3], Wanted(), by=clerk)
    assert (found.previous, found.next) == (order[2], order[4])
    with pytest.raises(NotFound):
        city.see(inbox.neighbours, "nothing", Wanted(), by=clerk)


@pytest.mark.usefixtures("project")
def test_the_badge_counts_what_is_mine_and_late(city: City) -> None:
    clerk = city.user("clerk", ("clerk", "PLAN"), ("clerk", "HOUS"))
    assert city.see(inbox.badge, by=clerk) == (2, 0)
    city.wait_working(6)
    assert city.see(inbox.badge, by=clerk) == (2, 2)
    with counted(city.engine) as found:
        city.see(inbox.badge, by=clerk)
    assert len([each for each in found if each.startswith("SELECT")]) == 1
    assert city.see(inbox.badge, by=ADMIN) == (0, 0)


def test_many_are_claimed_at_once_each_by_itself(city: City) -> None:
    city.deploy(little())
    first, second = city.start("little"), city.start("little")
    clerk = city.user("clerk", ("clerk", "PLAN"))
    other = city.user("other", ("clerk", "PLAN"))
    ours = [city.task(each, "A-1").id for each in (first, second)]
    foreign = city.task(first, "A-2").id
    third = city.task(city.start("little"), "A-1").id
    city.do(tasks.claim, third, by=other)
    wanted = [ours[1], foreign, third, "nothing", ours[0], ours[1]]
    found = city.do(inbox.claim_many, wanted, by=clerk)
    assert [each.id for each in found] == wanted[:-1]
    codes = {each.id: each.code for each in found}
    assert codes == {
        **dict.fromkeys(ours, ""),
        foreign: "forbidden",
        third: "conflict",
        "nothing": "not_found",
    }
    assert [each.claimed for each in found] == [True, False, False, False, True]
    assert all(each.detail for each in found if not each.claimed)
    claimed = {row["id"] for row in city.rows(t.task, assignee_id=clerk.id)}
    assert claimed == set(ours)
    # what could not be claimed is as it was: nobody else's page is stale by it
    assert city.see(tasks.get, foreign).version == 1
    assert city.project(first).version == 2


def test_a_page_of_the_inbox_takes_few_statements(city: City) -> None:
    city.deploy(wide(30))
    city.start("wide-30")
    boss = city.user("boss", ("coordinator", ""), ("clerk", "PLAN"), ("reviewer", "HOUS"))
    city.see(inbox.find, Wanted("all"), by=boss)

    def look(work: Work) -> None:
        inbox.find(work, Wanted("mine"))
        inbox.counts(work, Wanted("mine"))
        inbox.badge(work)

    with counted(city.engine) as found:
        city.see(look, by=boss)
    assert len(found) <= 4


def test_a_due_date_far_away_is_green(city: City, project: int) -> None:
    """After New Year's Eve, over a holiday: days are working days."""
    city.answer(project, "A-2", "supplement")
    city.now += timedelta(days=27)  # 28 September: two days before the National Day
    city.answer(project, "A-2", "submit", "accept")
    [row] = rows(city, ADMIN, "all", item="A-2")
    assert (row.days_left, row.light) == (6, "green")
    assert row.due_on is not None
    assert (row.due_on - city.today).days > 6
