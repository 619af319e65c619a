"""Publishing a revision of the calendar: what would move, shown before; then all of it at once.

Everybody who changes a project waits meanwhile, so that no due date is counted by the calendar
before once the new one is in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from engine.errors import Forbidden, Invalid, Stale
from engine.rules.calendar import BusinessCalendar
from engine.rules.catalogue import Name
from engine.rules.revision import Change, DecidedDay, Revision, changes, laid
from engine.rules.revision_check import Finding, check, warnings
from engine.service import calendars, codes, deployments, names, present_calendar
from engine.service.calendars import RevisionView
from engine.service.clock import promises, recompute
from engine.service.clock.due import NEVER
from engine.service.clock.recompute import Move, is_told
from engine.service.ledger import event_row
from engine.service.pages import decode_cursor, encode_cursor, number
from engine.service.views import Page
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t
from engine.store.database import writers_wait

CAUSE = "calendar"
MOST_SOURCE = 200
RUNNING = ("running", "suspended")


@dataclass(frozen=True, slots=True)
class Draft:
    """A revision as somebody means to publish it.

    `provisional_from` is the first day without notice from then on; None leaves that as it is.
    """

    days: tuple[DecidedDay, ...]
    source: str = ""
    note: str = ""
    provisional_from: date | None = None


@dataclass(frozen=True, slots=True)
class MoveView:
    """A due date that moves: an item's, of a step with a time of its own, or a promise's.

    `element` is the step, or the kind of promise (`engine.service.clock.promises.KINDS`), whose
    date stands as the promised one. `project` is None for a card of no project.
    """

    project: int | None
    code: str
    project_name: str
    item: str
    item_name: Name
    task: str | None
    element: str
    department: str
    was_promised_due_on: date | None
    promised_due_on: date | None
    was_statutory_due_on: date | None
    statutory_due_on: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a revision changes and moves; nothing is written.

    `newest` is the id of the newest revision it was made upon: publish with that one.
    """

    newest: int
    changes: list[Change]
    warnings: list[Finding]
    moves: list[MoveView]
    by_department: Mapping[str, int]
    projects: int
    provisional_from: date


def preview(work: Work, draft: Draft) -> Preview:
    """Return what a revision would do. Raises Forbidden, InvalidRevision."""
    check_publisher(work)
    newest = calendars.newest(work)
    before, after = work.calendar, revised(work, newest + 1, draft)
    found = [
        *(move for move in recompute.moves(work, after) if is_told(move)),
        *promises.moves(work, before, after),
    ]
    return Preview(
        newest=newest,
        changes=list(changes(before, after, draft.days)),
        warnings=list(warnings(before, after, draft.days, work.today)),
        moves=shown(work, found),
        by_department=by_department(found),
        projects=number_of_projects(found),
        provisional_from=after.provisional_from,
    )


def publish(work: Work, draft: Draft, expected: int | None = None) -> RevisionView:
    """Publish a revision and compute every open due date anew.

    `expected` is the newest revision it was made upon, 0 for none. Raises Forbidden, Invalid
    without a source, InvalidRevision, Stale where another was published meanwhile.
    """
    check_publisher(work)
    source = checked_source(draft.source)
    writers_wait(work.db)
    newest = present_calendar.newest(work.db)
    if expected is not None and expected != (newest or 0):
        raise Stale(present_version=newest or 0, your_version=expected)
    present_calendar.seen(work.db, newest)
    check(work.calendar, draft.days, draft.provisional_from)
    identifier = write(work, draft, source)
    before, calendar = work.calendar, revised(work, identifier, draft)
    promised = promises.moves(work, before, calendar)
    present_calendar.use(work.db, identifier, calendar)
    found = recompute.moves(work, calendar)
    recompute.apply(work, found, CAUSE, revision=identifier, source=source)
    promises.apply(work, promised, CAUSE, revision=identifier, source=source)
    settle(work, identifier, draft, source, [*found, *promised])
    return calendars.get(work, identifier)


def check_publisher(work: Work) -> None:
    """Raise Forbidden unless the actor speaks for the whole city."""
    if not work.actor.is_admin and ("coordinator", "") not in work.actor.roles:
        text = "this needs the role coordinator of no department, or admin"
        raise Forbidden(text, roles=["coordinator", "admin"])


def checked_source(source: str) -> str:
    """Return who decided. Raises Invalid where nobody is named, or at too great a length."""
    found = " ".join(source.split())
    if not 1 <= len(found) <= MOST_SOURCE:
        raise Invalid(f"name the notice, in 1 to {MOST_SOURCE} characters", field="source")
    return found


def revised(work: Work, identifier: int, draft: Draft) -> BusinessCalendar:
    """Return the calendar as it is with a draft as its newest revision. Raises InvalidRevision."""
    check(work.calendar, draft.days, draft.provisional_from)
    before = [each for each in present_calendar.revisions(work.db) if each.id < identifier]
    mine = Revision(identifier, draft.source.strip() or "?", draft.days, draft.provisional_from)
    return laid(present_calendar.at(work.db, None), [*before, mine])


def write(work: Work, draft: Draft, source: str) -> int:
    """Write a revision with its days and return its id."""
    row = {
        "source": source,
        "note": draft.note.strip(),
        "provisional_from": draft.provisional_from,
        "published_at": work.now,
        "published_by": work.actor.name,
    }
    table = t.calendar_revision
    identifier = int(work.db.execute(insert(table).values(row).returning(table.c.id)).scalar_one())
    days = [
        {
            "revision_id": identifier,
            "on": day.on,
            "reason": day.decision.value,
            "name_zh": day.name.zh,
            "name_en": day.name.en,
        }
        for day in draft.days
    ]
    if days:
        work.db.execute(insert(t.calendar_day), days)
    return identifier


def settle(work: Work, identifier: int, draft: Draft, source: str, found: Sequence[Move]) -> None:
    """Note what moved: on the revision, in the history, and on the projects themselves."""
    told = [move for move in found if is_told(move)]
    table = t.calendar_revision
    moved = update(table).where(table.c.id == identifier).values(moved=len(told))
    work.db.execute(moved)
    data: dict[str, Any] = {
        "revision": identifier,
        "source": source,
        "days": len(draft.days),
        "provisional_from": str(draft.provisional_from) if draft.provisional_from else None,
        "moved": len(told),
        "projects": number_of_projects(told),
        "by_department": by_department(told),
    }
    event = event_row(work, None, "calendar.published", None, data)
    work.db.execute(sql.INSERT_HISTORY, [event])
    touch(work, {move.project for move in found if move.project is not None})


def touch(work: Work, projects: set[int]) -> None:
    """Give the projects that moved their next version, and have all standings looked at again.

    A forecast follows the calendar even where no due date moves.
    """
    if projects:
        each = [{"b_id": identifier} for identifier in sorted(projects)]
        work.db.execute(sql.NEXT_VERSION, each)
    running = select(t.project.c.id).where(t.project.c.state.in_(RUNNING))
    standing = t.project_standing
    unknown = update(standing).where(standing.c.project_id.in_(running))
    work.db.execute(unknown.values(project_version=-1))


def number_of_projects(found: Sequence[Move]) -> int:
    """Count the projects in which something moves."""
    return len({move.project for move in found} - {None})


def by_department(found: Sequence[Move]) -> Mapping[str, int]:
    """Count moves by department, the most first."""
    return dict(Counter(move.department for move in found).most_common())


def shown(work: Work, found: Sequence[Move]) -> list[MoveView]:
    """Return moves with the names of their projects and items, what is due first first."""
    rows = projects_by_id(work, found) if found else {}
    views = [move_view(work, rows.get(move.project or 0), move) for move in found]
    return sorted(views, key=place)


def projects_by_id(work: Work, found: Sequence[Move]) -> Mapping[int, Mapping[str, Any]]:
    """Return what is shown of the projects whose clocks run, and of those promises outlast."""
    table = t.project.c
    promised = {move.project for move in found if move.row is not None} - {None}
    mine = table.state.in_(RUNNING) | table.id.in_(promised)
    query = select(table.id, table.name, table.created_at, table.version_id).where(mine)
    return {row["id"]: dict(row) for row in work.db.execute(query).mappings()}


def move_view(work: Work, project: Mapping[str, Any] | None, move: Move) -> MoveView:
    """Return a move as it is shown; a card may belong to no project."""
    built = project and deployments.deployment(work.db, project["version_id"])
    return MoveView(
        project=move.project,
        code=codes.code_of(work, project) if project else "",
        project_name=project["name"] if project else "",
        item=move.item,
        item_name=names.item_name(built, move.item) if built and move.item else Name(""),
        task=move.task,
        element=move.element,
        department=move.department,
        was_promised_due_on=move.was["promised_due_on"],
        promised_due_on=move.now["promised_due_on"],
        was_statutory_due_on=move.was["statutory_due_on"],
        statutory_due_on=move.now["statutory_due_on"],
    )


def place(move: MoveView) -> tuple[date, int, str, str]:
    """Return where a move stands in the list: by when it was due."""
    dates = (move.was_promised_due_on, move.was_statutory_due_on)
    was_due_on = min((on for on in dates if on), default=NEVER)
    return was_due_on, move.project or 0, move.item, move.task or move.element


def part(moves: Sequence[MoveView], cursor: str | None, limit: int) -> Page[MoveView]:
    """Return a part of what moves. Raises Invalid for a cursor of another list."""
    begin = decode_cursor(cursor, number)[0] if cursor else 0
    end = begin + limit
    return Page(list(moves[begin:end]), encode_cursor((end,)) if len(moves) > end else None)
