"""Meetings on pages: planned with proposals, shown in their calendar, moved, held, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.service.review import meetings, rooms, schedule, sheet
from engine.service.review.meetings import Line, NewMeeting
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.conftest import Enter
from tests.web.reviews import ITEM, Review, deployed, people, room, started

NEW = "/meetings/new"


@pytest.fixture
def project(service: Service) -> int:
    people(service)
    deployed(service)
    return started(service)


def in_days(service: Service, days: int, hour: int) -> datetime:
    """An hour of the working day so many working days on; a city has notice of two."""
    now = service.clock.now().astimezone(service.settings.zone)
    return now.replace(hour=hour, minute=0) + timedelta(days=days)


def planned(service: Service, *projects: int, room: int | None = None) -> int:
    """Plan a meeting in two working days; returns its id."""
    given = NewMeeting(
        "方案联审会",
        in_days(service, 2, 14),
        in_days(service, 2, 16),
        tuple(Line(each, "planning", items=(ITEM,)) for each in projects),
        room=room,
        convenor="lead",
    )
    return int(service.act(meetings.plan, given))


def only_meeting(service: Service) -> schedule.MeetingView:
    [row] = service.act(schedule.find, schedule.Wanted()).items
    found: schedule.MeetingView = service.act(schedule.get, row.id)
    return found


# -- planned ---------------------------------------------------------------------------------------


def test_the_first_time_that_suits_is_proposed_and_taken(
    service: Service, project: int, enter: Enter
) -> None:
    key, lead = room(service), enter("lead")
    lead.get(f"{NEW}?project={project}&stage=planning")
    assert lead.last.tree.xpath("//input[@name='mode'][@value='meeting']/@checked")
    shown = lead.post(NEW, every_field(lead, NEW) | {"then": "propose", "minutes": "90"})
    slots = shown.all("//input[@name='slot']/@value")
    assert len(slots) == 4
    assert slots[-1] == "own"
    assert slots[0].endswith(f"|{key}")
    assert "为什么不是更早" in shown.text
    assert "通知和材料须提前送达" in shown.text
    shown = lead.post(NEW, every_field(lead, NEW))
    assert "会议已安排" in shown.text
    meeting = only_meeting(service)
    assert meeting.room == key
    assert meeting.ends_at - meeting.starts_at == timedelta(minutes=90)
    assert [each.project for each in meeting.agenda] == [project]


def test_several_projects_come_on_one_agenda(service: Service, project: int, enter: Enter) -> None:
    other, lead = started(service, "阀门厂扩建"), enter("lead")
    starts = in_days(service, 2, 9)
    lead.get(f"{NEW}?project={project}&stage=planning")
    lead.post(NEW, every_field(lead, NEW) | {"then": f"add:{other}:planning"})
    own = {"on": f"{starts:%Y-%m-%d}", "from": "09:00", "to": "10:30", "place": "规划局三楼"}
    shown = lead.post(NEW, every_field(lead, NEW) | own | {"mode": "meeting"})
    assert shown.status == 200, shown.text
    meeting = only_meeting(service)
    assert {each.project_name for each in meeting.agenda} == {"水泵厂迁建", "阀门厂扩建"}
    assert meeting.where == "规划局三楼"
    shown = lead.get(f"/joint-reviews/{meeting.agenda[0].round}")
    tabs = shown.all("//nav[@class='podium-tabs']/a")
    assert len(tabs) == 2
    assert "规划局三楼" in shown.one("//p[@class='podium-meta']")


def every_field(visitor: Any, action: str) -> dict[str, Any]:
    """A form's fields with all values of each name; buttons are left out."""
    [form] = [each for each in visitor.last.tree.forms if each.get("action") == action]
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(("days", "hour"), [(0, 14), (5, 9), (9, 9)])
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(
    service: Service, project: int, enter: Enter, days: int, hour: int
) -> None:
    lead, starts = enter("lead"), in_days(service, days, hour)
    lead.get(f"{NEW}?project={project}&stage=planning")
    own = {"on": f"{starts:%Y-%m-%d}", "from": "09:00", "to": "10:30", "title": "方案会"}
    shown = lead.post(NEW, every_field(lead, NEW) | own)
    assert shown.status == 422
    assert "会议须在将来的工作日" in shown.text
    assert shown.one("//input[@name='title']/@value") == "方案会"
    assert service.act(schedule.find, schedule.Wanted()).items == []


def test_a_room_that_is_taken_is_refused(service: Service, project: int, enter: Enter) -> None:
    key = room(service)
    planned(service, project, room=key)
    other, lead = started(service, "阀门厂扩建"), enter("lead")
    starts = in_days(service, 2, 15)
    lead.get(f"{NEW}?project={other}&stage=planning")
    own = {"on": f"{starts:%Y-%m-%d}", "from": "15:00", "to": "16:00", "room": str(key)}
    shown = lead.post(NEW, every_field(lead, NEW) | own)
    assert shown.status == 409
    assert "会议室或参会代表已有安排" in shown.text


# -- changed ---------------------------------------------------------------------------------------


def test_one_more_project_joins_and_leaves(service: Service, project: int, enter: Enter) -> None:
    meeting, lead = planned(service, project), enter("lead")
    other = started(service, "阀门厂扩建")
    page = f"/joint-reviews/new?meeting={meeting}"
    lead.get(page)
    action = "/joint-reviews/new"
    lead.post(action, every_field(lead, action) | {"then": "search", "more": "阀门"})
    lead.post(action, every_field(lead, action) | {"then": f"add:{other}:planning"})
    shown = lead.post(action, every_field(lead, action))
    assert "已列入议程" in shown.text
    assert "阀门厂扩建" in shown.one("//section[@id='agenda']")
    [line] = [each for each in only_meeting(service).agenda if each.project == other]
    view = service.act(schedule.get, meeting)
    form = {"round": str(line.round), "reason": "材料未齐", "on_paper": "yes"}
    hidden = {"_csrf": csrf(lead), "_version": str(view.version)}
    shown = lead.post(f"/meetings/{meeting}/remove", hidden | form)
    assert "已移出议程" in shown.text
    assert service.act(sheet.read, line.round).row["mode"] == "circulate"


def csrf(visitor: Any) -> str:
    return str(visitor.last.tree.xpath("//input[@name='_csrf']/@value")[0])


def test_it_is_moved_and_everybody_sees_the_new_time(
    service: Service, project: int, enter: Enter
) -> None:
    meeting, lead = planned(service, project), enter("lead")
    page = f"/meetings/{meeting}"
    shown = lead.send(f"{page}/move", page, then="propose")
    assert shown.tree.xpath("//div[@id='proposals']//li")
    starts = in_days(service, 3, 10)
    moved = {"on": f"{starts:%Y-%m-%d}", "from": "10:00", "to": "11:00", "place": "305 室"}
    lead.get(page)
    shown = lead.post(f"{page}/move", lead.form(f"{page}/move") | moved)
    assert "会议已变更" in shown.text
    assert f"{starts:%m-%d} 10:00" in shown.text
    assert "305 室" in shown.text


def test_a_stale_move_is_refused(service: Service, project: int, enter: Enter) -> None:
    meeting, lead = planned(service, project), enter("lead")
    page = f"/meetings/{meeting}"
    lead.get(page)
    data = lead.form(f"{page}/move") | {"title": "另一名称"}
    service.act(meetings.move, meeting, meetings.Changes(title="方案会"))
    assert lead.post(f"{page}/move", data).status == 412
    assert service.act(schedule.get, meeting).title == "方案会"


def test_it_is_cancelled_and_its_rounds_go_on_on_paper(
    service: Service, project: int, enter: Enter
) -> None:
    meeting, lead = planned(service, project), enter("lead")
    page = f"/meetings/{meeting}"
    shown = lead.send(f"{page}/cancel", page, reason="停电")
    assert "会议已取消" in shown.text
    assert "已取消" in shown.one("//h1")
    assert not shown.tree.xpath(f"//form[@action='{page}/move']")
    [line] = service.act(schedule.get, meeting).agenda
    assert service.act(sheet.read, line.round).row["mode"] == "circulate"


def test_it_is_held_once_it_has_begun(service: Service, project: int, enter: Enter) -> None:
    meeting, lead = planned(service, project), enter("lead")
    page = f"/meetings/{meeting}"
    assert not lead.get(page).tree.xpath(f"//form[@action='{page}/hold']")
    service.clock.set(in_days(service, 2, 14) + timedelta(minutes=5))
    lead = enter("lead")
    shown = lead.send(f"{page}/hold", page)
    assert "已召开" in shown.one("//h1")


def test_departments_see_it_and_change_nothing(
    service: Service, project: int, enter: Enter
) -> None:
    meeting = planned(service, project)
    shown = enter("met").get(f"/meetings/{meeting}")
    assert "水泵厂迁建" in shown.one("//section[@id='agenda']")
    assert f"/api/v1/meetings/{meeting}/invitation.ics" in shown.all("//a/@href")
    assert not shown.tree.xpath(f"//form[starts-with(@action, '/meetings/{meeting}')]")
    assert enter("maker").get(f"/meetings/{meeting}").status == 403


# -- who came --------------------------------------------------------------------------------------


def test_whoever_stays_away_is_deemed_to_agree_but_not_who_guards_safety(
    service: Service, project: int, enter: Enter
) -> None:
    meeting = planned(service, project)
    [line] = service.act(schedule.get, meeting).agenda
    service.clock.set(in_days(service, 2, 15))
    found = Review(service, project, line.round)
    page, lead = f"{found.path}/participants", enter("lead")
    action = f"{page}/attendance"
    lead.get(page)
    token = {"_csrf": csrf(lead)}
    lead.post(action, {**token, "department": "MET", "state": "absent"})
    lead.post(action, {**token, "department": "FIRE", "state": "absent"})
    refused = lead.post(action, {**token, "department": "CAD", "state": "excused", "note": ""})
    assert refused.status == 422
    shown = lead.get(found.path)
    assert "缺席默认同意" in shown.one("//li[@data-key='MET']")
    assert "未到会" in shown.one("//li[@data-key='FIRE']")
    assert "未提意见" in shown.one("//li[@data-key='FIRE']")
    assert "在默认排除清单" in shown.one("//aside[@id='round-side']")


def test_the_countdown_runs_to_the_end_of_the_meeting(
    service: Service, project: int, enter: Enter
) -> None:
    meeting = planned(service, project)
    [line] = service.act(schedule.get, meeting).agenda
    service.clock.set(in_days(service, 2, 15))
    shown = enter("lead").get(f"/joint-reviews/{line.round}")
    assert shown.one("//*[@data-countdown]") == "01:00:00"
    service.clock.set(service.clock.now() + timedelta(hours=2))
    shown = enter("lead").get(f"/joint-reviews/{line.round}")
    assert "已截止" in shown.one("//div[@class='podium-time']")


# -- the calendar ----------------------------------------------------------------------------------


def test_the_calendar_shows_months_weeks_and_departments(
    service: Service, project: int, enter: Enter
) -> None:
    meeting, met = planned(service, project), enter("met")
    link = f"//table//a[@href='/meetings/{meeting}']"
    assert met.get("/meetings").tree.xpath(link)
    assert met.get("/meetings?view=week").tree.xpath(link)
    assert met.get("/meetings?department=MET").tree.xpath(link)
    assert not met.get("/meetings?department=WATER").tree.xpath(link)
    shown = met.get("/meetings?on=2014-05")
    assert "2014 年 5 月" in shown.one("//h1")
    assert not shown.tree.xpath(link)
    assert "没有会议" in shown.text
    assert met.get("/meetings?on=1850-01-01&view=week").status == 200
    csv = met.client.get("/meetings?format=csv").get_data().decode("utf-8-sig")
    assert "方案联审会" in csv


def test_ones_calendar_is_subscribed_to_and_its_address_replaced(enter: Enter) -> None:
    clerk = enter("clerk")
    before = clerk.get("/meetings").one("//input[starts-with(@id, 'feed-')]/@value")
    assert "/api/v1/meetings/feeds/PLAN.ics?token=" in before
    shown = clerk.send("/meetings/feed/revoke", "/meetings")
    assert shown.one("//input[starts-with(@id, 'feed-')]/@value") != before
    assert not enter("coordinator").get("/meetings").tree.xpath("//input[@id='feed-PLAN']")


def test_rooms_are_kept_by_coordinators(service: Service, enter: Enter) -> None:
    keeper = enter("coordinator")
    shown = keeper.send("/meetings/rooms", "/meetings/rooms", name="305 室", seats="12")
    assert "305 室" in shown.text
    [found] = service.act(rooms.find)
    action = f"/meetings/rooms/{found.id}"
    refused = keeper.send(action, "/meetings/rooms", name="", seats="12")
    assert refused.status == 422
    keeper.send(action, "/meetings/rooms", name="305 室", seats="14", active=None)
    [found] = service.act(rooms.find)
    assert (found.seats, found.active) == (14, False)
    shown = enter("clerk").get("/meetings/rooms")
    assert "停用" in shown.text
    assert not shown.tree.xpath("//form[starts-with(@action, '/meetings/rooms')]")


@pytest.mark.parametrize("path", ["/meetings", "/meetings/{meeting}", NEW, "/meetings/rooms"])
def test_pages_take_few_statements(service: Service, project: int, enter: Enter, path: str) -> None:
    meeting, lead = planned(service, project), enter("lead")
    lead.get(path.format(meeting=meeting))
    with counted(service.engine) as seen:
        assert lead.get(path.format(meeting=meeting)).status == 200
    assert len([each for each in seen if each.startswith("SELECT")]) <= 12


def test_the_applicant_is_invited_to_a_meeting(service: Service, enter: Enter) -> None:
    people(service)
    deployed(service)
    project = started(service)
    planned(service, project)
    [line] = only_meeting(service).agenda
    page, lead, maker = f"/joint-reviews/{line.round}/participants", enter("lead"), enter("maker")
    assert "邀请列席" not in maker.get(f"/projects/{project}").text
    shown = lead.send(f"{page}/applicant", page, state="invited")
    assert "已邀请申请人列席。" in shown.text
    shown = maker.get(f"/projects/{project}")
    assert "邀请列席：方案联审会" in shown.one("//section[@id='project-reviews']")
    assert maker.get(page).status == 403
    shown = lead.send(f"{page}/applicant", page, state="")
    assert "已撤回对申请人的邀请。" in shown.text
    assert "邀请列席" not in maker.get(f"/projects/{project}").text
