"""Files of a procedure that were checked and wait for a word to be deployed.

They are kept for their user for a day, so that exactly what was checked is deployed, and
nobody sends it twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, insert, select

from engine.errors import InvalidDefinition, NotFound, Stale
from engine.service import procedures
from engine.service.procedures import Files
from engine.service.views import VersionView
from engine.service.work import Work
from engine.settings import Settings
from engine.store import tables as t
from engine.workflow import xml
from engine.workflow.deployment import Deployment, build
from engine.workflow.problem import ERROR, Problem

KEPT = timedelta(days=1)
#: of one user; the oldest make room
MOST = 5


class DraftGone(NotFound):
    """These files are no longer kept: check them again."""

    remedy = "Send the files again to check them."


@dataclass(frozen=True, slots=True)
class Checked:
    """Files with every problem; `procedure` and `hash` are '' where they cannot be deployed."""

    files: Files
    problems: list[Problem]
    procedure: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is kept of a check."""

    id: str
    created_at: datetime
    procedure: str
    hash: str
    problems: list[dict[str, Any]]

    @property
    def runnable(self) -> bool:
        """Whether it can be deployed."""
        return bool(self.hash)


def check(files: Files, settings: Settings) -> Checked:
    """Check files as a deployment would, and place every problem in its file."""
    built, problems = procedures.read(files, settings)
    if built is None or any(each.severity == ERROR for each in problems):
        return Checked(files, placed(problems, files))
    kept = procedures.trimmed(files, built)
    built, problems = procedures.sound(kept, settings)
    return Checked(kept, placed(problems, kept), built.procedure.id, built.hash)


def placed(problems: list[Problem], files: Files) -> list[Problem]:
    """Return problems with the file, the line and the element's id where these are known."""
    places: dict[str, tuple[str, str, int]] = {}
    for name, content in sorted(files.items()):
        if name.endswith((".bpmn", ".xml")):
            places = {**elements_of(name, content), **places}
    return [at_its_place(each, places) for each in problems]


def at_its_place(problem: Problem, places: Mapping[str, tuple[str, str, int]]) -> Problem:
    """Return a problem of an element, or of the item it stands for, located in its file."""
    place = None if problem.file else places.get(problem.element or "")
    if place is None:
        return problem
    file, element, line = place
    return replace(problem, file=file, element=element, line=problem.line or line)


def elements_of(name: str, content: bytes) -> dict[str, tuple[str, str, int]]:
    """Return where the elements of a diagram lie, by their ids and by their items'."""
    root, _ = xml.parse(content, len(content))
    found: dict[str, tuple[str, str, int]] = {}
    for node in () if root is None else root.iter():
        if not xml.is_bpmn(node) or not node.get("id"):
            continue
        place = (name, node.get("id", ""), node.sourceline or 0)
        found[place[1]] = place
        path = "bpmn:extensionElements/zeebe:properties/zeebe:property[@name='item']"
        for each in node.iterfind(path, xml.NAMESPACES):
            found.setdefault(each.get("value", ""), place)
    return found


def keep(work: Work, checked: Checked) -> Draft:
    """Keep what was checked for its user, and forget their oldest."""
    work.actor.require("analyst")
    draft = Draft(
        id=secrets.token_urlsafe(16),
        created_at=work.now,
        procedure=checked.procedure,
        hash=checked.hash,
        problems=[each.as_dict() for each in checked.problems],
    )
    values = {name: getattr(draft, name) for name in ("id", "created_at", "procedure", "hash")}
    row = {**values, "user_id": work.actor.id, "problems": draft.problems}
    work.db.execute(insert(t.draft_deployment).values(row))
    rows = [
        {"draft_id": draft.id, "name": name, "content": content}
        for name, content in checked.files.items()
    ]
    work.db.execute(insert(t.draft_file), rows)
    make_room(work)
    return draft


def make_room(work: Work) -> None:
    """Forget the user's drafts beyond the newest few."""
    draft = t.draft_deployment.c
    query = (
        select(draft.id)
        .where(draft.user_id == work.actor.id)
        .order_by(draft.created_at.desc(), draft.id)
        .offset(MOST)
        .limit(MOST)
    )
    for identifier in work.db.execute(query).scalars().all():
        remove(work, identifier)


def get(work: Work, identifier: str) -> Draft:
    """Return a draft of the actor's own. Raises DraftGone."""
    work.actor.require("analyst")
    draft = t.draft_deployment.c
    columns = (draft.id, draft.created_at, draft.procedure, draft.hash, draft.problems)
    query = select(*columns).where(draft.id == identifier, draft.user_id == work.actor.id)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None or row["created_at"] < work.now - KEPT:
        raise DraftGone
    return Draft(**row)


def files(work: Work, draft: Draft) -> Files:
    """Return the files of a draft by name."""
    table = t.draft_file.c
    query = select(table.name, table.content).where(table.draft_id == draft.id)
    return {row.name: row.content for row in work.db.execute(query.order_by(table.name))}


def read(files: Files) -> Deployment:
    """Return the procedure of files that passed their check; kept for the next reading."""
    return parsed(tuple(sorted(files.items())))


@lru_cache(maxsize=MOST)
def parsed(files: tuple[tuple[str, bytes], ...]) -> Deployment:
    """Read files once. Raises InvalidDefinition."""
    built, problems = build(dict(files), trusted=True)
    if built is None:
        raise InvalidDefinition(problems=[each.as_dict() for each in problems])
    return built


def deploy(work: Work, draft: Draft, newest: int | None) -> VersionView:
    """Deploy what was checked. `newest` is the version it was compared with, 0 for none.

    Raises Stale where another was deployed since, InvalidDefinition with every problem.
    """
    if not draft.runnable:
        raise InvalidDefinition(problems=draft.problems)
    found = files(work, draft)
    procedures.one_at_a_time(work)
    present = max((each.version for each in procedures.find(work, draft.procedure)), default=0)
    if newest is not None and newest != present:
        raise Stale(present_version=present, your_version=newest)
    view = procedures.deploy(work, found)
    remove(work, draft.id)
    return view


def remove(work: Work, identifier: str) -> None:
    """Forget one draft."""
    work.db.execute(delete(t.draft_file).where(t.draft_file.c.draft_id == identifier))
    work.db.execute(delete(t.draft_deployment).where(t.draft_deployment.c.id == identifier))


def forget(work: Work, before: datetime) -> int:
    """Delete the drafts kept before an instant; returns how many."""
    old = select(t.draft_deployment.c.id).where(t.draft_deployment.c.created_at < before)
    work.db.execute(delete(t.draft_file).where(t.draft_file.c.draft_id.in_(old)))
    found = delete(t.draft_deployment).where(t.draft_deployment.c.created_at < before)
    return work.db.execute(found).rowcount
