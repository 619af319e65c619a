"""A coaching from its opening to what comes of it: closed, opened again, turned into a project."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, update

from engine.errors import Invalid, NotFound
from engine.rules import lifecycle
from engine.rules.coaching import COACHING, CoachingClosed, HasProject, Kind, State
from engine.service import access, departments, identity, procedures, projects
from engine.service.access import Row
from engine.service.coaching import rights
from engine.service.ledger import event_row
from engine.service.views import ProjectView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_TEXT = 4_000
#: a department by code that has no window and gives no advice
APPLICANT = "APPL"


def begin(
    work: Work,
    name: str,
    applicant: str = "",
    *,
    procedure: str = "",
    also: Iterable[str] = (),
) -> int:
    """Open a coaching and return its id; the city's standing departments take part, and others.

    An applicant opens it for themselves, under the name they are called by; a coordinator for
    anybody. `procedure` is what it is heading for, '' where that is not known yet; `also` are
    further departments, such as the industry's. Raises Invalid naming the field, Forbidden.
    """
    work.actor.require("coordinator", "applicant")
    who, user = whom(work, applicant)
    if procedure:
        procedures.latest(work, procedure)
    row = {
        "name": projects.checked("name", name),
        "applicant": projects.checked("applicant", who),
        "applicant_user_id": user,
        "procedure": procedure,
        "departments": taking_part(work, also),
        "state": State.OPEN,
        "opened_at": work.now,
        "opened_by": work.actor.name,
    }
    statement = insert(t.coaching).values(row).returning(t.coaching.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    record(work, {"id": identifier, "project_id": None}, "opened", departments=row["departments"])
    return identifier


def whom(work: Work, applicant: str) -> tuple[str, int | None]:
    """Return the applicant's name and user: the actor where they are no coordinator."""
    if work.actor.has("coordinator"):
        return applicant, projects.applicant_user(work, applicant.strip())
    return identity.called(work, work.actor.name), work.actor.id


def taking_part(work: Work, also: Iterable[str]) -> list[str]:
    """Return the standing departments that there are, and those named beside them, each once."""
    known = {each.id for each in departments.find(work.settings)}
    standing = [each for each in work.rules.coaching.standing if not known or each in known]
    return list(dict.fromkeys([*standing, *(department(work, each) for each in also)]))


def department(work: Work, code: str) -> str:
    """Return the code of a department that gives advice. Raises Invalid."""
    known = [each.id for each in departments.find(work.settings)]
    if not code or code == APPLICANT or (known and code not in known):
        text = f"there is no department {code!r}; there are {', '.join(known)}"
        raise Invalid(text, field="department", departments=known)
    return code


def add_department(
    work: Work, identifier: int, code: str, *, expected_version: int | None = None
) -> None:
    """Have a further department take part; one that does already changes nothing."""
    row = lock_open(work, identifier, expected_version)
    work.actor.require("coordinator")
    code = department(work, code)
    if code not in row["departments"]:
        change(work, identifier, departments=[*row["departments"], code])
        record(work, row, "joined", department=code)


def close(
    work: Work, identifier: int, summary: str, *, expected_version: int | None = None
) -> None:
    """Close a coaching with a summary of what came of it. Raises Conflict where it is closed."""
    row = lock(work, identifier, expected_version)
    work.actor.require("coordinator")
    lifecycle.check(COACHING, row["state"], State.CLOSED, "the coaching")
    entry = write(work, row, Kind.SUMMARY, text=checked_text("summary", summary))
    change(work, identifier, state=State.CLOSED, closed_at=work.now, closed_by=work.actor.name)
    record(work, row, "closed", entry=entry)


def reopen(work: Work, identifier: int, *, expected_version: int | None = None) -> None:
    """Open a closed coaching again; its summaries stay. Raises Conflict where it is open."""
    row = lock(work, identifier, expected_version)
    work.actor.require("coordinator")
    lifecycle.check(COACHING, row["state"], State.OPEN, "the coaching")
    change(work, identifier, state=State.OPEN, closed_at=None, closed_by=None)
    record(work, row, "reopened")


def become_project(
    work: Work, identifier: int, procedure: str = "", *, expected_version: int | None = None
) -> ProjectView:
    """Turn a coaching into a project, which is a draft until it is started; return that.

    The coaching stays as open or closed as it is: advice may go on until construction starts.
    Raises HasProject where there is one, Invalid without a procedure.
    """
    row = lock(work, identifier, expected_version)
    rights.require_applicant(work.actor, row)
    if row["project_id"] is not None:
        raise HasProject(f"it has become project {row['project_id']}", project=row["project_id"])
    chosen = procedure or row["procedure"]
    view = projects.create(work, row["name"], chosen, row["applicant"])
    own_it(work, row, view.id)
    change(work, identifier, project_id=view.id, procedure=chosen)
    record(work, {**row, "project_id": view.id}, "project", procedure=chosen)
    return view


def own_it(work: Work, row: Row, project: int) -> None:
    """Have the project be its applicant's who was coached, whatever others are called."""
    owner = row["applicant_user_id"]
    if owner is not None:
        work.db.execute(sql.project_update(project).values(applicant_user_id=owner))


# -- what all verbs of coaching share -------------------------------------------------------------


def lock(work: Work, identifier: int, expected_version: int | None = None) -> Row:
    """Take a coaching's lock and return its row, its version already the next.

    Raises NotFound, also where it is not the actor's to see, and Stale.
    """
    table = t.coaching
    statement = (
        update(table)
        .where(table.c.id == identifier)
        .values(version=table.c.version + 1)
        .returning(*table.c)
    )
    row = access.only(work, statement)
    if row is None or rights.hidden(work.actor, row):
        raise missing(identifier)
    access.check_version(row["version"] - 1, expected_version)
    return row


def lock_open(work: Work, identifier: int, expected_version: int | None = None) -> Row:
    """Do the same with one that is open. Raises CoachingClosed where it is not."""
    row = lock(work, identifier, expected_version)
    if row["state"] != State.OPEN:
        raise CoachingClosed(state=row["state"])
    return row


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such coaching."""
    return NotFound(f"there is no coaching {identifier}", coaching=identifier)


def change(work: Work, identifier: int, **values: Any) -> None:
    """Change columns of a coaching that is locked."""
    work.db.execute(update(t.coaching).where(t.coaching.c.id == identifier).values(values))


def write(work: Work, row: Row, kind: Kind, **values: Any) -> int:
    """Add an entry and return its id."""
    fixed = {"coaching_id": row["id"], "kind": kind, "at": work.now, "by": work.actor.name}
    statement = insert(t.coaching_entry).values({**fixed, **values})
    return int(work.db.execute(statement.returning(t.coaching_entry.c.id)).scalar_one())


def record(
    work: Work, row: Row, event: str, *, on_behalf_of: str | None = None, **data: Any
) -> None:
    """Add an event to the history: of the project too, once there is one. No text is kept there."""
    told = {"coaching": row["id"], **data}
    event_of = event_row(
        work, row["project_id"], f"coaching.{event}", None, told, on_behalf_of=on_behalf_of
    )
    work.db.execute(sql.INSERT_HISTORY, [event_of])


def checked_text(field: str, text: str) -> str:
    """Return a text without the space around it. Raises Invalid for none, or too long a one."""
    plain = text.strip()
    if not plain or len(plain) > MAX_TEXT:
        raise Invalid(f"{field} needs 1 to {MAX_TEXT} characters", field=field)
    return plain
