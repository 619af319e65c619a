"""The city: its people and procedures, and a simulated time in which its projects go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from api.demonstration import accounts, coaching, scenarios, ticks
from api.demonstration.agenda import Agenda
from api.demonstration.cards import Cards
from api.demonstration.coaching import Counsel
from api.demonstration.hours import MORNING, Hours
from api.demonstration.people import Person, people
from api.demonstration.plan import Plan, plans
from api.demonstration.reviews import Reviews
from api.demonstration.site import Site
from engine.errors import Conflict, NotFound
from engine.rules.catalogue import Item
from engine.service import (
    bundled,
    demonstration,
    deployments,
    identity,
    passwords,
    procedures,
    standings,
)
from engine.service.supervision import opened
from engine.service.work import SYSTEM, Actor, Work
from engine.store.database import transaction

if TYPE_CHECKING:
    from api.call import Database, Transaction
    from engine.settings import Settings

#: of so many decisions of projects that are not prompt, one is late
LATE_EVERY = 17
#: told how much of the simulated time has passed, from 0 to 1
Told = Callable[[float], object]


def silent(_done: float) -> None:
    """Tell nobody."""


@dataclass
class Demonstration:
    """Loads the city into a database as it stands at an instant: all of it, or nothing."""

    engine: Database
    settings: Settings
    now: datetime

    def load(self, password: str, told: Told = silent) -> dict[str, Any]:
        """Load everything; returns how many projects, answers and users there are.

        A user whose name is taken stays as they are. Raises Conflict where the database holds
        a demonstration already, or where somebody of that name has another role.
        """
        password_hash = passwords.hashed(password)
        with transaction(self.engine) as db:
            city = City(db, self.settings, self.now)
            city.check_new()
            added = city.settle(password_hash)
            city.live(told)
            work = city.work(self.now, SYSTEM)
            standings.refresh_stale(work)
            opened.write_waiting(work)
            accounts.keep(work, password, password_hash, added)
        return {
            "projects": len(city.sites),
            "tasks": sum(site.answered for site in city.sites.values()),
            "users": added,
        }


@dataclass
class City:
    """The city within one transaction."""

    db: Transaction
    settings: Settings
    now: datetime
    agenda: Agenda = field(default_factory=Agenda)
    actors: dict[str, Actor] = field(default_factory=dict)
    #: what users are called
    names: dict[str, str] = field(default_factory=dict)
    #: users by role and department, and applicants by their company's name
    staff: dict[tuple[str, str], list[Actor]] = field(default_factory=dict)
    #: projects by their ids, in the order they were entered
    sites: dict[int, Site] = field(default_factory=dict)
    #: coachings by the name of the project that comes of them
    coached: dict[str, Counsel] = field(default_factory=dict)
    #: what the catalogue says of the items of each procedure
    catalogues: dict[str, Mapping[str, Item]] = field(default_factory=dict)
    #: decisions since one was late, of projects of which some are
    prompt: int = 0

    def __post_init__(self) -> None:
        calendar = self.work(self.now, SYSTEM).calendar
        self.hours = Hours(calendar, self.settings.zone)
        self.plans = plans()
        self.cards = Cards(self)
        self.reviews = Reviews(self)

    def work(self, at: datetime, actor: Actor) -> Work:
        """Return a unit of work at a simulated instant."""
        return Work(self.db, at, actor, self.settings)

    def check_new(self) -> None:
        """Raise Conflict where the database holds a demonstration."""
        if demonstration.find(self.work(self.now, SYSTEM)):
            text = "the database holds the demonstration already; a new one needs a new database"
            raise Conflict(text)

    # -- before the first project ------------------------------------------------------------

    @property
    def begins_at(self) -> datetime:
        """The instant from which there are users and procedures."""
        return self.instant(self.plans[0].days_ago + 1, "city")

    def instant(self, days_ago: int, what: str) -> datetime:
        """Return an instant in the morning of a working day before today."""
        on = self.hours.back(self.hours.day_of(self.now), days_ago)
        chance = Random(what)  # noqa: S311 - a demonstration
        return self.hours.at(on, chance.choice(MORNING), chance)

    def settle(self, password_hash: str) -> list[str]:
        """Deploy the procedures and add everybody; returns the names of those who are new."""
        work = self.work(self.begins_at, SYSTEM)
        bundled.deploy(work)
        self.catalogues = {name: self.catalogue(work, name) for name in self.procedures}
        return [each.user for each in people(self.settings) if self.add(work, each, password_hash)]

    @property
    def procedures(self) -> set[str]:
        """The procedures that the projects follow."""
        return {plan.procedure for plan in self.plans}

    def catalogue(self, work: Work, procedure: str) -> Mapping[str, Item]:
        """Return the items of the newest version of a procedure."""
        version = procedures.latest(work, procedure)
        return deployments.deployment(work.db, version).procedure.items

    def add(self, work: Work, person: Person, password_hash: str) -> bool:
        """Add a person unless there is a user of that name."""
        try:
            user, new = identity.named(work, person.user), False
        except NotFound:
            roles = {(person.role, person.department)}
            user = identity.create(
                work,
                person.user,
                display_name=person.name,
                password_hash=password_hash,
                roles=roles,
            )
            new = True
        actor = Actor(user.id, user.name, identity.roles_of(user.roles))
        if (person.role, person.department) not in actor.roles:
            raise Conflict(f"there is a user {user.name!r} who is no {person.role}")
        self.actors[user.name] = actor
        self.names[user.name] = person.name
        self.staff.setdefault((person.role, person.department), []).append(actor)
        if person.role == "applicant":
            self.staff["applicant", person.name] = [actor]
        return new

    # -- day by day --------------------------------------------------------------------------

    def live(self, told: Told) -> None:
        """Let the time pass from the first project until now."""
        for plan in self.plans:
            self.enter(plan)
        for each in coaching.plans():
            self.coach(each)
        begins_at = self.begins_at
        whole = max(self.now - begins_at, timedelta(seconds=1))
        ticks.enter(self)
        scenarios.enter(self)
        self.reviews.enter()
        for entry in self.agenda.until(self.now):
            entry.act()
            told((entry.at - begins_at) / whole)
        ticks.sweep(self, self.now)

    def enter(self, plan: Plan) -> None:
        """Put a project on the agenda."""
        site = Site(self, plan)
        at = self.instant(plan.days_ago, plan.name)
        self.agenda.add(at, partial(self.open, site, at))

    def coach(self, plan: coaching.CoachingPlan) -> None:
        """Put a coaching on the agenda."""
        counsel = Counsel(self, plan)
        at = self.instant(plan.opened, f"{plan.name}/coaching")
        self.agenda.add(at, partial(counsel.open, at))
        if plan.project:
            self.coached[plan.project] = counsel

    def open(self, site: Site, at: datetime) -> None:
        """Have a project entered."""
        site.enter(at)
        self.sites[site.id] = site

    def one_is_late(self) -> bool:
        """Tell whether it is a decision's turn to be late: of so many in the city one is."""
        self.prompt = (self.prompt + 1) % LATE_EVERY
        return self.prompt == 0
