"""A scenario from its making to its removal; proposing and deploying it are in `proposals`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, delete, insert

from engine.analysis.reengineering.operation import Operation, operations_of
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.errors import Conflict, Invalid, NotFound
from engine.rules import lifecycle
from engine.rules.scenario import SCENARIO, State
from engine.service import deployments, procedures
from engine.service.pages import decode_cursor, number, page
from engine.service.scenarios import beginning, checking, rows
from engine.service.scenarios.beginning import Beginning
from engine.service.scenarios.city_lists import laws
from engine.service.scenarios.views import ScenarioRow, ScenarioView
from engine.service.views import Page
from engine.service.work import Work
from engine.store import tables as t

#: what a procedure may be called, as a file's name too
PROCEDURE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which scenarios; None for any."""

    state: str | None = None
    procedure: str | None = None
    #: part of a name
    text: str | None = None


def create(
    work: Work,
    name: str,
    procedure: str,
    operations: Iterable[Any] | None = None,
    note: str = "",
    *,
    version_id: int | None = None,
    target_procedure: str | None = None,
) -> int:
    """Make a scenario on a version of a procedure, its newest by default, and return its id.

    Without operations it begins with the city's published list for the procedure, if there is
    one, as far as it fits; the note says what does not. Raises Invalid naming the field,
    Inapplicable and OperationUnlawful naming the operation.
    """
    work.actor.require(rows.WRITER)
    version = base_of(work, procedure, version_id)
    base = plan_of(work, version)
    begun = Beginning() if operations is not None else beginning.of_list(work, procedure, base)
    found = checking.checked(work, base, begun.operations if operations is None else operations)
    row = {
        "name": rows.checked_name(name),
        "procedure": procedure,
        "version_id": version,
        "operations": [each.as_dict() for each in found],
        "note": "\n".join(each for each in (rows.checked_text("note", note), begun.note) if each),
        "target_procedure": checked_target(target_procedure or procedure),
    }
    left = {"left_out": begun.left_out} if begun.left_out else {}
    return insert_row(work, row, "created", operations=len(found), **left)


def insert_row(work: Work, row: dict[str, Any], event: str, **told: Any) -> int:
    """Write a new draft and return its id."""
    now = {"state": State.DRAFT, "created_at": work.now, "updated_at": work.now}
    who = {"created_by": work.actor.name, "updated_by": work.actor.name}
    statement = insert(t.scenario).values({**row, **now, **who}).returning(t.scenario.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    named = {"name": row["name"], "procedure": row["procedure"]}
    rows.record(work, identifier, event, **named, **told)
    return identifier


def base_of(work: Work, procedure: str, version_id: int | None) -> int:
    """Return the id of the version a scenario is to stand on. Raises Invalid."""
    if version_id is None:
        return procedures.latest(work, procedure)
    known = [version.id for version in procedures.find(work, procedure)]
    if version_id not in known:
        text = f"{procedure} has no version with the id {version_id}; it has {sorted(known)}"
        raise Invalid(text, field="version", versions=sorted(known))
    return version_id


def plan_of(work: Work, version_id: int) -> Plan:
    """Return the plan of a deployed version. Raises NotFound."""
    built = deployments.deployment(work.db, version_id)
    return Plan.of(built.activities, built.procedure.items)


def checked_target(procedure: str) -> str:
    """Return the id a scenario would be deployed under. Raises Invalid."""
    if not PROCEDURE_ID.fullmatch(procedure):
        text = "a procedure's id has 1 to 100 letters, digits, dots, hyphens and underscores"
        raise Invalid(text, field="target_procedure")
    return procedure


def get(work: Work, identifier: int) -> ScenarioView:
    """Return a scenario. Raises NotFound."""
    return rows.view_of(rows.row_of(work, identifier))


def find(
    work: Work, wanted: Wanted | None = None, *, cursor: str | None = None, limit: int = 50
) -> Page[ScenarioRow]:
    """Return the scenarios, the newest first."""
    work.actor.require(*rows.READERS)
    query = rows.selected().where(*conditions(wanted or Wanted()))
    query = query.order_by(t.scenario.c.id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(t.scenario.c.id < decode_cursor(cursor, number)[0])
    found = list(work.db.execute(query).mappings())
    part = page(found, limit, lambda last: (last["id"],))
    return Page([rows.listed(dict(row)) for row in part.items], part.next)


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what the filters ask for."""
    found = []
    if wanted.state:
        found.append(t.scenario.c.state == wanted.state)
    if wanted.procedure:
        found.append(t.scenario.c.procedure == wanted.procedure)
    if wanted.text:
        found.append(t.scenario.c.name.icontains(wanted.text, autoescape=True))
    return found


def update(
    work: Work,
    identifier: int,
    expected_version: int | None = None,
    *,
    name: str | None = None,
    note: str | None = None,
    operations: Iterable[Any] | None = None,
    target_procedure: str | None = None,
) -> None:
    """Change what is given. A rejected scenario becomes a draft again.

    Raises what `create` raises, NotEditable and Stale.
    """
    row = rows.lock_editable(work, identifier, expected_version)
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = rows.checked_name(name)
    if note is not None:
        values["note"] = rows.checked_text("note", note)
    if target_procedure is not None:
        values["target_procedure"] = checked_target(target_procedure)
    if operations is not None:
        standing = operations_of(row["operations"])
        base = plan_of(work, row["version_id"])
        found = checking.checked(work, base, operations, standing)
        values["operations"] = [each.as_dict() for each in found]
    changed = sorted(each for each in values if values[each] != row[each])
    rows.edit(work, row, **values)
    rows.record(work, identifier, "changed", name=values.get("name", row["name"]), fields=changed)


def toggle(
    work: Work,
    identifier: int,
    operation_id: str,
    enabled: bool,  # noqa: FBT001 - what is asked for
    expected_version: int | None = None,
) -> None:
    """Switch one operation on or off; what others then conflict with is shown by the effect.

    Raises NotFound, and where the operation itself cannot be on Inapplicable, OperationUnlawful.
    """
    row = rows.lock_editable(work, identifier, expected_version)
    found = switched(operations_of(row["operations"]), operation_id, enabled=enabled)
    if enabled:
        played = play(plan_of(work, row["version_id"]), found, laws(work.settings))
        [step] = [each for each in played.steps if each.operation.id == operation_id]
        checking.refuse_first(checking.refusals(step))
    rows.edit(work, row, operations=[each.as_dict() for each in found])
    told = {"name": row["name"], "operation": operation_id}
    rows.record(work, identifier, "switched_on" if enabled else "switched_off", **told)


def switched(
    operations: Iterable[Operation], operation_id: str, *, enabled: bool
) -> list[Operation]:
    """Return operations of which one is switched. Raises NotFound."""
    found = list(operations)
    places = [place for place, each in enumerate(found) if each.id == operation_id]
    if not places:
        text = f"there is no operation {operation_id!r}; there are {[each.id for each in found]}"
        raise NotFound(text, operation=operation_id)
    found[places[0]] = replace(found[places[0]], enabled=enabled)
    return found


def copy(work: Work, identifier: int, name: str | None = None) -> int:
    """Make a draft with the same base and operations, and return its id.

    It is the way on from an approved scenario, and to try another way beside a draft.
    """
    work.actor.require(rows.WRITER)
    row = rows.row_of(work, identifier)
    kept = ("procedure", "version_id", "operations", "note", "target_procedure")
    values = {each: row[each] for each in kept}
    values["name"] = row["name"] if name is None else rows.checked_name(name)
    return insert_row(work, values, "copied", of=identifier)


def rebase(work: Work, identifier: int, expected_version: int | None = None) -> None:
    """Put a scenario on the newest version of its procedure, as it asks for it and not before.

    Raises Conflict with all `reasons` where operations that did apply no longer do; nothing is
    changed then.
    """
    row = rows.lock_editable(work, identifier, expected_version)
    newest = procedures.latest(work, row["procedure"])
    if newest == row["version_id"]:
        return
    standing = operations_of(row["operations"])
    was, base = plan_of(work, row["version_id"]), plan_of(work, newest)
    known = {step.operation.id for step in play(was, standing).conflicts}
    found = [
        error
        for error in checking.problems(work, base, standing)
        if error.detail["operation"] not in known
    ]
    if found:
        reasons = [{"message": error.message, **error.detail} for error in found]
        text = f"on version {row['newest_version']} no longer: {found[0].message}"
        raise Conflict(text, reasons=reasons, newest_version=row["newest_version"])
    rows.edit(work, row, version_id=newest)
    told = {"before": row["base_version"], "after": row["newest_version"]}
    rows.record(work, identifier, "rebased", name=row["name"], **told)


def remove(work: Work, identifier: int, expected_version: int | None = None) -> None:
    """Remove a draft. Raises Conflict for what was proposed, which is kept."""
    row = rows.lock(work, identifier, expected_version)
    if row["state"] != State.DRAFT:
        text = f"only drafts can be removed; the scenario is {row['state']}"
        raise Conflict(text, state=row["state"])
    work.db.execute(delete(t.scenario).where(t.scenario.c.id == identifier))
    rows.record(work, identifier, "removed", name=row["name"])


def check_move(row: dict[str, Any], to: State) -> None:
    """Raise Conflict unless a scenario may become that."""
    lifecycle.check(SCENARIO, row["state"], to, "the scenario")
