"""Meetings as iCalendar (RFC 5545), and how calendars are told of them (RFC 5546).

What clients need, beyond the standards: Outlook shows buttons only where METHOD stands in the
calendar and in the mail's content type, and whoever opens it is an ATTENDEE who is not the
ORGANIZER; it takes an update only with a higher SEQUENCE. Apple Calendar and Thunderbird hold to
UID and SEQUENCE, and need the VTIMEZONE of every TZID.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr

from icalendar import Calendar, Event, Timezone, vCalAddress

from engine.service.review.people import Person
from engine.service.review.schedule import CANCELLED, MeetingView
from engine.settings import Settings

PRODUCT = "-//Lianshen//Joint review 1//ZH"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
#: how often subscribers should look again
REFRESH = timedelta(hours=1)
#: stands for the beginning of no meeting
NEVER = datetime(2004, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Words:
    """What a calendar says of a meeting in words."""

    summary: str
    description: str
    link: str


def request(
    meeting: MeetingView, words: Words, people: Collection[Person], settings: Settings
) -> str:
    """Return the invitation to a meeting, or its update: the same UID, a higher SEQUENCE."""
    event = event_of(meeting, words, people, settings)
    add_attendees(event, meeting, people)
    return text(REQUEST, [event], settings, [meeting])


def cancellation(
    meeting: MeetingView,
    words: Words,
    people: Collection[Person],
    settings: Settings,
    *,
    whole: bool = True,
) -> str:
    """Return the cancellation of a meeting, or of its invitation to some people.

    The second names no status: the meeting itself takes place (RFC 5546, 3.2.5).
    """
    event = event_of(meeting, words, people, settings)
    if not whole:
        del event["STATUS"]
    add_attendees(event, meeting, people)
    return text(CANCEL, [event], settings, [meeting])


def publication(
    meetings: Collection[tuple[MeetingView, Words]],
    people: Collection[Person],
    settings: Settings,
    name: str = "",
) -> str:
    """Return meetings to be read, not answered: no attendees (RFC 5546, 3.2.1).

    `name` is the calendar's, for those who subscribe to it.
    """
    events = [event_of(each, words, people, settings) for each, words in meetings]
    return text(PUBLISH, events, settings, [each for each, _ in meetings], name)


# -- a calendar --------------------------------------------------------------------------------


def text(
    method: str,
    events: Iterable[Event],
    settings: Settings,
    meetings: Collection[MeetingView],
    name: str = "",
) -> str:
    """Return a calendar as text, its lines folded and ended as RFC 5545 says."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", settings.timezone)
        calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    # without meetings too: a calendar has one component at least
    starts = [each.starts_at for each in meetings] or [NEVER]
    calendar.add_component(zone_of(settings, starts))
    for each in events:
        calendar.add_component(each)
    return str(calendar.to_ical(), "utf-8")


def zone_of(settings: Settings, starts: Iterable[datetime]) -> Timezone:
    """Return the service's time zone over the years of some instants."""
    years = sorted(each.year for each in starts)
    first, last = date(years[0] - 1, 1, 1), date(years[-1] + 2, 1, 1)
    found = Timezone.from_tzid(settings.timezone, first_date=first, last_date=last)
    found.pop("COMMENT", None)
    return found


def event_of(
    meeting: MeetingView, words: Words, people: Collection[Person], settings: Settings
) -> Event:
    """Return a meeting without those who are asked."""
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("created", meeting.created_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_at.astimezone(settings.zone))
    event.add("dtend", meeting.ends_at.astimezone(settings.zone))
    gone = meeting.state == CANCELLED
    event.add("summary", words.summary)
    event.add("description", words.description)
    if meeting.where:
        event.add("location", meeting.where)
    event.add("url", words.link)
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if gone else "OPAQUE")
    event.add("organizer", organizer(meeting, people, settings))
    return event


def organizer(meeting: MeetingView, people: Collection[Person], settings: Settings) -> vCalAddress:
    """Return who called the meeting: its convenor, for whom the service sends.

    Answers then go to the convenor; to the service's own address where that one has none.
    """
    sender = parseaddr(settings.mail_from)[1]
    convenor = convenor_of(meeting, people)
    found = vCalAddress(f"mailto:{convenor.email if convenor else sender}")
    found.params["CN"] = convenor.shown if convenor else meeting.convenor_name or meeting.convenor
    if convenor and convenor.email != sender:
        found.params["SENT-BY"] = f"mailto:{sender}"
    return found


def convenor_of(meeting: MeetingView, people: Iterable[Person]) -> Person | None:
    """Return the convenor, where they have an address."""
    return next((each for each in people if each.name == meeting.convenor), None)


def add_attendees(event: Event, meeting: MeetingView, people: Iterable[Person]) -> None:
    """Add whoever is asked: representatives must come, their colleagues and guests may."""
    coming = meeting.representatives
    for each in people:
        if each.name == meeting.convenor:
            add_attendee(event, each, "CHAIR", "ACCEPTED", "FALSE")
            continue
        unnamed = each.departments and not each.departments & coming.keys()
        needed = each.name in coming.values() or unnamed
        role = "REQ-PARTICIPANT" if needed else "OPT-PARTICIPANT"
        add_attendee(event, each, role, "NEEDS-ACTION", "TRUE")


def add_attendee(event: Event, person: Person, role: str, answer: str, asked: str) -> None:
    """Add one who is asked."""
    found = vCalAddress(f"mailto:{person.email}")
    found.params["CUTYPE"] = "INDIVIDUAL"
    found.params["ROLE"] = role
    found.params["PARTSTAT"] = answer
    found.params["RSVP"] = asked
    found.params["CN"] = person.shown
    event.add("attendee", found)
