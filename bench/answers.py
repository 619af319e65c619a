"""A hundred departments that answer one round of a joint review at the same moment, over HTTP."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier
from time import perf_counter

import yaml
from sqlalchemy import select, text

from bench.http import LIANSHEN, Client, await_port, free_port
from bench.service import NOW, Service
from bench.sweeping import created
from engine.service import identity, tokens
from engine.service.review import rounds
from engine.service.review.rounds import NewRound
from engine.service.work import Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.database import transaction
from tests import postgres

DEPARTMENTS = 100
SERVERS = 4
#: how often they all answer, each time another round
ROUNDS = 3
PROCEDURE = "industrial-2014"
CONDITION = {"text": "move the entrance", "owner": "the applicant", "due_on": "2014-10-24"}
#: what departments say, in turn
SAID = (
    {"kind": "agree"},
    {"kind": "agree_with_conditions", "conditions": [CONDITION]},
    {"kind": "disagree", "legal_basis": "art. 9", "required": "more green"},
    {"kind": "need_supplement", "materials": ["site plan"]},
)
OWN = tuple(f"D{number:03}" for number in range(DEPARTMENTS))
DEADLOCKS = text("SELECT sum(deadlocks) FROM pg_stat_database")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a hundred answers: seconds in all, and of each."""

    seconds: float
    each: Sequence[float]

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    @property
    def p95_ms(self) -> float:
        """The 95th of a hundred answers, in milliseconds."""
        return quantiles(self.each, n=20)[-1] * 1000


@dataclass(frozen=True, slots=True)
class Found:
    """Medians over the rounds, and what the database says afterwards."""

    at_once: float
    p95_ms: float
    one_by_one: float
    answers: int
    lost: int
    deadlocks: int


def measured(folder: Path) -> Found:
    """Measure on a PostgreSQL of our own. Raises CannotStart, RuntimeError for a lost opinion."""
    server = postgres.start()
    try:
        url = created(server, "answers")
        own_city = city(folder / "bpmn")
        service = Service.open(url, folder)
        service = replace(service, settings=replace(service.settings, bpmn_dir=own_city))
        with servers(url, folder, own_city) as ports:
            return compared(service, ports)
    finally:
        server.stop()


def city(folder: Path) -> Path:
    """Write the city's diagrams with a hundred departments more; returns their folder."""
    shutil.copytree(Settings().bpmn_dir, folder)
    path = folder / "departments.yaml"
    known = yaml.safe_load(path.read_text())
    known["departments"] |= {code: {"name": {"zh": code, "en": code}} for code in OWN}
    path.write_text(yaml.safe_dump(known, allow_unicode=True))
    return folder


@contextmanager
def servers(url: str, folder: Path, own_city: Path) -> Iterator[list[int]]:
    """Serve one database from several processes; yields their ports."""
    environment = {
        **os.environ,
        "LIANSHEN_DATABASE_URL": url,
        "LIANSHEN_DATA_DIR": str(folder),
        "LIANSHEN_BPMN_DIR": str(own_city),
    }
    ports = [free_port() for _ in range(SERVERS)]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(serving(port, environment))
            await_port(port)
        yield ports


@contextmanager
def serving(port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run one server process; it ends with the block."""
    process = subprocess.Popen(
        [LIANSHEN, "serve", "--port", str(port), "--no-scheduler", "--clock", NOW.isoformat()],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def compared(service: Service, ports: Sequence[int]) -> Found:
    """Let all answer at once and one after the other, in turn; see that nothing is lost."""
    secrets = people(service)
    clients = [Client(ports[n % SERVERS], secrets[n]) for n in range(DEPARTMENTS)]
    warm(clients)
    together: list[Answered] = []
    apart: list[Answered] = []
    lost = 0
    for _ in range(ROUNDS):
        for found, way in ((together, at_once), (apart, one_by_one)):
            identifier = launched(service)
            found.append(way(clients, identifier))
            lost += missing(service, identifier)
    with transaction(service.engine, read_only=True) as db:
        deadlocks = int(db.execute(DEADLOCKS).scalar_one())
    if lost or deadlocks:
        raise RuntimeError(f"{lost} opinions were lost, {deadlocks} deadlocks")
    return Found(
        at_once=median(each.per_second for each in together),
        p95_ms=median(each.p95_ms for each in together),
        one_by_one=median(each.per_second for each in apart),
        answers=DEPARTMENTS * ROUNDS * 2,
        lost=lost,
        deadlocks=deadlocks,
    )


def people(service: Service) -> list[str]:
    """Add a reviewer of each department; returns their tokens."""
    with transaction(service.engine) as db:
        return [token(service.work(db), each) for each in OWN]


def token(work: Work, department: str) -> str:
    """Add a reviewer of a department; returns a token."""
    roles = {("reviewer", department)}
    user = identity.create(work, department.lower(), password_hash=None, roles=roles)
    return tokens.create(work, user.id, "bench").token


def launched(service: Service) -> int:
    """Launch a round that asks them all; returns its id."""
    project = service.started(PROCEDURE)
    given = NewRound("planning", items=("IND-08",), departments=OWN)
    with transaction(service.engine) as db:
        return rounds.launch(service.work(db), project, given)


def warm(clients: Sequence[Client]) -> None:
    """Connect, and let each process read the diagrams once."""
    for client in clients:
        client.call("GET", "/me")
    for client in clients[:SERVERS]:
        client.call("GET", "/process-definitions")


def answer(client: Client, identifier: int, number: int) -> float:
    """Answer for one department; returns the seconds it took."""
    begin = perf_counter()
    body = {"department": OWN[number], **SAID[number % len(SAID)]}
    client.call("POST", f"/joint-reviews/{identifier}/opinions", body)
    return perf_counter() - begin


def at_once(clients: Sequence[Client], identifier: int) -> Answered:
    """Let all answer at the same moment."""
    barrier = Barrier(DEPARTMENTS)

    def start(number: int) -> tuple[float, float]:
        barrier.wait()
        begin = perf_counter()
        answer(clients[number], identifier, number)
        return begin, perf_counter()

    with ThreadPoolExecutor(DEPARTMENTS) as pool:
        times = list(pool.map(start, range(DEPARTMENTS)))
    seconds = max(end for _, end in times) - min(begin for begin, _ in times)
    return Answered(seconds, [end - begin for begin, end in times])


def one_by_one(clients: Sequence[Client], identifier: int) -> Answered:
    """Let one answer after the other."""
    times = [answer(clients[number], identifier, number) for number in range(DEPARTMENTS)]
    return Answered(sum(times), times)


def missing(service: Service, identifier: int) -> int:
    """Return how many of the hundred opinions are not there once, whole and in the history."""
    table, event = t.opinion.c, t.history.c
    kept = select(table.department, table.version, table.kind).where(table.round_id == identifier)
    told = select(event.data).where(event.event == "review.opinion")
    told = told.where(event.data["round"].as_integer() == identifier)
    with transaction(service.engine, read_only=True) as db:
        rows = [(row.department, row.version, row.kind) for row in db.execute(kept)]
        events = [row.data for row in db.execute(told)]
    wanted = Counter((OWN[n], 1, SAID[n % len(SAID)]["kind"]) for n in range(DEPARTMENTS))
    in_history = Counter((each["department"], each["version"], each["kind"]) for each in events)
    return (wanted - Counter(rows)).total() + (wanted - in_history).total()
