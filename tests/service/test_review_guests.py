"""The applicant at a meeting: invited, told what becomes of it, listed; it gives no opinion."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar

from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.rules.joint_review import Answer, NotBegun, OpinionKind
from engine.service.review import (
    guests,
    letters,
    meetings,
    minutes_shown,
    opinions,
    rounds,
    schedule,
    views,
)
from engine.service.review.meetings import Changes
from engine.service.review.rounds import NewRound
from engine.service.review.schedule import MeetingView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.meeting_city import person, planned, projects
from tests.service.test_review_asking import replayed

ADDRESS = "maker@maker.example.cn"


@pytest.fixture
def maker(city: City) -> Actor:
    """The applicant of every project here."""
    actor = city.user("maker", ("applicant", ""), shown="水泵厂")
    with city.work() as work:
        mine = t.user.c.name == "maker"
        work.db.execute(t.user.update().where(mine).values(email=ADDRESS))
    return actor


@pytest.fixture
def meeting(city: City, maker: Actor) -> MeetingView:
    """A meeting about two projects, of which the first is the applicant's."""
    person(city, "met", "MET")
    first, second = projects(city)
    with city.work() as work:
        mine = t.project.c.id == first
        work.db.execute(t.project.update().where(mine).values(applicant_user_id=maker.id))
        other = t.project.c.id == second
        work.db.execute(t.project.update().where(other).values(name="另一项目"))
    return planned(city, first, second, place="三楼")


def told(city: City, kind: str) -> list[dict[str, Any]]:
    return [row for row in city.rows(t.mail, kind=kind) if row["to"] == ADDRESS]


def event_of(text: str) -> Any:
    [event] = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_it_is_invited_to_what_is_its_own(city: City, meeting: MeetingView, maker: Actor) -> None:
    mine = meeting.agenda[0]
    assert city.see(guests.of_project, mine.project, by=maker) == []
    city.do(guests.note, mine.round, "invited")
    [letter] = told(city, "guest")
    assert "列席" in letter["subject"]
    assert letter["method"] == "REQUEST"
    for text in (letter["body"], letter["calendar"]):
        assert "另一项目" not in text
        assert "met@" not in text
    assert f"/projects/{mine.project}" in letter["body"]
    assert event_of(letter["calendar"])["UID"] == meeting.uid
    # departments see that it was asked, among those who may come
    with city.work(read_only=True) as work:
        view = schedule.get(work, meeting.id)
        event = event_of(letters.calendar(work, view)[1])
    asked = {str(each).removeprefix("mailto:"): each for each in event["ATTENDEE"]}
    assert asked[ADDRESS].params["ROLE"] == "OPT-PARTICIPANT"
    [seen] = city.see(guests.of_project, mine.project, by=maker)
    assert (seen.state, seen.place, seen.starts_at) == ("invited", "三楼", meeting.starts_at)
    stranger = city.user("stranger", ("applicant", ""))
    with pytest.raises(NotFound):
        city.see(guests.of_project, mine.project, by=stranger)
    # and no more than that: the round stays closed to it until its conclusion
    with pytest.raises(NotFound):
        city.see(views.get, mine.round, by=maker)
    with pytest.raises(Forbidden):
        city.do(opinions.give, mine.round, "APPL", Answer(OpinionKind.AGREE), by=maker)


def test_it_learns_what_becomes_of_the_meeting(city: City, meeting: MeetingView) -> None:
    mine = meeting.agenda[0]
    city.do(guests.note, mine.round, "invited")
    later = timedelta(hours=1)
    changes = Changes(meeting.starts_at + later, meeting.ends_at + later)
    city.do(meetings.move, meeting.id, changes)
    [update] = told(city, "guest_update")
    assert event_of(update["calendar"])["SEQUENCE"] == 1
    city.do(guests.note, mine.round, "")
    assert len(told(city, "guest_cancellation")) == 1
    city.do(guests.note, mine.round, "invited")
    city.do(rounds.cancel, mine.round, "withdrawn")
    assert len(told(city, "guest_cancellation")) == 2
    assert all(row["method"] == "CANCEL" for row in told(city, "guest_cancellation"))


def test_a_meeting_that_is_cancelled_is_cancelled_for_it(city: City, meeting: MeetingView) -> None:
    city.do(guests.note, meeting.agenda[0].round, "invited")
    city.do(meetings.cancel, meeting.id, "大雪")
    [letter] = told(city, "guest_cancellation")
    assert "原因：大雪" in letter["body"]


def test_the_minutes_say_whether_it_came(city: City, meeting: MeetingView) -> None:
    mine = meeting.agenda[0]
    city.do(guests.note, mine.round, "invited")
    with pytest.raises(NotBegun):
        city.do(guests.note, mine.round, "present")
    city.wait_working(3)
    city.do(guests.note, mine.round, "present")
    content = city.see(minutes_shown.get, mine.round).content
    [project] = city.rows(t.project, id=mine.project)
    assert content["guests"] == [{"name": project["applicant"], "state": "present"}]
    assert [each["department"] for each in content["signers"]] == ["PLAN"]
    document = Document(BytesIO(city.see(minutes_shown.file, mine.round)[1]))
    text = "\n".join(each.text for each in document.paragraphs)
    assert f"申请人：{project['applicant']}（列席）" in text
    assert city.see(minutes_shown.get, meeting.agenda[1].round).content["guests"] == []
    assert replayed(city, mine.round).guest == city.see(views.get, mine.round).guest == "present"


def test_what_is_no_invitation_is_refused(city: City, meeting: MeetingView, maker: Actor) -> None:
    mine = meeting.agenda[0]
    with pytest.raises(Invalid, match="state"):
        city.do(guests.note, mine.round, "perhaps")
    with pytest.raises(Forbidden):
        city.do(guests.note, mine.round, "invited", by=maker)
    other = city.start(city.deploy("industrial-2014"))
    paper = city.do(rounds.launch, other, NewRound("planning", items=("IND-08",)))
    with pytest.raises(Conflict, match="on paper"):
        city.do(guests.note, paper, "invited")
