"""The checklist of a coaching: which materials of which items are still to be made ready."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import insert, select, update

from engine.analysis.network import ActivityNetwork, Phase
from engine.errors import Forbidden, Invalid, NotFound
from engine.rules.catalogue import Item
from engine.rules.coaching import CENTRE, Kind, Line, checklist, lacking
from engine.service import deployments, procedures
from engine.service.access import Row
from engine.service.coaching import cases, rights
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import Deployment


def generate(
    work: Work, identifier: int, procedure: str = "", *, expected_version: int | None = None
) -> int:
    """Add the materials of a procedure's items, of its newest version; return how many are new.

    The list ends where coaching does, at the start of construction. What is on it stays, ready or
    not, so that it can be generated again after the catalogue changed. Without a procedure that of
    the coaching is taken, which it becomes otherwise. Raises Invalid without one, CoachingClosed.
    """
    row = cases.lock_open(work, identifier, expected_version)
    require_hand(work, row)
    chosen = procedure or row["procedure"]
    built = deployments.deployment(work.db, procedures.latest(work, chosen))
    new = lacking(checklist(until_start(built)), lines(work, identifier))
    insert_lines(work, row, new)
    if chosen != row["procedure"]:
        cases.change(work, identifier, procedure=chosen)
    cases.record(work, row, "listed", procedure=chosen, added=len(new))
    return len(new)


def until_start(built: Deployment) -> list[Item]:
    """Return the items of a procedure, without those that only its acceptance needs."""
    network = ActivityNetwork(built.activities)
    phases = dict(zip(network.order, network.phases, strict=True))
    return [
        item
        for item in built.procedure.items.values()
        if phases.get(item.id) is not Phase.ACCEPTANCE
    ]


def require_hand(work: Work, row: Row) -> None:
    """Raise Forbidden unless the actor takes part: applicant, coordinator, or of a department."""
    actor = work.actor
    mine = rights.offices(actor) & set(row["departments"])
    if not (mine or actor.owns(row) or actor.has("coordinator")):
        raise Forbidden("only those who take part may do this", roles=["coordinator"])


def insert_lines(work: Work, row: Row, new: Collection[Line]) -> None:
    """Write lines of the checklist, none of them ready."""
    fixed = {"coaching_id": row["id"], "kind": Kind.MATERIAL, "at": work.now}
    rows = [
        {
            **fixed,
            "by": work.actor.name,
            "department": line.department,
            "item": line.item,
            "text": line.text,
            "done": False,
        }
        for line in new
    ]
    if rows:
        work.db.execute(insert(t.coaching_entry), rows)


def lines(work: Work, identifier: int) -> list[Line]:
    """Return the lines of a coaching's checklist."""
    entry = t.coaching_entry.c
    query = select(entry.department, entry.item, entry.text).where(
        entry.coaching_id == identifier, entry.kind == Kind.MATERIAL
    )
    return [Line(*row) for row in work.db.execute(query)]


def add(
    work: Work,
    identifier: int,
    text: str,
    *,
    department: str | None = None,
    item: str = "",
    expected_version: int | None = None,
) -> int:
    """Add a line that no catalogue asks for, for a department that takes part; return its id.

    Raises NotTakingPart, CoachingClosed, Forbidden, Invalid for a line there is already.
    """
    row = cases.lock_open(work, identifier, expected_version)
    if department is None:
        department = rights.office_of(work.actor, row)
    rights.check_part(row, department)
    if not rights.speaks_for(work.actor, department):
        work.actor.require("coordinator")
    said = cases.checked_text("text", text)
    if not lacking([Line(department, item, said)], lines(work, identifier)):
        raise Invalid("this material is on the checklist already", field="text")
    entry = cases.write(work, row, Kind.MATERIAL, department=department, item=item, text=said)
    cases.record(work, row, "listed", entry=entry, department=department, added=1)
    return entry


def tick(
    work: Work,
    identifier: int,
    changes: Mapping[int, bool],
    *,
    expected_version: int | None = None,
) -> None:
    """Note of lines, by id, whether the material is ready; what is so already stays as it is.

    The applicant, a coordinator and the line's department may. That a paper is ready is the
    applicant's word or a look at it: it accepts nothing. Raises NotFound for a line there is not.
    """
    row = cases.lock_open(work, identifier, expected_version)
    found = of_ids(work, identifier, changes)
    for line in found.values():
        require_line(work, row, line)
    changed = [key for key, line in found.items() if line["done"] != changes[key]]
    for done in {changes[key] for key in changed}:
        note(work, row, [key for key in changed if changes[key] is done], done=done)


def of_ids(work: Work, identifier: int, wanted: Collection[int]) -> dict[int, Row]:
    """Return lines of the checklist by their ids. Raises NotFound."""
    entry = t.coaching_entry
    query = select(entry).where(
        entry.c.coaching_id == identifier, entry.c.kind == Kind.MATERIAL, entry.c.id.in_(wanted)
    )
    found = {row["id"]: dict(row) for row in work.db.execute(query).mappings()}
    if gone := sorted(set(wanted) - set(found)):
        raise NotFound(f"the checklist has no line {gone[0]}", entry=gone[0])
    return found


def require_line(work: Work, row: Row, line: Row) -> None:
    """Raise Forbidden unless a line is the actor's to tick."""
    actor, department = work.actor, line["department"]
    its_own = department != CENTRE and department in rights.offices(actor)
    if not (its_own or actor.owns(row) or actor.has("coordinator")):
        text = f"this needs the applicant, a coordinator, or somebody of {department}"
        raise Forbidden(text, department=department)


def note(work: Work, row: Row, keys: list[int], *, done: bool) -> None:
    """Write whether lines are ready, and by whose word."""
    entry = t.coaching_entry
    values = {"done": done, "at": work.now, "by": work.actor.name}
    work.db.execute(update(entry).where(entry.c.id.in_(keys)).values(values))
    cases.record(work, row, "ticked" if done else "unticked", entries=keys)
