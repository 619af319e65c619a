"""A sweep among few and among a million open due dates, of which the same thousand fall due."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import Date, bindparam, make_url, select, text

from bench.diagrams import eight_tasks
from bench.service import Service
from engine.rules.deadline import overdue_from
from engine.scheduler import CHORES, sweep
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.database import open_database, transaction
from tests import postgres

SIZES = FEW, MANY = 10_000, 1_000_000
DUE = 1_000
PROJECTS = 50
#: how often a thousand fall due; then for one worker of its own and for two, in turn and twice
ROUNDS = 4
LOOKS = 20
WORKERS = (1, 2, 1, 2)
#: what is not due then is due over so many days
DAYS = 250
FIRST_ON = date(2014, 9, 1)
#: the due date of the tasks that the others are copies of
NEVER = date(9999, 12, 31)
OWN = {
    "id": "substr(o.id, 1, 16) || '-' || CAST(:day AS TEXT) || '-' || CAST(n.k AS TEXT)",
    "promised_due_on": ":due_on",
    "due_on": ":due_on",
    "overdue_from": ":overdue_from",
}
COLUMNS = [column.name for column in t.task.columns]
COPY = text(
    f"""
    WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < :times)
    INSERT INTO task ({", ".join(COLUMNS)})
    SELECT {", ".join(OWN.get(name, f"o.{name}") for name in COLUMNS)}
    FROM task AS o, n WHERE o.due_on = :never
    """
).bindparams(
    bindparam("due_on", type_=Date),
    bindparam("never", type_=Date),
    bindparam("overdue_from", type_=t.Instant),
)


@dataclass(frozen=True, slots=True)
class Sharing:
    """What workers did with a thousand at once: how many each, and for how long."""

    acted: Sequence[int]
    seconds: float
    #: how often the one that was flagged most often was
    most_often: int


def filled(service: Service, size: int) -> Service:
    """Write so many open tasks: a thousand for each round, and the rest due long after."""
    procedure = service.deploy({"eight.bpmn": eight_tasks()})
    for _ in range(PROJECTS):
        service.started(procedure)
    for number in range(ROUNDS + len(WORKERS)):
        copy(service, number, DUE // PROJECTS)
    rest = (size - (ROUNDS + len(WORKERS)) * DUE) // PROJECTS
    for number in range(DAYS):
        copy(service, 100 + number, rest // DAYS + (number < rest % DAYS))
    with transaction(service.engine) as db:
        db.execute(text("ANALYZE"))
    return service


def copy(service: Service, day: int, times: int) -> None:
    """Copy each project's task so often, due so many days after the first."""
    if not times:
        return
    given = {
        "times": times,
        "day": day,
        "due_on": FIRST_ON + timedelta(days=day),
        "overdue_from": falls_due(service.settings, day),
        "never": NEVER,
    }
    with transaction(service.engine) as db:
        db.execute(COPY, given)


def falls_due(settings: Settings, day: int) -> datetime:
    """Return the instant at which what is due on a day is late."""
    return overdue_from(FIRST_ON + timedelta(days=day), settings.zone)


def compare(few: Service, many: Service) -> dict[str, float]:
    """Sweep both in turn; the seconds of each, and the median of the ratios."""
    times: dict[int, list[float]] = {FEW: [], MANY: []}
    for number in range(ROUNDS):
        for size, service in ((FEW, few), (MANY, many)):
            begin = perf_counter()
            done = sweep(service.engine, falls_due(service.settings, number), service.settings)
            times[size].append(perf_counter() - begin)
            if done["overdue"] != DUE:
                raise RuntimeError(f"{done} of {DUE} were flagged")
    ratios = [long / short for short, long in zip(times[FEW], times[MANY], strict=True)]
    return {"few_s": median(times[FEW]), "many_s": median(times[MANY]), "ratio": median(ratios)}


def look(service: Service) -> float:
    """Return the milliseconds of finding what is due where a thousand are, without acting."""
    now = falls_due(service.settings, ROUNDS)
    times = []
    for _ in range(LOOKS):
        with transaction(service.engine, read_only=True) as db:
            work = Work(db, now, SYSTEM, service.settings)
            begin = perf_counter()
            for chore in CHORES.values():
                list(chore.find(work))
            times.append(perf_counter() - begin)
    return 1000 * median(times)


def share(service: Service, number: int, workers: int) -> Sharing:
    """Let workers sweep at once, each a process of its own."""
    now = falls_due(service.settings, number)
    context = multiprocessing.get_context("spawn")
    queue, start = context.Queue(), context.Barrier(workers)
    given = (service.settings, now, start, queue)
    processes = [context.Process(target=sweep_elsewhere, args=given) for _ in range(workers)]
    for each in processes:
        each.start()
    found = [queue.get(timeout=600) for _ in processes]
    for each in processes:
        each.join()
    table = t.history.c
    query = select(table.task_id).where(table.event == "task.overdue", table.at >= now)
    with transaction(service.engine, read_only=True) as db:
        flags = Counter(db.execute(query).scalars())
    acted = sorted((flagged for flagged, _seconds in found), reverse=True)
    if sum(acted) != DUE or len(flags) != DUE:
        raise RuntimeError(f"{acted} of {DUE} were flagged")
    return Sharing(acted, max(seconds for _flagged, seconds in found), max(flags.values()))


def sweep_elsewhere(settings: Settings, now: datetime, start: Any, queue: Any) -> None:
    """Sweep in a process of its own, once both are there."""
    engine = open_database(settings.database_url)
    # what a process does once: the diagrams read, the calendar made
    sweep(engine, now - timedelta(days=1), settings)
    start.wait()
    begin = perf_counter()
    done = sweep(engine, now, settings)
    queue.put((done["overdue"], perf_counter() - begin))
    engine.dispose()


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, list[str]]]:
    """Two empty databases of each kind; of PostgreSQL only where it starts."""
    found = {"SQLite": [f"sqlite:///{folder}/{size}.db" for size in SIZES]}
    try:
        server = postgres.start()
    except postgres.CannotStart as refusal:
        print(f"PostgreSQL is not measured: {refusal}")
        yield found
        return
    try:
        yield {**found, "PostgreSQL": [created(server, f"sweep_{size}") for size in SIZES]}
    finally:
        server.stop()


def created(server: postgres.Server, name: str) -> str:
    """Return the address of a new database."""
    plain = make_url(server.url).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    url = make_url(server.url).set(database=name)
    return url.render_as_string(hide_password=False)


def measured(folder: Path) -> Iterator[tuple[str, dict[str, float], list[Sharing]]]:
    """Yield what each kind of database took, and what workers made of it together."""
    with databases(folder) as found:
        for kind, urls in found.items():
            few, many = (
                filled(Service.open(url, folder / kind), size)
                for url, size in zip(urls, SIZES, strict=True)
            )
            times = {**compare(few, many), "few_ms": look(few), "many_ms": look(many)}
            shared = [share(many, ROUNDS + place, n) for place, n in enumerate(WORKERS)]
            # the first of each warms the database's memory
            yield kind, times, shared[len(WORKERS) // 2 :]
            few.engine.dispose()
            many.engine.dispose()
