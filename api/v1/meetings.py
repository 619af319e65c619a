"""Meetings of departments (联审会): proposed, planned, moved, cancelled, held; their calendars."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from api.call import Call, Content, Reply
from api.route import Route
from api.schemas import PLAIN, Body, Code, Key, Line, Part, Query, Text, Word, example
from engine.service.review import feeds, letters, meetings, proposals, schedule
from engine.service.review.feeds import FeedView
from engine.service.review.meetings import Changes, NewMeeting
from engine.service.review.proposals import Ask, ProposalsView
from engine.service.review.schedule import MeetingRow, MeetingView, Wanted
from engine.service.views import Page
from engine.service.work import Work

Place = Annotated[str, StringConstraints(pattern=PLAIN, max_length=meetings.PLACE_LENGTH)]
Why = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=2000)]
CALENDAR = "text/calendar; charset=utf-8"


class MeetingQuery(Part):
    """Which meetings: by the days they begin on, both included."""

    from_on: date | SkipJsonSchema[None] = None
    until_on: date | SkipJsonSchema[None] = None
    department: Code | SkipJsonSchema[None] = Field(None, description="leads it, or takes part")
    state: Literal["planned", "held", "cancelled"] | SkipJsonSchema[None] = None


class LineGiven(Body):
    """A project on an agenda: a round of its stage's joint review is launched."""

    project: Key
    stage: Word
    items: list[Word] = Field(
        default_factory=list, max_length=100, description="without any, all that are not decided"
    )
    departments: list[Word] = Field(
        default_factory=list, max_length=100, description="asked besides those of the items"
    )
    papers: Text = Field("", description="which papers are reviewed, in words")
    complex: bool = Field(False, description="opinions may take longer")

    def line(self) -> meetings.Line:
        """Return it as the service knows it."""
        asked = {"items": tuple(self.items), "departments": tuple(self.departments)}
        papers, hard = self.papers, self.complex
        return meetings.Line(self.project, self.stage, papers=papers, complex_case=hard, **asked)


class LineAdded(LineGiven):
    """One more project, and who comes for the departments it brings along."""

    model_config = example(project=7, stage="planning", items=["IND-08"])
    representatives: dict[str, Word] = Field(default_factory=dict, max_length=100)


class MeetingGiven(Body):
    """A meeting to plan, in one of the city's rooms or at another place."""

    model_config = example(
        title="设计方案联审会",
        starts_at="2014-09-04T09:00:00+08:00",
        ends_at="2014-09-04T10:30:00+08:00",
        room=1,
        agenda=[{"project": 7, "stage": "planning", "items": ["IND-08"]}],
        representatives={"MET": "zhao.lei"},
    )
    title: Line
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    agenda: list[LineGiven] = Field(min_length=1, max_length=meetings.MOST_PROJECTS)
    room: Key | None = None
    place: Place = ""
    convenor: Word | None = Field(
        None,
        description="of the lead, a coordinator or the government's head; by default yourself",
    )
    representatives: dict[str, Word] = Field(
        default_factory=dict, max_length=100, description="users, by the department they come for"
    )


class Asked(Body):
    """What dates are wanted for: an agenda to be planned, or a meeting to be moved."""

    model_config = example(agenda=[{"project": 7, "stage": "planning"}], minutes=90)
    agenda: list[LineGiven] = Field(default_factory=list, max_length=meetings.MOST_PROJECTS)
    meeting: Key | None = None
    minutes: int = Field(0, ge=0, le=1440, description="0 for the city's default")
    room: Key | None = Field(None, description="only this one")
    people: list[Word] = Field(
        default_factory=list, max_length=100, description="who must be free; by default yourself"
    )


class Moved(Body):
    """What is to be another; what is left out stays. `room` 0 is none of the city's rooms."""

    model_config = example(
        starts_at="2014-09-05T09:00:00+08:00", ends_at="2014-09-05T10:30:00+08:00"
    )
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    room: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = None
    place: Place | None = None
    title: Line | None = None


class CalledOff(Body):
    """Why, and whether the rounds go on on paper instead of being given up."""

    model_config = example(reason="the scheme was withdrawn", on_paper=False)
    reason: Why
    on_paper: bool = False


class FeedQuery(Query):
    """The secret in the feed's address."""

    token: Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)] = ""


def plan(call: Call) -> Reply:
    body = call.body
    given = NewMeeting(
        title=body.title,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        agenda=tuple(each.line() for each in body.agenda),
        room=body.room,
        place=body.place,
        convenor=body.convenor,
        representatives=body.representatives,
    )
    view = schedule.get(call.work, meetings.plan(call.work, given))
    return Reply(view, headers={"Location": f"/api/v1/meetings/{view.id}"})


def find(call: Call) -> Page[MeetingRow]:
    query = call.query
    until = query.until_on and query.until_on + timedelta(days=1)
    wanted = Wanted(
        begins(call.work, query.from_on), begins(call.work, until), query.department, query.state
    )
    return schedule.find(call.work, wanted, cursor=query.cursor, limit=query.limit)


def begins(work: Work, on: date | None) -> datetime | None:
    """Return when a day begins."""
    return None if on is None else datetime.combine(on, time(), work.settings.zone)


def get(call: Call) -> MeetingView:
    return schedule.get(call.work, call.path["meeting"])


def propose(call: Call) -> ProposalsView:
    body = call.body
    agenda = tuple(each.line() for each in body.agenda)
    ask = Ask(agenda, body.meeting, body.minutes, body.room, tuple(body.people))
    return proposals.propose(call.work, ask)


def add(call: Call) -> MeetingView:
    body, key = call.body, call.path["meeting"]
    given = (body.line(), body.representatives, call.expected_version)
    return meetings.add(call.work, key, *given)


def remove(call: Call) -> MeetingView:
    body, path = call.body, call.path
    return meetings.remove(
        call.work,
        path["meeting"],
        path["round"],
        body.reason,
        on_paper=body.on_paper,
        version=call.expected_version,
    )


def move(call: Call) -> MeetingView:
    changes = Changes(**dict(call.body))
    return meetings.move(call.work, call.path["meeting"], changes, call.expected_version)


def cancel(call: Call) -> MeetingView:
    body = call.body
    return meetings.cancel(
        call.work,
        call.path["meeting"],
        body.reason,
        on_paper=body.on_paper,
        version=call.expected_version,
    )


def hold(call: Call) -> MeetingView:
    return meetings.hold(call.work, call.path["meeting"], call.expected_version)


def invitation(call: Call) -> Content:
    method, text = letters.calendar(call.work, schedule.get(call.work, call.path["meeting"]))
    name = f"meeting-{call.path['meeting']}.ics"
    return Content(text.encode(), f"{CALENDAR}; method={method}", name)


def feed_address(call: Call) -> FeedView:
    return feeds.address(call.work, call.service.secret_key, call.path["department"])


def revoke_feed(call: Call) -> FeedView:
    return feeds.revoke(call.work, call.service.secret_key, call.path["department"])


def feed(call: Call) -> Reply:
    secret, department = call.service.secret_key, call.path["department"]
    found = feeds.read(call.work, secret, department, call.query.token)
    headers = {
        "ETag": f'"{found.etag}"',
        "Last-Modified": found.last_modified,
        "Cache-Control": "private, no-cache",
    }
    return Reply(Content(found.content, CALENDAR), headers=headers)


MEETING = "/meetings/<key:meeting>"
FEED = "/departments/<name:department>/calendar-feed"
TAG: dict[str, Any] = {"tag": "Meetings"}
VIEW: dict[str, Any] = {"answer": MeetingView, "etag": True, **TAG}
CHANGE: dict[str, Any] = {"conditional": True, "conflicts": True, **VIEW}

ROUTES = (
    Route(
        "plan_meeting",
        "POST",
        "/meetings",
        plan,
        "Plan a meeting, and launch a round of each project on its agenda",
        status=201,
        body=MeetingGiven,
        conflicts=True,
        problems=("booked",),
        description=(
            "All or nothing: a rest day, a day before the lead time or after opinions are due, a "
            "room or person that is taken are refused with the reason. Everybody is invited."
        ),
        **VIEW,
    ),
    Route(
        "list_meetings",
        "GET",
        "/meetings",
        find,
        "List meetings in the order in which they begin",
        answer=Page[MeetingRow],
        query=MeetingQuery,
        **TAG,
    ),
    Route(
        "propose_meeting",
        "POST",
        "/meetings/proposals",
        propose,
        "Propose when and where to meet, and say why each earlier time does not suit",
        answer=ProposalsView,
        body=Asked,
        conflicts=True,
        problems=("not_found",),
        **TAG,
    ),
    Route("get_meeting", "GET", MEETING, get, "Get a meeting with its agenda", **VIEW),
    Route(
        "add_to_agenda",
        "POST",
        f"{MEETING}/agenda",
        add,
        "Put one more project on the agenda",
        body=LineAdded,
        problems=("booked",),
        **CHANGE,
    ),
    Route(
        "remove_from_agenda",
        "POST",
        f"{MEETING}/agenda/<key:round>/remove",
        remove,
        "Take a project off the agenda",
        body=CalledOff,
        **CHANGE,
    ),
    Route(
        "move_meeting",
        "POST",
        f"{MEETING}/move",
        move,
        "Move a meeting to another time, room or place",
        body=Moved,
        problems=("booked",),
        description="Opinions on what is on its agenda are due on its day then. All are told.",
        **CHANGE,
    ),
    Route(
        "cancel_meeting",
        "POST",
        f"{MEETING}/cancel",
        cancel,
        "Cancel a meeting",
        body=CalledOff,
        **CHANGE,
    ),
    Route(
        "hold_meeting",
        "POST",
        f"{MEETING}/hold",
        hold,
        "Note that a meeting takes place",
        **CHANGE,
    ),
    Route(
        "meeting_invitation",
        "GET",
        f"{MEETING}/invitation.ics",
        invitation,
        "Get the invitation to a meeting, or its cancellation, as iCalendar",
        answer=Content,
        media=("text/calendar",),
        **TAG,
    ),
    Route(
        "calendar_feed",
        "GET",
        "/meetings/feeds/<name:department>.ics",
        feed,
        "Get the meetings of a department as a calendar to subscribe to",
        answer=Content,
        media=("text/calendar",),
        also={304: "Nothing has changed."},
        query=FeedQuery,
        description="The token in its address opens it; nobody need be logged in.",
        **TAG,
    ),
    Route(
        "calendar_feed_address",
        "GET",
        FEED,
        feed_address,
        "Get the address of a department's calendar",
        answer=FeedView,
        **TAG,
    ),
    Route(
        "revoke_calendar_feed",
        "POST",
        f"{FEED}/revoke",
        revoke_feed,
        "Give a department's calendar another address; earlier ones open nothing any more",
        answer=FeedView,
        repeatable=False,
        **TAG,
    ),
)
