"""Cities to visit: real servers, each on a database of its own, all at the same instant.

full     the demonstration: projects of both kinds, at every stage
bare     people and procedures, no project yet
new      nobody yet: the first administrator is still to come
"""

from __future__ import annotations

import fcntl
import gzip
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from sqlalchemy import Connection, Engine

from api.auth import COOKIE, CSRF_HEADER
from api.demonstration.city import Demonstration
from engine.service import bundled, drafts, identity, passwords, procedures, projects, tasks
from engine.service.drafts import Checked
from engine.service.incidents import StepFailed
from engine.service.logs import calibrating, logs
from engine.service.simulations import claims, playing, runs, standard
from engine.service.simulations.playing import Job
from engine.service.work import SYSTEM, Actor, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction, upgrade
from tests.api import small
from tests.browser.places import places
from tests.e2e.servers import Installation

#: Thursday 16 October 2014, ten in the morning in Beijing: after the holidays, all at work again
NOW = datetime(2014, 10, 16, 2, tzinfo=UTC)
PASSWORD = "four-stages-one-window"
DATABASE = "lianshen.db"
#: what nobody can look up over REST, as its builder wrote it down
PLACES = "places.json"
#: runs of the simulation, by their place
RUNS = {
    "simulated": "industrial-2013",
    "simulated_too": "industrial-2014",
    "queued": "industrial-2014",
}
RECEIPT = Path(__file__).parents[1] / "data" / "receipt.xes.gz"
#: a register as a window keeps it, with a cell that is no time
TABLE = "\n".join(
    (
        "案件编号,环节,完成时间,办理人",
        *(
            f"A{case:03},{step},2014-03-{day + 3:02} {hour}:30,{who}"
            for case in range(40)
            for day, (step, hour, who) in enumerate(
                (("收件受理", "09", "王"), ("审查", 10 + case % 7, "李"), ("决定", "16", "赵"))
            )
        ),
        "A040,收件受理,见附页,王",
    )
).encode()
#: who lives in the bare city, by the names the demonstration gives them
RESIDENTS = {
    "admin": ("admin", ""),
    "coordinator": ("coordinator", ""),
    "supervisor": ("supervisor", ""),
    "analyst": ("analyst", ""),
    "applicant-1": ("applicant", ""),
    "clerk-plan": ("clerk", "PLAN"),
    "reviewer-plan": ("reviewer", "PLAN"),
}


@dataclass
class City:
    """A running service. Whoever visits it is logged in over REST, once a name."""

    address: str
    kind: str
    installation: Installation
    #: by name, the secret of their session and the token their forms need
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def session(self, name: str) -> tuple[str, str]:
        """Return somebody's session cookie and CSRF token."""
        if name not in self.sessions:
            given = {"name": name, "password": PASSWORD}
            answer, headers = self.send("POST", "/session", given, {})
            cookie = headers["Set-Cookie"].partition(";")[0].removeprefix(f"{COOKIE}=")
            self.sessions[name] = cookie, answer["csrf_token"]
        return self.sessions[name]

    def call(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """Ask something of REST as somebody; returns the answer's data."""
        cookie, csrf = self.session(name)
        headers = {"Cookie": f"{COOKIE}={cookie}", CSRF_HEADER: csrf}
        return self.send(method, path, body, headers)[0]

    def get(self, name: str, path: str) -> Any:
        """Look something up over REST as somebody."""
        return self.call(name, "GET", path)

    def places(self) -> dict[str, str]:
        """Return what the city has of each kind that addresses name, looked up once."""
        if not self.known and self.kind != "new":
            kept = json.loads((self.installation.folder / PLACES).read_bytes())
            self.known.update(places(self.get) | kept)
        return self.known

    def set_clock(self, now: datetime) -> None:
        """Let time pass, at once; what fell due meanwhile is swept."""
        self.call("admin", "POST", "/clock", {"now": now.isoformat()})
        # a session may have ended meanwhile
        self.sessions.clear()

    def send(
        self, method: str, path: str, body: Any, headers: Mapping[str, str]
    ) -> tuple[Any, Mapping[str, str]]:
        """Send a request and return its answer's data and headers."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if data else {}
        url = f"{self.address}/api/v1{path}"
        request = Request(url, data, {**kind, **headers}, method=method)
        with urlopen(request, timeout=60) as answer:
            content = answer.read()
            return json.loads(content) if content else None, answer.headers


@contextmanager
def running(kind: str, template: Path, folder: Path) -> Iterator[City]:
    """Serve a copy of a city's template from a folder."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    installation = Installation(f"sqlite:///{folder / DATABASE}", folder)
    with installation.server("--clock", NOW.isoformat(), "--no-scheduler") as address:
        yield City(address, kind, installation)


def template(kind: str, home: Path) -> Path:
    """Return the folder of a city to be copied; the first process to ask builds it."""
    folder = home / f"city-{kind}"
    with (home / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = home / f"city-{kind}-half"
            build(kind, half)
            half.rename(folder)
    return folder


def build(kind: str, folder: Path) -> None:
    """Build a city in a new folder."""
    folder.mkdir()
    url = f"sqlite:///{folder / DATABASE}"
    upgrade(url)
    settings = replace(Settings(), database_url=url, data_dir=folder)
    engine = open_database(url, "NORMAL")
    kept = BUILDERS[kind](engine, settings) or {}
    (folder / PLACES).write_text(json.dumps(kept), encoding="utf-8")
    engine.dispose()


def full(engine: Engine, settings: Settings) -> None:
    """Let a city come to work, through the services, day by day."""
    Demonstration(engine, settings, NOW).load(PASSWORD)


def bare(engine: Engine, settings: Settings) -> None:
    """Let people and procedures come; projects are still to."""
    secret = passwords.hashed(PASSWORD)
    with transaction(engine) as db:
        work = Work(db, NOW, SYSTEM, settings)
        bundled.deploy(work)
        for name, role in RESIDENTS.items():
            identity.create(work, name, display_name=name, password_hash=secret, roles={role})


def odd(engine: Engine, settings: Settings) -> dict[str, str]:
    """Let a step fail for its diagram's sake, and diagrams be checked that cannot run."""
    bare(engine, settings)
    with transaction(engine) as db:
        admin, analyst = (working(db, name, settings) for name in ("admin", "analyst"))
        procedures.deploy(admin, {"small.bpmn": small.diagram("size > 3")})
        project = projects.create(admin, "试点项目", small.PROCEDURE, "applicant-1")
        projects.start(admin, project.id)
        [survey] = tasks.find(admin, project=project.id).items
        draft = drafts.keep(analyst, drafts.check(broken(settings), settings))
    with suppress(StepFailed), transaction(engine) as db:
        tasks.complete(working(db, "admin", settings), survey.id, "approve")
    kept = {**event_logs(engine, settings), **simulations(engine, settings)}
    return {"checked": draft.id, **kept}


def event_logs(engine: Engine, settings: Settings) -> dict[str, str]:
    """Bring in event logs: one that is calibrated, one of a table, and a table that waits."""
    with transaction(engine) as db:
        analyst = working(db, "analyst", settings)
        found = logs.add(analyst, "受理环节", RECEIPT.read_bytes(), source_name="receipt.xes.gz")
        calibrating.calibrate(analyst, found, timezone="Europe/Amsterdam")
        mapped = logs.add(analyst, "窗口登记", TABLE, source_name="窗口登记.csv")
        waits = drafts.keep(analyst, Checked({"窗口登记.csv": gzip.compress(TABLE)}, []))
    return {"log": str(found), "mapped": str(mapped), "table": waits.id}


def simulations(engine: Engine, settings: Settings) -> dict[str, str]:
    """Play a procedure with the city's staff before and after, and queue one more run."""
    plan = {"cases": 120, "replications": 3, "warm_up_days": 120, "cool_down_days": 30}
    given = {**standard.assumptions(settings), "start": NOW.date().isoformat()}
    found = {}
    with transaction(engine) as db:
        analyst = working(db, "analyst", settings)
        for place, procedure in RUNS.items():
            run = runs.create(
                analyst,
                name=procedure,
                source={"procedure": procedure},
                assumptions=given,
                plan=plan,
                sensitivity=True,
            )
            found[place] = str(run)
        for each in (found["simulated"], found["simulated_too"]):
            claimed = claims.claim(analyst, int(each), "here", NOW)
            assert claimed is not None
            job = Job(claimed.model, claimed.plan, claimed.sensitivity, 1)
            claims.finish(analyst, claimed, playing.played(job, lambda _done, _of: True))
    return found


def working(db: Connection, name: str, settings: Settings) -> Work:
    """Return a unit of work of somebody."""
    user = identity.named(Work(db, NOW, SYSTEM, settings), name)
    return Work(db, NOW, Actor(user.id, name, identity.roles_of(user.roles)), settings)


def broken(settings: Settings) -> dict[str, bytes]:
    """Return the files of a procedure with a call that leads nowhere."""
    files = dict(procedures.named("industrial-2014", settings))
    name = next(name for name in files if name.endswith("approval.bpmn"))
    files[name] = files[name].replace(b'calledElement="item"', b'calledElement="itme"', 1)
    return files


def new(_engine: Engine, _settings: Settings) -> None:
    """Leave the database as it comes."""


BUILDERS: dict[str, Callable[[Engine, Settings], dict[str, str] | None]] = {
    "full": full,
    "bare": bare,
    "odd": odd,
    "new": new,
}
