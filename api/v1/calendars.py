"""The business calendar: its years, and revisions that are published over it."""

from __future__ import annotations

from datetime import date
from typing import Any, NotRequired, Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypedDict

from api.call import Call, Reply
from api.route import Route
from api.schemas import Body, Part, Text, example
from engine.rules.calendar import Name
from engine.rules.revision import DecidedDay, Decision
from engine.rules.revision_text import parse
from engine.service import calendars, publication
from engine.service.calendars import CalendarView, RevisionView, YearView
from engine.service.publication import Draft, MoveView
from engine.service.views import Page
from engine.service.work import Work
from engine.store.database import transaction

MOST_DAYS = 1_000


class NewDay(Body):
    """A day that a revision decides."""

    on: date
    reason: Decision
    name_zh: Text = Field("", description="the holiday's; for a make-up day, of what it makes up")
    name_en: Text = ""


class DraftRevision(Body):
    """A revision to look at: its days one by one, or as text."""

    model_config = example(
        days=[{"on": "2027-02-05", "reason": "holiday", "name_zh": "春节"}],
        source="国务院办公厅关于2027年部分节假日安排的通知",
        provisional_from="2028-01-01",
    )
    days: list[NewDay] = Field(default=[], max_length=MOST_DAYS)
    text: str = Field(
        "",
        max_length=100_000,
        description="a day a line, `2027-02-05 holiday 春节 Spring Festival`, or CSV",
    )
    source: Text = Field("", description="the notice that decides so")
    note: Text = ""
    provisional_from: date | SkipJsonSchema[None] = Field(
        None, description="the first day without notice from then on; left out, that stays"
    )

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        """Refuse days that are given in both forms."""
        if self.days and self.text:
            raise ValueError("give `days` or `text`, not both")
        return self

    def draft(self) -> Draft:
        """Return it as the service knows it. Raises InvalidRevision."""
        days = tuple(
            DecidedDay(each.on, each.reason, Name(each.name_zh.strip(), each.name_en.strip()), line)
            for line, each in enumerate(self.days, 1)
        )
        return Draft(days or parse(self.text), self.source, self.note, self.provisional_from)


class NewRevision(DraftRevision):
    """A revision to publish. `newest` is the one a preview named: another since is refused."""

    newest: int | SkipJsonSchema[None] = Field(None, ge=0)


class ChangedDay(TypedDict):
    """A day that is another one than before; `counted`: working days gained or lost."""

    on: date
    was: str
    now: str
    name: Name
    counted: int


class Warned(TypedDict):
    """What can be published but looks like a mistake."""

    code: str
    on: NotRequired[str | None]
    line: NotRequired[int | None]
    text: str


class RevisionPreview(TypedDict):
    """What a revision would do; `moved` counts all due dates, `moves` lists a part of them."""

    newest: int
    provisional_from: date
    changes: list[ChangedDay]
    warnings: list[Warned]
    moved: int
    projects: int
    by_department: dict[str, int]
    moves: list[MoveView]
    next: str | None


def get(call: Call) -> CalendarView:
    return calendars.overview(call.work)


def year(call: Call) -> YearView:
    return calendars.year(call.work, call.path["year"])


def revisions(call: Call) -> Page[RevisionView]:
    return calendars.revisions(call.work, cursor=call.query.cursor, limit=call.query.limit)


def preview(call: Call) -> RevisionPreview:
    service, draft = call.service, call.body.draft()
    # nothing is written, and others need not wait while much is computed
    with transaction(service.engine, read_only=True) as db:
        work = Work(db, service.clock.now(), call.actor, service.settings)
        found = publication.preview(work, draft)
        moves = publication.part(found.moves, call.query.cursor, call.query.limit)
    changed: Any = [
        {
            "on": each.on,
            "was": each.was,
            "now": each.now,
            "name": each.name,
            "counted": each.counted,
        }
        for each in found.changes
    ]
    warned: Any = [each.plain() for each in found.warnings]
    return {
        "newest": found.newest,
        "provisional_from": found.provisional_from,
        "changes": changed,
        "warnings": warned,
        "moved": len(found.moves),
        "projects": found.projects,
        "by_department": dict(found.by_department),
        "moves": moves.items,
        "next": moves.next,
    }


def publish(call: Call) -> Reply:
    view = publication.publish(call.work, call.body.draft(), call.body.newest)
    return Reply(view, headers={"Location": "/api/v1/calendars/revisions"})


CALENDARS: dict[str, Any] = {"tag": "Calendar"}

ROUTES = (
    Route(
        "get_calendar",
        "GET",
        "/calendars",
        get,
        "Get the calendar in force: the totals of its years, and from when it is provisional",
        answer=CalendarView,
        **CALENDARS,
    ),
    Route(
        "get_calendar_year",
        "GET",
        "/calendars/<key:year>",
        year,
        "Get a year: every day that is not as its day of the week, with its source",
        answer=YearView,
        problems=("calendar_range",),
        **CALENDARS,
    ),
    Route(
        "list_calendar_revisions",
        "GET",
        "/calendars/revisions",
        revisions,
        "List what was published, the newest first",
        answer=Page[RevisionView],
        query=Part,
        **CALENDARS,
    ),
    Route(
        "preview_calendar",
        "POST",
        "/calendars/preview",
        preview,
        "See which days and which open due dates a revision would move; nothing is written",
        answer=RevisionPreview,
        query=Part,
        body=DraftRevision,
        repeatable=False,
        transaction=False,
        problems=("invalid_calendar",),
        **CALENDARS,
    ),
    Route(
        "publish_calendar",
        "POST",
        "/calendars/revisions",
        publish,
        "Publish a revision: every open due date is computed anew",
        answer=RevisionView,
        status=201,
        body=NewRevision,
        conflicts=True,
        problems=("invalid_calendar", "stale_version"),
        description=(
            "For administrators, and coordinators of no department. Whoever changes a project "
            "waits until it is done. Each due date that moves is an event `deadline.moved` of its "
            "project."
        ),
        **CALENDARS,
    ),
)
