"""The page of one coaching: what was asked and advised, the checklist, who takes part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.views.coaching import CENTRE_WORD, OF_CENTRE, office
from api.web.views.project_new import called, order
from api.web.visit import SEEN, Visit
from engine.rules.coaching import CENTRE, TOPICS, Kind, State, Thread, threads
from engine.service import identity, overview
from engine.service.coaching import cases, reading, rights
from engine.service.coaching.views import CoachingView, EntryView
from engine.service.views import EventView
from engine.service.work import Actor

#: how entries are told of to whom they were new
TOLD = {
    Kind.QUESTION: "coaching.asked",
    Kind.ADVICE: "coaching.advised",
    Kind.MATERIAL: "coaching.listed",
    Kind.SUMMARY: "coaching.closed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the checklist, and whether the visitor may tick it."""

    entry: EntryView
    mine: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of a department's part of the checklist."""

    department: str
    lines: list[Line]
    opened: bool

    @property
    def ready(self) -> int:
        """How many materials are ready."""
        return sum(line.entry.done for line in self.lines)


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part: how much they advised, and how many questions wait for them."""

    department: str
    advice: int
    waiting: int


@dataclass(frozen=True, slots=True)
class May:
    """What the visitor may do here and now; `speaks` for which departments, '' the centre."""

    ask: bool
    speaks: list[str]
    listing: bool
    coordinate: bool
    convert: bool


def look(visit: Visit) -> Answer:
    """Show a coaching."""
    work = visit.work
    view = reading.get(work, visit.path["coaching"])
    row = reading.row_of(work, view.id)
    said = threads(view.entries)
    topic, place = visit.argument("topic", TOPICS), visit.argument("department")
    may = allowed(work.actor, view, row)
    names = {CENTRE: str(CENTRE_WORD), **department_names(work)}
    values = {
        "section": "/projects",
        "coaching": view,
        "allowed": may,
        "names": names,
        "threads": ordered(chosen(said, topic, place), may.speaks),
        "said": said,
        "topic": topic,
        "place": place,
        "topics": counted(each.first.topic for each in said),
        "places": counted(each.first.department or OF_CENTRE for each in said),
        "all_topics": list(TOPICS),
        "centre": OF_CENTRE,
        "participants": participants(view, said),
        "others": [
            code for code in names if code not in {CENTRE, cases.APPLICANT, *view.departments}
        ],
        "groups": groups(visit, view, row),
        "ready": sum(each.done for each in view.of_kind(Kind.MATERIAL)),
        "lines": len(view.of_kind(Kind.MATERIAL)),
        "advice": len(view.of_kind(Kind.ADVICE)),
        "summaries": view.of_kind(Kind.SUMMARY)[::-1],
        "opened_by": identity.called(work, view.opened_by),
        "procedures": procedures(visit),
        "seen": view.entries[-1].id if view.entries else 0,
        "changes": meanwhile(visit, view),
    }
    return Shown("coaching/page.html.jinja", values)


def allowed(actor: Actor, view: CoachingView, row: Mapping[str, Any]) -> May:
    """Return what somebody may do with a coaching as it stands."""
    opened, coordinates = view.state == State.OPEN, actor.has("coordinator")
    applies = actor.owns(row) or coordinates
    speaks = [code for code in (CENTRE, *view.departments) if rights.speaks_for(actor, code)]
    return May(
        ask=opened and applies,
        speaks=speaks if opened else [],
        listing=opened and (applies or bool(speaks)),
        coordinate=coordinates,
        convert=applies and view.project is None,
    )


def chosen(said: Iterable[Thread[EntryView]], topic: str, place: str) -> list[Thread[EntryView]]:
    """Return the threads of a topic and a department; of any where none is named."""
    return [
        each
        for each in said
        if topic in {"", each.first.topic} and (not place or each.first.department == office(place))
    ]


def ordered(said: Iterable[Thread[EntryView]], mine: list[str]) -> list[Thread[EntryView]]:
    """Return threads with those first that wait for the visitor's own, else the newest first."""

    def place(each: Thread[EntryView]) -> tuple[bool, int]:
        waits = each.waiting and each.first.department in mine
        return not waits, -max(entry.id for entry in (each.first, *each.answers))

    return sorted(said, key=place)


def counted(values: Iterable[str]) -> dict[str, int]:
    """Return how often each value stands there, without the empty one."""
    found: dict[str, int] = {}
    for each in values:
        found[each] = found.get(each, 0) + 1
    return {value: several for value, several in found.items() if value}


def participants(view: CoachingView, said: list[Thread[EntryView]]) -> list[Participant]:
    """Return who takes part, the service centre first."""
    opened = view.state == State.OPEN
    return [
        Participant(
            code,
            sum(each.department == code for each in view.of_kind(Kind.ADVICE)),
            sum(opened and each.waiting and each.first.department == code for each in said),
        )
        for code in (CENTRE, *view.departments)
    ]


def groups(visit: Visit, view: CoachingView, row: Mapping[str, Any]) -> list[Group]:
    """Return the checklist by department: those that take part first."""
    actor, shown = visit.work.actor, visit.argument("open")
    places = list(dict.fromkeys([CENTRE, *view.departments]))
    lines: dict[str, list[Line]] = {code: [] for code in places}
    for each in view.of_kind(Kind.MATERIAL):
        lines.setdefault(each.department, []).append(Line(each, ticks(actor, view, row, each)))
    held = {code: found for code, found in lines.items() if found}
    mine = rights.offices(actor)
    return [
        Group(code, found, len(held) == 1 or code in mine or (code or OF_CENTRE) == shown)
        for code, found in held.items()
    ]


def ticks(actor: Actor, view: CoachingView, row: Mapping[str, Any], line: EntryView) -> bool:
    """Tell whether somebody may say of a line that it is ready."""
    if view.state != State.OPEN:
        return False
    own = line.department in rights.offices(actor)
    return own or actor.owns(row) or actor.has("coordinator")


def procedures(visit: Visit) -> list[tuple[str, str]]:
    """Return the procedures a checklist or a project may follow, by id."""
    return [(each.id, called(each)) for each in sorted(overview.find(visit.work), key=order)]


def meanwhile(visit: Visit, view: CoachingView) -> list[EventView]:
    """Return what others wrote since the form was shown that is refused now."""
    seen = visit.whole(SEEN) if visit.error else None
    if seen is None:
        return []
    return [
        EventView(
            id=str(each.id),
            project=view.project,
            at=each.at,
            actor=each.by_name,
            on_behalf_of=None,
            event=TOLD[Kind(each.kind)],
            item=None,
            task=None,
            data={},
        )
        for each in view.entries
        if each.id > seen
    ]


PAGES = (show("coaching", "/coaching/<key:coaching>", look, "get_coaching"),)
