"""What is due is found by an index: a sweep costs by what falls due, not by what is open."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from engine import scheduler
from engine.service.work import SYSTEM, Work
from engine.store.database import transaction
from tests.service.city import City
from tests.service.drawn import little

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


@pytest.mark.parametrize("name", scheduler.CHORES)
def test_what_is_due_is_found_by_an_index(city: City, name: str) -> None:
    city.deploy(little())
    city.start("little")
    plan = explained(city, scheduler.CHORES[name])
    assert scanned(plan) == set(), plan


def test_a_scan_would_be_seen() -> None:
    assert scanned("SCAN task") == {"task"}
    assert scanned("Seq Scan on task  (cost=1 rows=1)") == {"task"}
    assert scanned("SCAN task USING INDEX ix_task_falls_due") == set()
    assert scanned("SEARCH project USING INTEGER PRIMARY KEY (rowid=?)") == set()
