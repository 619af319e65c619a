"""Meetings with agendas: planned, moved, cancelled, held; nothing and nobody is booked twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from engine.errors import Conflict, Forbidden, Invalid, NameTaken, Stale
from engine.rules.meeting import Booked
from engine.service import projects as service_projects
from engine.service.clock import recompute
from engine.service.review import meetings, opinions, proposals, replay, rooms, rounds, schedule
from engine.service.review import sheet as review_sheet
from engine.service.review.meetings import Changes, Line
from engine.service.review.proposals import Ask
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.meeting_city import (
    ASKED,
    THURSDAY,
    WEDNESDAY,
    at,
    line,
    new,
    person,
    planned,
    projects,
    room,
    seen,
)

LEAD = Actor(None, "lead", frozenset({("reviewer", "PLAN")}))


def opinion_dates(city: City, project: int) -> set[date | None]:
    tasks = city.open_tasks(project)
    return {each.promised_due_on for each in tasks if each.element == "give-opinion"}


def nothing_moves(city: City) -> None:
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []


def test_every_project_on_an_agenda_is_a_round_due_on_the_day(city: City) -> None:
    two = projects(city)
    # in the order of the agenda, whatever that of the projects
    view = planned(city, *reversed(two), by=LEAD, room=room(city))
    assert [each.project for each in view.agenda] == two[::-1]
    assert [each.place for each in view.agenda] == [1, 2]
    assert {each.mode for each in view.agenda} == {"meeting"}
    assert view.departments == list(ASKED)
    assert (view.lead, view.convenor, view.where) == ("PLAN", "lead", "三楼会议室")
    assert (view.state, view.sequence, view.version) == ("planned", 0, 1)
    for each in two:
        assert opinion_dates(city, each) == {THURSDAY}
    nothing_moves(city)
    [event] = city.rows(t.history, event="meeting.planned")
    assert event["data"]["rounds"] == [each.round for each in view.agenda]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"on": date(2014, 9, 6)}, "no working day"),
        ({"on": date(2014, 9, 8)}, "holiday"),
        ({"on": date(2014, 9, 2)}, "2014-09-03 at the earliest"),
        ({"on": date(2014, 9, 5)}, "due on 2014-09-04"),
        ({"on": date(2014, 8, 29)}, "begun already"),
        ({"agenda": ()}, "1 to 50"),
        ({"agenda": (Line(1, "nowhere"),)}, "no stage"),
        ({"agenda": (Line(1, "planning"), Line(1, "planning"))}, "twice"),
        ({"agenda": (Line(1, "planning"), Line(1, "approval"))}, "NDRC, PLAN"),
        ({"room": 9}, "no room"),
        ({"title": " "}, "title"),
        ({"place": "x" * 201}, "place"),
        ({"representatives": {"LAND": "li"}}, "LAND does not take part"),
        ({"representatives": {"MET": "li"}}, "li does not work for MET"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(
    small_city: City, more: dict[str, Any], says: str
) -> None:
    projects(small_city, 1)
    with pytest.raises(Invalid, match=says):
        planned(small_city, 1, **more)
    assert small_city.rows(t.meeting) == []
    assert small_city.rows(t.review_round) == []


def test_a_meeting_ends_after_it_starts_and_within_the_day(small_city: City) -> None:
    [project] = projects(small_city, 1)
    for ends_at, says in (
        (at(small_city, THURSDAY, 9), "after it starts"),
        (at(small_city, THURSDAY, 22), "12 hours"),
    ):
        with pytest.raises(Invalid, match=says):
            planned(small_city, project, ends_at=ends_at)


def test_a_complex_case_may_meet_later(small_city: City) -> None:
    [project] = projects(small_city, 1)
    agenda = (line(project, complex_case=True),)
    view = planned(small_city, on=date(2014, 9, 9), agenda=agenda)
    assert view.agenda[0].opinion_due_on == date(2014, 9, 9)


def test_only_the_lead_and_coordinators_plan(small_city: City) -> None:
    [project] = projects(small_city, 1)
    other = Actor(None, "x", frozenset({("reviewer", "MET")}))
    with pytest.raises(Forbidden):
        planned(small_city, project, by=other)
    view = planned(small_city, project)
    for verb, given in (
        (meetings.move, Changes(title="!")),
        (meetings.cancel, "why"),
        (meetings.add, line(project)),
    ):
        with pytest.raises(Forbidden):
            small_city.do(verb, view.id, given, by=other)


def test_staff_of_the_lead_a_coordinator_or_the_governments_head_chair(city: City) -> None:
    [project] = projects(city, 1)
    for name, role in {
        "maker": ("applicant", ""),
        "met": ("head", "MET"),
        "looks": ("supervisor", ""),
    }.items():
        city.user(name, role)
    for name in ("maker", "met", "looks", "nobody"):
        with pytest.raises(Invalid, match=name) as refused:
            planned(city, project, convenor=name)
        assert refused.value.detail["field"] == "convenor"
    assert not city.rows(t.meeting)
    others = {"lead": ("clerk", "PLAN"), "centre": ("coordinator", ""), "mayor": ("head", "")}
    for name, role in others.items():
        city.user(name, role)
        view = planned(city, project, convenor=name)
        assert view.convenor == name
        city.do(meetings.cancel, view.id, "another chairs it")


# -- nothing twice -----------------------------------------------------------------------------


def test_a_room_is_taken_once_at_a_time(city: City) -> None:
    first, second = projects(city)
    here, there = room(city), room(city, "二楼会议室")
    city.user("another", ("coordinator", ""))
    planned(city, first, room=here)
    with pytest.raises(Booked, match="room"):
        planned(city, second, room=here, convenor="another")
    planned(city, second, room=there, convenor="another")


def test_one_meeting_may_begin_when_the_other_ends(city: City) -> None:
    first, second = projects(city)
    here = room(city)
    planned(city, first, room=here, hour=9)
    assert planned(city, second, room=here, hour=10).state == "planned"


def test_nobody_is_at_two_meetings_at_once(city: City) -> None:
    first, second = projects(city)
    person(city, "met", "MET")
    city.user("another", ("coordinator", ""))
    planned(city, first, representatives={"MET": "met"})
    with pytest.raises(Booked, match="met takes part"):
        planned(city, second, convenor="another", representatives={"MET": "met"})
    with pytest.raises(Booked, match="root takes part"):
        planned(city, second)
    other = planned(city, second, convenor="another")
    with pytest.raises(Booked, match="met takes part"):
        city.do(rounds.represent, other.agenda[0].round, "MET", "met")
    later = Changes(at(city, THURSDAY, 10), at(city, THURSDAY, 11))
    city.do(meetings.move, other.id, later)
    city.do(rounds.represent, other.agenda[0].round, "MET", "met")
    back = Changes(other.starts_at, other.ends_at)
    with pytest.raises(Booked, match="met takes part"):
        city.do(meetings.move, other.id, back)


def test_who_comes_for_a_department_comes_for_every_project(city: City) -> None:
    first, second, third = projects(city, 3)
    person(city, "met", "MET")
    view = planned(city, first, second, representatives={"MET": "met"})
    assert view.representatives == {"MET": "met"}
    view = city.do(meetings.add, view.id, line(third), None, view.version)
    assert all(
        each.representative == "met"
        for every in view.agenda
        for each in every.departments
        if each.department == "MET"
    )
    assert [each.place for each in view.agenda] == [1, 2, 3]
    assert (view.sequence, view.version) == (1, 2)


def test_of_two_who_take_a_room_at_the_same_moment_one_gets_it(city: City) -> None:
    four = projects(city, 4)
    here = room(city)
    for each in four:
        city.user(f"c{each}", ("reviewer", "PLAN"))
    plans = [new(city, each, room=here, convenor=f"c{each}") for each in four]

    def attempt(given: meetings.NewMeeting) -> bool:
        try:
            city.do(meetings.plan, given)
        except Booked:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, plans)) == [False, False, False, True]
    assert len(city.rows(t.meeting)) == 1
    assert len(city.rows(t.review_round)) == 1


# -- moved -------------------------------------------------------------------------------------


def test_due_dates_move_with_the_meeting(city: City) -> None:
    two = projects(city)
    view = planned(city, *two)
    city.wait_working(1)
    moved = Changes(at(city, THURSDAY, 14), at(city, THURSDAY, 15))
    same_day = city.do(meetings.move, view.id, moved, view.version)
    assert (same_day.sequence, same_day.uid) == (1, view.uid)
    with pytest.raises(Stale):
        city.do(meetings.move, view.id, moved, view.version)
    for each in two:
        assert opinion_dates(city, each) == {THURSDAY}
    assert city.rows(t.history, event="deadline.moved") == []


def test_it_moves_earlier_with_notice_and_later_within_the_deadline(city: City) -> None:
    [project] = projects(city, 1)
    agenda = (line(project, complex_case=True),)
    view = planned(city, on=date(2014, 9, 5), agenda=agenda)
    earlier = Changes(at(city, WEDNESDAY, 9), at(city, WEDNESDAY, 10))
    city.do(meetings.move, view.id, earlier)
    assert opinion_dates(city, project) == {WEDNESDAY}
    nothing_moves(city)
    city.wait_working(1)
    late = date(2014, 9, 9)
    city.do(meetings.move, view.id, Changes(at(city, late, 9), at(city, late, 10)))
    assert opinion_dates(city, project) == {late}
    nothing_moves(city)
    soon = date(2014, 9, 3)
    for on, says in ((soon, "earliest"), (date(2014, 9, 10), "due on 2014-09-09")):
        with pytest.raises(Invalid, match=says):
            city.do(meetings.move, view.id, Changes(at(city, on, 9), at(city, on, 10)))
    sunday = date(2014, 9, 7)
    with pytest.raises(Invalid, match="no working day"):
        city.do(meetings.move, view.id, Changes(at(city, sunday, 9), at(city, sunday, 10)))


def test_a_clock_that_stood_still_gives_the_meeting_its_days_back(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    city.wait_working(1)
    city.do(service_projects.suspend, project)
    to = date(2014, 9, 9)
    changes = Changes(at(city, to, 9), at(city, to, 10))
    with pytest.raises(Conflict, match="suspended"):
        city.do(meetings.move, view.id, Changes(title="still"))
    city.wait_working(2)
    city.do(service_projects.resume, project)
    city.do(meetings.move, view.id, changes)
    assert opinion_dates(city, project) == {to}
    nothing_moves(city)


def test_the_room_of_a_meeting_moves_alone(city: City) -> None:
    [project] = projects(city, 1)
    here, there = room(city), room(city, "二楼会议室")
    view = planned(city, project, room=here)
    moved = city.do(meetings.move, view.id, Changes(room=there))
    assert (moved.room_name, moved.starts_at) == ("二楼会议室", view.starts_at)
    outside = city.do(meetings.move, view.id, Changes(room=0, place="规划局 501"))
    assert (outside.room, outside.where) == (None, "规划局 501")


# -- the agenda --------------------------------------------------------------------------------


def test_a_project_leaves_the_agenda_given_up_or_on_paper(city: City) -> None:
    first, second, third = projects(city, 3)
    view = planned(city, first, second, third)
    one, two, three = (each.round for each in view.agenda)
    view = city.do(meetings.remove, view.id, one, "no papers")
    assert opinion_dates(city, first) == set()
    view = city.do(meetings.remove, view.id, two, "simple", on_paper=True)
    assert opinion_dates(city, second) == {THURSDAY}
    assert [each.round for each in view.agenda] == [three]
    with pytest.raises(Conflict, match="cancel the meeting"):
        city.do(meetings.remove, view.id, three, "!")
    with pytest.raises(Invalid, match="not on the agenda"):
        city.do(meetings.remove, view.id, one, "!")
    kept = city.see(review_sheet.read, two).row
    assert (kept["mode"], kept["meeting_id"], kept["state"]) == ("circulate", None, "open")


def test_only_what_the_same_department_leads_is_added(city: City) -> None:
    first, second = projects(city)
    view = planned(city, first)
    with pytest.raises(Invalid, match="PLAN"):
        city.do(meetings.add, view.id, Line(second, "approval"))
    with pytest.raises(Invalid, match="twice"):
        city.do(meetings.add, view.id, line(first))
    city.wait_working(2)
    with pytest.raises(Invalid, match="earliest"):
        city.do(meetings.add, view.id, line(second))


def test_a_cancelled_meeting_takes_its_rounds_along(city: City) -> None:
    here = room(city)
    two = projects(city)
    view = planned(city, *two, room=here)
    with pytest.raises(Invalid, match="reason"):
        city.do(meetings.cancel, view.id, " ")
    done = city.do(meetings.cancel, view.id, "the developer withdrew")
    assert (done.state, done.sequence) == ("cancelled", 1)
    assert {each.state for each in done.agenda} == {"cancelled"}
    assert len(done.agenda) == 2
    with pytest.raises(Conflict, match="cancelled"):
        city.do(meetings.move, view.id, Changes(title="again"))
    assert planned(city, *two, room=here).state == "planned"


def test_a_cancelled_meeting_may_go_on_on_paper(city: City) -> None:
    first, second = projects(city)
    view = planned(city, first, second)
    city.do(service_projects.suspend, second)
    done = city.do(meetings.cancel, view.id, "snow", on_paper=True)
    assert {(each.mode, each.state) for each in done.agenda} == {("circulate", "open")}
    assert opinion_dates(city, first) == {THURSDAY}
    city.do(service_projects.resume, second)
    with pytest.raises(Conflict, match="paper"):
        city.do(opinions.mark, done.agenda[0].round, "MET", "absent")


def test_the_round_of_a_project_that_stands_is_not_given_up(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    city.do(service_projects.suspend, project)
    done = city.do(meetings.cancel, view.id, "snow")
    assert [(each.mode, each.state) for each in done.agenda] == [("circulate", "open")]


def test_what_is_held_moves_no_more(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    with pytest.raises(Conflict, match="begun"):
        city.do(meetings.hold, view.id)
    city.now = view.starts_at + timedelta(minutes=5)
    assert city.do(meetings.hold, view.id, view.version).state == "held"
    city.do(opinions.mark, view.agenda[0].round, "MET", "absent")
    with pytest.raises(Conflict, match="held"):
        city.do(meetings.cancel, view.id, "late")


def test_a_round_that_is_given_up_leaves_the_agenda(city: City) -> None:
    first, second = projects(city)
    view = planned(city, first, second)
    city.do(rounds.cancel, view.agenda[0].round, "withdrawn")
    after = seen(city, view.id)
    assert [each.project for each in after.agenda] == [second]
    assert after.sequence == view.sequence + 1


def test_rounds_are_rebuilt_from_the_history_wherever_they_moved(city: City) -> None:
    first, second = projects(city)
    view = planned(city, first, second)
    to = Changes(at(city, WEDNESDAY, 9), at(city, WEDNESDAY, 10))
    city.do(meetings.move, view.id, to)
    city.do(meetings.remove, view.id, view.agenda[0].round, "simple", on_paper=True)
    for each in view.agenda:
        rows = city.rows(t.history, project_id=each.project)
        told = [(row["event"], row["data"]) for row in rows if row["data"].get("round")]
        found = replay.replay(told)
        kept = city.see(review_sheet.read, each.round).row
        assert (found.mode, found.opinion_due_on, found.state) == (
            kept["mode"],
            str(kept["opinion_due_on"]),
            kept["state"],
        )


# -- lists and rooms ---------------------------------------------------------------------------


def test_meetings_are_listed_by_when_they_begin(city: City) -> None:
    three = projects(city, 3)
    hours = {9: three[1], 14: three[2], 10: three[0]}
    for hour, project in hours.items():
        planned(city, project, hour=hour, title=f"at {hour}")
    wanted = schedule.Wanted(at(city, THURSDAY, 0), at(city, THURSDAY, 23), "MET", "planned")
    first = city.see(schedule.find, wanted, limit=2)
    rest = city.see(schedule.find, wanted, cursor=first.next, limit=2)
    assert [each.title for each in (*first.items, *rest.items)] == ["at 9", "at 10", "at 14"]
    assert rest.next is None
    assert city.see(schedule.find, schedule.Wanted(department="LAND")).items == []
    assert len(city.see(schedule.find, schedule.Wanted(department="PLAN")).items) == 3
    assert city.see(schedule.find, schedule.Wanted(until_at=city.now)).items == []
    assert first.items[0].departments == list(ASKED)


def test_rooms_are_kept_by_coordinators(city: City) -> None:
    with pytest.raises(Forbidden):
        city.do(rooms.add, "mine", by=LEAD)
    key = room(city, seats=12)
    with pytest.raises(NameTaken):
        room(city)
    with pytest.raises(Invalid, match="name"):
        room(city, " ")
    renamed = city.do(rooms.change, key, {"name": " 五楼会议室 ", "seats": 20})
    assert (renamed.name, renamed.seats, renamed.active) == ("五楼会议室", 20, True)
    [project] = projects(city, 1)
    view = planned(city, project, room=key)
    with pytest.raises(Conflict, match="1 planned"):
        city.do(rooms.change, key, {"active": False})
    city.do(meetings.cancel, view.id, "!")
    city.do(rooms.change, key, {"active": False})
    assert city.see(rooms.find, active=True) == []
    with pytest.raises(Invalid, match="no room"):
        planned(city, project, room=key)


# -- proposals ---------------------------------------------------------------------------------


def test_whatever_is_proposed_can_be_planned(city: City) -> None:
    five = projects(city, 5)
    here, _large = room(city, seats=6), room(city, "大会议室", seats=60)
    person(city, "met", "MET")
    city.user("another", ("coordinator", ""))
    comes = {"MET": "met"}
    planned(city, five[0], on=WEDNESDAY, hour=9, representatives=comes, room=here)
    planned(city, five[1], on=WEDNESDAY, hour=10, convenor="another", room=here)
    ask = Ask((line(five[2]), line(five[3])), people=("met", "root"))
    found = city.see(proposals.propose, ask)
    assert found.deadline_on == THURSDAY
    # met and root are busy at nine, root's colleague takes the small room at ten
    assert found.proposals[0].starts_at == at(city, WEDNESDAY, 10)
    assert [each.name for each in found.proposals[0].rooms] == ["大会议室"]
    assert ("person_busy", at(city, WEDNESDAY, 9)) in {
        (each.reason, each.starts_at) for each in found.unsuited
    }
    for number, each in enumerate(found.proposals):
        times: dict[str, Any] = {"starts_at": each.starts_at, "ends_at": each.ends_at}
        here = each.rooms[0].id
        view = planned(city, five[2 + number], representatives=comes, room=here, **times)
        assert view.state == "planned"


def test_a_meeting_is_moved_to_what_is_proposed(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)
    found = city.see(proposals.propose, Ask(meeting=view.id, minutes=90))
    first = found.proposals[0]
    moved = city.do(meetings.move, view.id, Changes(first.starts_at, first.ends_at))
    assert moved.starts_at == at(city, WEDNESDAY, 9)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=90)


def test_what_cannot_be_proposed_is_refused(small_city: City) -> None:
    [project] = projects(small_city, 1)
    for ask in (Ask(), Ask((line(project),), minutes=5), Ask((line(project),), room=3)):
        with pytest.raises(Invalid):
            small_city.see(proposals.propose, ask)
