"""A big city: the projects of the demonstration, run through the services, and copies of them.

Copying is the database's own work, a statement a table and project: ten thousand projects stand
within a minute. Copies have days, tasks, diagrams and histories of their own, and the dates of
what they are copied from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, insert, select, text

from bench.service import NOW
from engine.store import tables as t
from engine.store.database import transaction

PROJECTS = 10_000
TASKS = 200_000
APPLICANTS = 2_000
#: how many of the projects with the fewest tasks are copied more often
YOUNG = 3
#: columns with the id of a task or of a running diagram, which a copy has anew
IDS = {"id", "parent_id", "parent_task", "instance_id", "task_id"}
#: a copy's number in the letters that its ids end with
ENDING = "printf('%08x', :first + n.k)"


def fill(engine: Engine) -> dict[str, int]:
    """Copy the projects of a city until it is big; returns how many rows there are then."""
    with transaction(engine) as db:
        settle(db)
        first = last(db, t.project)
        tasks = sizes(db)
        missing = PROJECTS - count(db, t.project), TASKS - sum(tasks.values())
        for project, times in copies(tasks, *missing).items():
            copy(db, project, first, times)
            first += times
    with transaction(engine) as db:
        db.execute(text("ANALYZE"))
        return {table.name: count(db, table) for table in (t.project, t.task, t.history)}


def last(db: Connection, table: Table) -> int:
    """Return the last id of a table."""
    return int(db.execute(select(func.max(table.c.id))).scalar_one())


def settle(db: Connection) -> None:
    """Add applicants, for the copies to belong to."""
    first = last(db, t.user)
    numbers = range(first + 1, first + APPLICANTS + 1)
    users = [
        {"id": n, "name": f"company-{n}", "display_name": f"第{n}建设公司", "created_at": NOW}
        for n in numbers
    ]
    db.execute(insert(t.user), users)
    db.execute(insert(t.user_role), [{"user_id": n, "role": "applicant"} for n in numbers])


def count(db: Connection, table: Table) -> int:
    """Return how many rows a table has."""
    return int(db.execute(select(func.count()).select_from(table)).scalar_one())


def sizes(db: Connection) -> dict[int, int]:
    """Return how many tasks each project has had, those that have had any."""
    tasks = select(t.task.c.project_id, func.count()).group_by(t.task.c.project_id)
    return {int(project): int(number) for project, number in db.execute(tasks)}


def copies(tasks: Mapping[int, int], projects: int, wanted: int) -> dict[int, int]:
    """Return how often each project is copied, to make so many projects with so many tasks.

    Each is copied equally often, and the youngest as often more as it takes: in a city, as here,
    there are many of them.
    """
    young = sorted(tasks, key=lambda project: tasks[project])[:YOUNG]
    size = sum(tasks[project] for project in young) / YOUNG
    often = (wanted - projects * size) / (sum(tasks.values()) - len(tasks) * size)
    times = dict.fromkeys(tasks, max(1, round(often)))
    for number in range(projects - sum(times.values())):
        times[young[number % YOUNG]] += 1
    return times


def copy(db: Connection, project: int, first: int, times: int) -> None:
    """Copy a project and all that belongs to it; the copies' ids follow `first`."""
    given = {"project": project, "first": first, "times": times}
    for table in t.metadata.sorted_tables:
        if table is t.project or refers(table):
            db.execute(text(statement(table)), given)


def refers(table: Table) -> bool:
    """Tell whether a table's rows belong to a project."""
    return any(key.column.table is t.project for key in table.foreign_keys)


def statement(table: Table) -> str:
    """Return the statement that copies the rows of a project."""
    columns = dict(copied(table))
    key = "id" if table is t.project else "project_id"
    # a stage goes before its cases: SQLite searches the whole table for the children of a latecomer
    order = " ORDER BY o.parent_id NULLS FIRST" if "parent_id" in table.c else ""
    return (
        "WITH RECURSIVE n(k) AS (SELECT 1 WHERE :times > 0 UNION ALL "
        "SELECT k + 1 FROM n WHERE k < :times) "
        f"INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM {table.name} AS o, n WHERE o.{key} = :project"
        f"{order}"
    )


def copied(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the columns of a copy, each with what it is made of."""
    for column in table.columns:
        if made := expression(column):
            yield column.name, made


#: what a copy's own columns are made of
OWN = {
    t.project.c.id: ":first + n.k",
    t.project.c.name: "o.name || ' ' || (:first + n.k)",
    t.project.c.applicant_user_id: f"(SELECT max(id) FROM app_user) - n.k % {APPLICANTS}",
    #: the database's
    t.history.c.tx: "",
}


def expression(column: Column[Any]) -> str:
    """Return what a column of a copy is made of; '' where the database knows itself."""
    name = f"o.{column.name}"
    if column in OWN:
        return OWN[column]
    if column.name == "project_id":
        return ":first + n.k"
    if column.name not in IDS:
        return name
    if column.type.python_type is int:
        return ""
    return f"substr({name}, 1, length({name}) - 8) || {ENDING}"
