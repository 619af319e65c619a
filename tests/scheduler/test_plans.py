"""What is due is found by an index: a sweep costs by what falls due, not by what is open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, insert, text

from engine import scheduler
from engine.service.work import SYSTEM, Work
from engine.store import tables as t
from engine.store.database import transaction
from tests.service.city import City
from tests.service.drawn import little

#: by which index what is due is found
INDEXES = {
    "timers": "ix_timer_state_due_at",
    "gaps": "ix_deficiency_state_look_on",
    "deemed": "ix_task_lapses",
    "overdue": "ix_task_falls_due",
    "cards": "ix_task_card_look_on",
    # few stand still, so either of the two will do
    "overran": "ix_suspension_",
    "conditions": "ix_review_condition_state_due_on",
    "questions": "ix_task_project_id_state",
    "opened": "ix_project_opened",
}
#: what grows with the city
LARGE = ("task", "timer", "suspension", "deficiency", "project", "history", "project_item")


def explained(city: City, chore: scheduler.Chore) -> str:
    """How the database finds what a chore acts on."""
    asked: list[tuple[str, Any]] = []

    def note(_: Connection, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    sqlite = city.engine.dialect.name == "sqlite"
    with transaction(city.engine, read_only=True) as db:
        work = Work(db, city.now, SYSTEM, city.settings)
        event.listen(city.engine, "before_cursor_execute", note)
        try:
            list(chore.find(work))
        finally:
            event.remove(city.engine, "before_cursor_execute", note)
        if not sqlite:
            # of a small table a scan is cheaper; is there another way?
            db.execute(text("SET LOCAL enable_seqscan = off"))
        prefix = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        plans = [db.exec_driver_sql(prefix + each, given).all() for each, given in asked]
    return "\n".join(str(row[-1]) for plan in plans for row in plan)


def scanned(plan: str) -> set[str]:
    """The large tables that are read as a whole."""
    found = re.findall(r"(?:SCAN|Seq Scan on) (\w+)(?! USING)", plan)
    return {each for each in found if each in LARGE}


@pytest.fixture
def crowded(city: City) -> City:
    """A city with hundreds of projects, thousands of tasks and stops long over."""
    city.deploy(little())
    project = city.start("little")
    task = {**city.rows(t.task)[0], "overdue": True}
    row, item = city.rows(t.project, id=project)[0], city.rows(t.project_item)[0]
    numbers = range(project + 1, project + 400)
    stop = {"reason": "project", "from_on": city.today, "until_on": city.today}
    stop |= {"started_at": city.now, "started_by": "li"}
    gap = {"attempt": 1, "material": "map", "state": "supplied", "promised_on": city.today}
    gap |= {"item": item["item"], "created_at": city.now}
    many: dict[Table, list[dict[str, Any]]] = {
        t.project: [{**row, "id": n} for n in numbers],
        t.project_item: [{**item, "project_id": n} for n in numbers],
        t.task: [{**task, "id": f"{n}-{k}", "project_id": n} for n in numbers for k in range(10)],
        t.suspension: [{**stop, "project_id": n} for n in numbers],
        t.deficiency: [{**gap, "project_id": n} for n in numbers],
    }
    with transaction(city.engine) as db:
        for table, rows in many.items():
            db.execute(insert(table), rows)
        # a database that knows its tables chooses otherwise than one that guesses
        db.execute(text("ANALYZE"))
    return city


@pytest.mark.parametrize("name", scheduler.CHORES)
def test_what_is_due_is_found_by_an_index(crowded: City, name: str) -> None:
    plan = explained(crowded, scheduler.CHORES[name])
    assert scanned(plan) == set(), plan
    assert INDEXES[name] in plan, plan


def test_a_scan_would_be_seen() -> None:
    assert scanned("SCAN task") == {"task"}
    assert scanned("Seq Scan on task  (cost=1 rows=1)") == {"task"}
    assert scanned("SCAN task USING INDEX ix_task_falls_due") == set()
    assert scanned("SEARCH project USING INTEGER PRIMARY KEY (rowid=?)") == set()
