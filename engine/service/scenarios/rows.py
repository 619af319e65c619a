"""Rows of scenarios: read, locked, changed; what all verbs share."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Select, func, select, update

from engine.errors import Invalid, NotFound
from engine.rules.scenario import EDITABLE, NotEditable, State
from engine.service import access
from engine.service.access import Row
from engine.service.ledger import event_row
from engine.service.scenarios.views import ScenarioRow, ScenarioView
from engine.service.work import Work
from engine.store import statements as sql
from engine.store import tables as t

MAX_NAME, MAX_TEXT = 300, 4_000
#: roles that see scenarios; analysts alone change them
READERS = ("analyst", "supervisor", "coordinator")
WRITER = "analyst"

SHOWN = tuple(
    each.name
    for each in fields(ScenarioView)
    if each.name not in {"base_version", "newest_version", "outdated"}
)


def selected() -> Select[Any]:
    """Return the query of scenarios, with the numbers of their base and of the newest version."""
    base, other = t.procedure_version.c, t.procedure_version.alias("other").c
    newest = (
        select(func.max(other.version))
        .where(other.procedure == t.scenario.c.procedure)
        .scalar_subquery()
    )
    return select(
        *(t.scenario.c[name] for name in SHOWN),
        base.version.label("base_version"),
        newest.label("newest_version"),
    ).join(t.procedure_version, base.id == t.scenario.c.version_id)


def row_of(work: Work, identifier: int) -> Row:
    """Return a scenario's row with `outdated`. Raises NotFound, Forbidden."""
    work.actor.require(*READERS)
    row = access.only(work, selected().where(t.scenario.c.id == identifier))
    if row is None:
        raise missing(identifier)
    return {**row, "outdated": is_outdated(row)}


def is_outdated(row: Row) -> bool:
    """Tell whether the base has a newer version; of what is deployed nobody asks any more."""
    return bool(row["state"] != State.APPROVED and row["newest_version"] > row["base_version"])


def view_of(row: Row) -> ScenarioView:
    """Return a row with `outdated` as it is shown."""
    return ScenarioView(**row)


def listed(row: Row) -> ScenarioRow:
    """Return a row as lists show it."""
    told: dict[str, Any] = {each.name: row.get(each.name) for each in fields(ScenarioRow)}
    operations = row["operations"]
    told["outdated"] = is_outdated(row)
    told["operations"] = len(operations)
    told["enabled"] = sum(each["enabled"] for each in operations)
    return ScenarioRow(**told)


def lock(work: Work, identifier: int, expected_version: int | None = None) -> Row:
    """Take a scenario's lock and return its row, its version already the next.

    Raises NotFound, Stale, Forbidden.
    """
    work.actor.require(WRITER)
    table = t.scenario
    statement = (
        update(table)
        .where(table.c.id == identifier)
        .values(version=table.c.version + 1)
        .returning(table.c.version)
    )
    row = access.only(work, statement)
    if row is None:
        raise missing(identifier)
    access.check_version(row["version"] - 1, expected_version)
    return row_of(work, identifier)


def lock_editable(work: Work, identifier: int, expected_version: int | None = None) -> Row:
    """Do the same with one that may be changed. Raises NotEditable."""
    row = lock(work, identifier, expected_version)
    if row["state"] not in EDITABLE:
        raise NotEditable(f"the scenario is {row['state']}", state=row["state"])
    return row


def edit(work: Work, row: Row, **values: Any) -> None:
    """Change a scenario that is locked: a draft again, whatever it was."""
    values |= {"state": State.DRAFT, "updated_at": work.now, "updated_by": work.actor.name}
    change(work, row["id"], **values)


def change(work: Work, identifier: int, **values: Any) -> None:
    """Change columns of a scenario that is locked."""
    work.db.execute(update(t.scenario).where(t.scenario.c.id == identifier).values(values))


def record(work: Work, identifier: int, event: str, **data: Any) -> None:
    """Add an event to the history."""
    told = {"scenario": identifier, **data}
    work.db.execute(sql.INSERT_HISTORY, [event_row(work, None, f"scenario.{event}", None, told)])


def missing(identifier: int) -> NotFound:
    """Return the error that says there is no such scenario."""
    return NotFound(f"there is no scenario {identifier}", scenario=identifier)


def checked_name(name: str) -> str:
    """Return a name without the space around it. Raises Invalid."""
    plain = name.strip()
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Invalid(f"a scenario's name has 1 to {MAX_NAME} visible characters", field="name")
    return plain


def checked_text(field: str, text: str, *, needed: bool = False) -> str:
    """Return a text without the space around it. Raises Invalid."""
    plain = text.strip()
    if len(plain) > MAX_TEXT or (needed and not plain):
        least = 1 if needed else 0
        raise Invalid(f"{field} needs {least} to {MAX_TEXT} characters", field=field)
    return plain
