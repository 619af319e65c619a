"""Invitations as calendars read them: RFC 5545 and 5546, and what clients ask beyond."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from engine.errors import Forbidden, NotFound
from engine.service.review import feeds, letters, meetings, rooms, rounds
from engine.service.review.meetings import Changes
from engine.store import tables as t
from tests.service.city import City
from tests.service.meeting_city import (
    THURSDAY,
    WEDNESDAY,
    at,
    line,
    person,
    planned,
    projects,
    room,
    seen,
)

SECRET = b"of the service"
OCTETS = 75


def text_of(city: City, identifier: int) -> str:
    with city.work(read_only=True) as work:
        return letters.calendar(work, seen(city, identifier))[1]


def parsed(text: str | bytes) -> Any:
    """A calendar as a client reads it; what is in it is the library's."""
    return Calendar.from_ical(text)


def event_of(text: str | bytes) -> Any:
    [event] = parsed(text).walk("VEVENT")
    return event


def attendees(event: Any) -> dict[str, Any]:
    found = event.get("ATTENDEE", [])
    every = found if isinstance(found, list) else [found]
    return {str(each).removeprefix("mailto:"): each.params for each in every}


def sent(city: City, **equal: Any) -> dict[str, dict[str, Any]]:
    """The newest letter to each address."""
    return {row["to"]: row for row in city.rows(t.mail, **equal)}


@pytest.fixture
def meeting(city: City) -> int:
    person(city, "met", "MET")
    person(city, "colleague", "MET")
    person(city, "cad", "CAD")
    person(city, "chair", "PLAN")
    two = projects(city)
    here, comes = room(city), {"MET": "met"}
    return planned(city, *two, room=here, convenor="chair", representatives=comes).id


def test_lines_are_folded_and_ended_as_the_standard_says(city: City, meeting: int) -> None:
    raw = text_of(city, meeting).encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in each or b"\r" in each for each in lines)
    assert max(map(len, lines)) <= OCTETS
    assert any(each.startswith(b" ") for each in lines), "nothing was folded"
    # no character is cut in two
    for each in lines:
        each.decode()


def test_it_holds_what_clients_ask(city: City, meeting: int) -> None:
    text = text_of(city, meeting)
    calendar = parsed(text)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert calendar["PRODID"]
    event = event_of(text)
    view = seen(city, meeting)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (view.uid, 0, "CONFIRMED")
    assert event["DTSTAMP"].dt == city.now
    assert event["DTSTAMP"].dt.tzinfo is not None
    for name, instant in (("DTSTART", view.starts_at), ("DTEND", view.ends_at)):
        assert event[name].params["TZID"] == "Asia/Shanghai"
        assert event[name].dt.astimezone(UTC) == instant
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    [standard] = zone.subcomponents
    assert standard["TZOFFSETTO"].td == timedelta(hours=8)
    assert standard["DTSTART"].dt.replace(tzinfo=None) < event["DTSTART"].dt.replace(tzinfo=None)
    assert (event["SUMMARY"], event["LOCATION"]) == ("设计方案联审会", "三楼会议室")
    link = f"http://127.0.0.1:8080/meetings/{meeting}"
    assert event["URL"] == link
    assert link in event["DESCRIPTION"]
    assert "1. A workshop（LS2014-0001" in event["DESCRIPTION"]
    assert "\n" in event["DESCRIPTION"]


def test_the_convenor_organizes_and_everybody_is_asked(city: City, meeting: int) -> None:
    event = event_of(text_of(city, meeting))
    assert str(event["ORGANIZER"]) == "mailto:chair@plan.example.cn"
    assert event["ORGANIZER"].params["SENT-BY"] == "mailto:lianshen@localhost"
    assert event["ORGANIZER"].params["CN"] == "chair先生"
    found = attendees(event)
    roles = {address: params["ROLE"] for address, params in found.items()}
    assert roles == {
        "met@met.example.cn": "REQ-PARTICIPANT",
        # whose colleague comes may stay away
        "colleague@met.example.cn": "OPT-PARTICIPANT",
        "cad@cad.example.cn": "REQ-PARTICIPANT",
        "chair@plan.example.cn": "CHAIR",
    }
    met = found["met@met.example.cn"]
    assert (met["PARTSTAT"], met["RSVP"], met["CN"]) == ("NEEDS-ACTION", "TRUE", "met先生")
    assert found["chair@plan.example.cn"]["PARTSTAT"] == "ACCEPTED"


def test_without_an_address_the_service_organizes(city: City) -> None:
    [project] = projects(city, 1)
    event = event_of(text_of(city, planned(city, project).id))
    assert str(event["ORGANIZER"]) == "mailto:lianshen@localhost"
    assert event["ORGANIZER"].params["CN"] == "root"
    assert "SENT-BY" not in event["ORGANIZER"].params
    assert "ATTENDEE" not in event


def test_an_update_is_the_next_of_the_same(city: City, meeting: int) -> None:
    before = event_of(text_of(city, meeting))
    city.wait(1)
    to = Changes(at(city, THURSDAY, 14), at(city, THURSDAY, 15))
    city.do(meetings.move, meeting, to)
    after = event_of(text_of(city, meeting))
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["DTSTART"].dt.hour == 14
    letter = sent(city, kind="update")["met@met.example.cn"]
    assert letter["method"] == "REQUEST"
    assert event_of(letter["calendar"])["SEQUENCE"] == 1
    assert "2014-09-04 14:00—15:00" in letter["body"]


def test_a_cancellation_says_so(city: City, meeting: int) -> None:
    city.do(meetings.cancel, meeting, "snow")
    event = event_of(text_of(city, meeting))
    calendar = parsed(text_of(city, meeting))
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    found = sent(city, kind="cancellation")
    assert set(found) == {
        *("met@met.example.cn", "colleague@met.example.cn"),
        *("cad@cad.example.cn", "chair@plan.example.cn"),
    }
    letter = found["cad@cad.example.cn"]
    assert "原因：snow" in letter["body"]
    assert event_of(letter["calendar"])["UID"] == event["UID"]


def test_who_is_asked_no_more_is_uninvited_without_a_status(city: City, meeting: int) -> None:
    person(city, "water", "WATER")
    first = seen(city, meeting).agenda[0]
    city.do(rounds.add_participant, first.round, "WATER")
    joined = sent(city, kind="invitation")["water@water.example.cn"]
    assert "water@water.example.cn" in attendees(event_of(joined["calendar"]))
    city.do(meetings.remove, meeting, first.round, "no papers")
    letter = sent(city, kind="cancellation")
    assert set(letter) == {"water@water.example.cn"}
    event = event_of(letter["water@water.example.cn"]["calendar"])
    assert "STATUS" not in event, "the meeting itself is not cancelled"
    assert set(attendees(event)) == {"water@water.example.cn"}


def test_without_addresses_it_is_published(city: City) -> None:
    city.user("chair", ("head", "PLAN"), shown="周主任")
    view = planned(city, *projects(city, 1), convenor="chair")
    raw = text_of(city, view.id)
    event = event_of(raw)
    assert parsed(raw)["METHOD"] == "PUBLISH"
    assert attendees(event) == {}
    assert event["ORGANIZER"].params["CN"] == "周主任"


def test_the_convenor_gets_an_entry_without_buttons(city: City, meeting: int) -> None:
    letter = sent(city, kind="invitation")["chair@plan.example.cn"]
    assert letter["method"] == "PUBLISH"
    assert "ATTENDEE" not in event_of(letter["calendar"])
    assert meeting == letter["meeting_id"]


def test_chinese_names_and_punctuation_survive(city: City) -> None:
    person(city, "quoted", "MET")
    with city.work() as work:
        shown = '王, "小"强; 工:程师'
        work.db.execute(t.user.update().values(display_name=shown))
    [project] = projects(city, 1)
    title = "安庆；迎江，联审\\会" + "与" * 100
    view = planned(city, project, title=title, place="一楼, 大厅; \\东")
    event = event_of(text_of(city, view.id))
    assert event["SUMMARY"] == title
    assert event["LOCATION"] == "一楼, 大厅; \\东"
    assert attendees(event)["quoted@met.example.cn"]["CN"] == shown


# -- feeds -------------------------------------------------------------------------------------


def feed(city: City, department: str, token: str | None = None) -> feeds.Feed:
    with city.work(read_only=True) as work:
        version = feeds.version_of(work, department)
    given = feeds.token(SECRET, department, version) if token is None else token
    return city.see(feeds.read, SECRET, department, given)


def test_a_department_subscribes_to_its_meetings(city: City, meeting: int) -> None:
    calendar = parsed(feed(city, "MET").content)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "气象局联审会议"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    [event] = calendar.walk("VEVENT")
    assert event["UID"] == seen(city, meeting).uid
    assert "ATTENDEE" not in event
    assert str(event["ORGANIZER"]) == "mailto:chair@plan.example.cn"
    assert event_of(feed(city, "PLAN").content)["UID"] == event["UID"]
    empty = parsed(feed(city, "LAND").content)
    assert [each.name for each in empty.subcomponents] == ["VTIMEZONE"]


def test_a_feed_changes_only_with_what_is_in_it(city: City, meeting: int) -> None:
    before = feed(city, "MET")
    city.wait(1)
    assert feed(city, "MET") == before
    to = Changes(at(city, THURSDAY, 14), at(city, THURSDAY, 15))
    city.do(meetings.move, meeting, to)
    moved = feed(city, "MET")
    assert moved.etag != before.etag
    assert moved.changed_at > before.changed_at
    city.wait(1)
    city.do(rooms.change, seen(city, meeting).room, {"name": "大会议室"})
    named = feed(city, "MET")
    assert named.changed_at > moved.changed_at
    assert "大会议室" in named.content.decode().replace("\r\n ", "")


def test_a_cancelled_meeting_stays_as_cancelled(city: City, meeting: int) -> None:
    city.do(meetings.cancel, meeting, "snow")
    for department in ("MET", "PLAN"):
        [event] = parsed(feed(city, department).content).walk("VEVENT")
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
        assert event["SUMMARY"].startswith("（已取消）")


def test_a_meeting_leaves_the_feed_of_who_is_asked_no_more(city: City, meeting: int) -> None:
    person(city, "water", "WATER")
    first = seen(city, meeting).agenda[0]
    city.do(rounds.add_participant, first.round, "WATER")
    joined = feed(city, "WATER")
    assert parsed(joined.content).walk("VEVENT")
    city.wait(1)
    city.do(rounds.cancel, first.round, "withdrawn")
    left = feed(city, "WATER")
    assert parsed(left.content).walk("VEVENT") == []
    assert left.changed_at > joined.changed_at
    assert parsed(feed(city, "MET").content).walk("VEVENT")


def test_an_address_opens_one_feed_until_it_is_replaced(city: City, meeting: int) -> None:
    assert meeting
    clerk = city.user("clerk", ("clerk", "MET"))
    view = city.see(feeds.address, SECRET, "MET", by=clerk)
    assert view.url.startswith("http://127.0.0.1:8080/api/v1/meetings/feeds/MET.ics?token=")
    token = view.url.rpartition("=")[2]
    assert feed(city, "MET", token).content
    for department, given in (("CAD", token), ("MET", ""), ("MET", token[:-1]), ("MET", "令")):
        with pytest.raises(NotFound):
            feed(city, department, given)
    for version in (2, 3):
        assert city.do(feeds.revoke, SECRET, "MET", by=clerk).version == version
    with pytest.raises(NotFound):
        feed(city, "MET", token)
    with pytest.raises(Forbidden):
        city.see(feeds.address, SECRET, "CAD", by=clerk)
    with pytest.raises(NotFound):
        city.see(feeds.address, SECRET, "NOWHERE")


# -- letters of rounds -------------------------------------------------------------------------


def test_a_round_on_paper_is_noticed(city: City) -> None:
    person(city, "met", "MET")
    person(city, "head", "MET", "MET@met.example.cn")
    person(city, "land", "LAND")
    [project] = projects(city, 1)
    given = rounds.NewRound("planning", items=("IND-08",), papers="方案文本")
    key = city.do(rounds.launch, project, given)
    found = sent(city, round_id=key)
    # one letter an address, whatever its letters
    assert set(found) == {"met@met.example.cn"}
    letter = found["met@met.example.cn"]
    assert (letter["kind"], letter["state"], letter["calendar"]) == ("notice", "kept", "")
    assert "请于2014-09-04前提出意见" in letter["subject"]
    for words in ("方案文本", "A workshop（LS2014-0001）", "规划", f"/joint-reviews/{key}"):
        assert words in letter["body"]


def test_letters_of_a_meeting_are_one_an_address(city: City, meeting: int) -> None:
    rows = city.rows(t.mail, meeting_id=meeting)
    assert len({row["to"] for row in rows}) == len(rows) == 4
    assert {row["message_id"].rpartition("@")[2] for row in rows} == {"localhost>"}
    assert city.rows(t.mail, kind="notice") == []


def test_whoever_is_refused_a_meeting_leaves_no_letter(city: City) -> None:
    person(city, "met", "MET")
    first, second = projects(city)
    planned(city, first)
    before = len(city.rows(t.mail))
    with pytest.raises(Exception, match="takes part"):
        planned(city, second)
    assert len(city.rows(t.mail)) == before


def test_an_agenda_is_told_in_its_order(city: City) -> None:
    person(city, "met", "MET")
    two = projects(city)
    agenda = tuple(line(each, papers=f"papers of {each}") for each in reversed(two))
    planned(city, agenda=agenda, on=WEDNESDAY)
    [letter] = city.rows(t.mail, to="met@met.example.cn")
    first, second = (letter["body"].index(f"papers of {each}") for each in reversed(two))
    assert first < second
