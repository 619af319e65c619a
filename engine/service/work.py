"""What every use case is given: a connection in a transaction, the time, and who acts.

Services never commit: the request boundary and the sweep do, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.errors import Forbidden
from engine.rules.calendar import BusinessCalendar
from engine.rules.city import CityRules
from engine.service import city, present_calendar
from engine.settings import Settings

ADMIN = "admin"
#: `head`: of a department, or of the government where bound to none; approves extensions
ROLES = ("applicant", "clerk", "reviewer", "head", "coordinator", "analyst", "supervisor", ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user with roles, each bound to a department or to none ('')."""

    id: int | None
    name: str
    roles: frozenset[tuple[str, str]] = frozenset()

    def has(self, *roles: str, department: str | None = None) -> bool:
        """Tell whether the actor has one of the roles, there; an admin has them all."""
        return any(
            role == ADMIN or (role in roles and (department is None or place in ("", department)))
            for role, place in self.roles
        )

    def require(self, *roles: str, department: str | None = None) -> None:
        """Raise Forbidden unless the actor has one of the roles."""
        if not self.has(*roles, department=department):
            where = f" of {department}" if department else ""
            raise Forbidden(f"this needs the role {' or '.join(roles)}{where}", roles=list(roles))

    def bound(self, *roles: str, department: str) -> bool:
        """Tell whether the actor has one of the roles of that very department.

        Unlike `has`, neither who is bound to no department, as the government's head, nor an admin.
        """
        return any((role, department) in self.roles for role in roles)

    def only(self, role: str) -> bool:
        """Tell whether the actor has no other role than this."""
        return {each for each, _ in self.roles} <= {role}

    def owns(self, project: Mapping[str, Any]) -> bool:
        """Tell whether the actor is the applicant of a project, or of a row that tells of it."""
        return self.id is not None and project["applicant_user_id"] == self.id

    def has_plain(self, role: str) -> bool:
        """Tell whether the actor has a role themselves, not by being an admin."""
        return any(each == role for each, _ in self.roles)

    @property
    def is_admin(self) -> bool:
        """Tell whether the actor may act for anyone."""
        return any(role == ADMIN for role, _ in self.roles)


#: what the service itself does
SYSTEM = Actor(None, "system", frozenset({(ADMIN, "")}))


@dataclass(frozen=True, slots=True)
class Work:
    """One unit of work."""

    db: Connection
    now: datetime
    actor: Actor
    settings: Settings

    @property
    def local_now(self) -> datetime:
        """The instant in the service's time zone, which diagrams' times without one are in."""
        return self.now.astimezone(self.settings.zone)

    @property
    def today(self) -> date:
        """The date in the service's time zone."""
        return self.now.astimezone(self.settings.zone).date()

    @property
    def rules(self) -> CityRules:
        """What the city decides for itself."""
        return city.rules(self.settings)

    @property
    def calendar(self) -> BusinessCalendar:
        """The business calendar in force, asked for once in a transaction."""
        return present_calendar.current(self.db)
