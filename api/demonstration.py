"""A demonstration city: people of every role, and projects run through the services day by day.

Nothing is written behind the services' back. The days are simulated, the rules are real: what
is late in the demonstration is late because its task was answered after its due day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import yaml

from engine.errors import NotFound
from engine.rules import china
from engine.scheduler import sweep
from engine.service import bundled, identity, passwords, projects, tasks
from engine.service.identity import UserView
from engine.service.views import TaskView
from engine.service.work import SYSTEM, Actor, Work
from engine.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.call import Database, Transaction
    from engine.settings import Settings

OFFICE_OPENS = time(9)
#: calendar days to look back; more than any plan below needs
LOOK_BACK = timedelta(days=200)
WITHOUT_WINDOW = {"APPL", "INST"}


@dataclass(frozen=True, slots=True)
class Plan:
    """A project of the demonstration, and how many working days ago it was started."""

    name: str
    procedure: str
    applicant: str
    days_ago: int


PLANS = (
    Plan("安庆水泵厂迁建", "industrial-2014", "安庆水泵有限公司", 62),
    Plan("皖江纺织二期厂房", "industrial-2013", "皖江纺织有限公司", 48),
    Plan("菱湖花园住宅小区", "real-estate-2014", "菱湖置业有限公司", 37),
    Plan("城东标准化厂房", "industrial-2014", "安庆水泵有限公司", 18),
    Plan("宜秀商业综合体", "real-estate-2013", "菱湖置业有限公司", 9),
    Plan("临港仓储中心", "industrial-2014", "皖江纺织有限公司", 2),
)
PEOPLE = (
    ("admin", "系统管理员", "admin"),
    ("coordinator", "政务服务中心", "coordinator"),
    ("supervisor", "监察局", "supervisor"),
    ("analyst", "流程分析员", "analyst"),
    *(
        (f"applicant-{number}", name, "applicant")
        for number, name in enumerate(sorted({plan.applicant for plan in PLANS}), 1)
    ),
)
#: working days a step takes, at least and at most
STEPS = {"receive": (0, 1), "supplement": (1, 4), "pay": (1, 3), "deliver": (0, 1)}
#: of a hundred applications, how many lack material; of a hundred decisions, how many are late
INCOMPLETE, LATE = 12, 8


@dataclass
class Demonstration:
    """Loads the city into a database, up to an instant."""

    engine: Database
    settings: Settings
    now: datetime
    users: dict[str, UserView] = field(default_factory=dict)
    applicants: dict[int, str] = field(default_factory=dict)
    #: promised or expected working days of the items of each project
    days: dict[int, dict[str, int]] = field(default_factory=dict)
    #: when each task will be answered
    ready: dict[str, date] = field(default_factory=dict)
    completed: int = 0

    def load(self, password: str) -> dict[str, Any]:
        """Load everything; returns what was made."""
        password_hash = passwords.hashed(password)
        with transaction(self.engine) as db:
            work = self.work(db, self.now, SYSTEM)
            bundled.deploy(work)
            for name, display_name, role, department in people(self.settings):
                self.add_user(work, name, display_name, password_hash, (role, department))
        for day in self.working_days():
            self.live_through(day)
        return {
            "projects": len(self.days),
            "tasks": self.completed,
            "users": [name for name, *_ in people(self.settings)],
        }

    def add_user(
        self, work: Work, name: str, display_name: str, password_hash: str, role: tuple[str, str]
    ) -> None:
        """Add a user unless there is one of that name."""
        try:
            self.users[name] = identity.named(work, name)
        except NotFound:
            self.users[name] = identity.create(
                work, name, display_name=display_name, password_hash=password_hash, roles={role}
            )

    def working_days(self) -> Iterator[date]:
        """Yield the working days from the first start until today."""
        today = self.now.astimezone(self.settings.zone).date()
        every = china.calendar().days(today - LOOK_BACK, today)
        worked = [day.on for day in every if day.working]
        yield from worked[-max(plan.days_ago for plan in PLANS) - 1 :]

    def live_through(self, day: date) -> None:
        """Let one day pass: what is late is flagged, projects start, people do their work."""
        at = min(self.instant(day), self.now)
        sweep(self.engine, at, self.settings)
        with transaction(self.engine) as db:
            for plan in self.starting(day):
                self.open_project(db, at, plan)
            while self.work_on(db, at, day):
                pass

    def instant(self, day: date) -> datetime:
        """Return when offices open on a day."""
        return datetime.combine(day, OFFICE_OPENS, self.settings.zone)

    def starting(self, day: date) -> Iterator[Plan]:
        """Yield the projects that start on a day."""
        days = list(self.working_days())
        yield from (plan for plan in PLANS if days[-1 - plan.days_ago] == day)

    def open_project(self, db: Transaction, at: datetime, plan: Plan) -> None:
        """Open and start a project."""
        work = self.work(db, at, self.actor("coordinator"))
        view = projects.create(work, plan.name, plan.procedure, plan.applicant)
        view = projects.start(work, view.id, reason="demonstration")
        self.days[view.id] = {item.id: item.promised_days or 0 for item in view.items}
        names = {user.display_name: name for name, user in self.users.items()}
        self.applicants[view.id] = names[plan.applicant]

    def work_on(self, db: Transaction, at: datetime, day: date) -> int:
        """Answer all tasks whose time has come; returns how many."""
        due = [task for task in self.open_tasks(db, at) if self.ready_on(task, day) <= day]
        for task in due:
            work = self.work(db, at, self.whose(task))
            tasks.complete(work, task.id, outcome_of(task))
        self.completed += len(due)
        return len(due)

    def open_tasks(self, db: Transaction, at: datetime) -> list[TaskView]:
        """Return the open tasks of the projects of the demonstration."""
        work = self.work(db, at, SYSTEM)
        return [
            task
            for project in self.days
            for task in tasks.find(work, project=project, limit=200).items
        ]

    def ready_on(self, task: TaskView, day: date) -> date:
        """Return the day a task will be answered, decided when it is first seen."""
        if task.id not in self.ready:
            chance = chance_of(task)
            days = self.taken(task, chance)
            self.ready[task.id] = china.calendar().add(day, days)
        return self.ready[task.id]

    def taken(self, task: TaskView, chance: Random) -> int:
        """Return the working days a task takes: most are in time."""
        if task.element in STEPS:
            return chance.randint(*STEPS[task.element])
        promised = self.days[task.project].get(task.item, 0)
        if task.element == "review":
            return promised * 6 // 10
        if task.element == "decide":
            left = promised - promised * 6 // 10
            return left + chance.randint(1, 3) if chance.randrange(100) < LATE else left
        return max(1, promised + chance.randint(-2, 1))

    def whose(self, task: TaskView) -> Actor:
        """Return who answers a task."""
        if "applicant" in task.roles:
            return self.actor(self.applicants[task.project])
        role = "reviewer" if "reviewer" in task.roles else "clerk"
        return self.actor(f"{role}-{task.department.lower()}")

    def actor(self, name: str) -> Actor:
        """Return a user as an actor."""
        user = self.users[name]
        return Actor(user.id, user.name, identity.roles_of(user.roles))

    def work(self, db: Transaction, at: datetime, actor: Actor) -> Work:
        """Return a unit of work on a simulated day."""
        return Work(db, at, actor, self.settings)


def people(settings: Settings) -> Iterator[tuple[str, str, str, str]]:
    """Yield (name, display name, role, department) of everybody."""
    for name, display_name, role in PEOPLE:
        yield name, display_name, role, ""
    content = (settings.bpmn_dir / "departments.yaml").read_text(encoding="utf-8")
    for code, row in yaml.safe_load(content)["departments"].items():
        for role, word in (("clerk", "窗口"), ("reviewer", "审批科")):
            if code != "APPL":
                yield f"{role}-{code.lower()}", f"{row['name']['zh']}{word}", role, code


def chance_of(task: TaskView) -> Random:
    """Return the chance of a task: the same for the same task of the same project's name."""
    return Random(f"{task.project_name}/{task.item}/{task.element}/{task.version}")  # noqa: S311 - a demonstration


def outcome_of(task: TaskView) -> str | None:
    """Return the answer to a task: the plain positive one, unless material is lacking."""
    if task.element != "receive":
        return None
    lacking = chance_of(task).randrange(100) < INCOMPLETE
    return "supplement" if lacking and not task.overdue else None
