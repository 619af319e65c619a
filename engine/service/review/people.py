"""Whom letters go to: representatives, and those who work for departments, with an address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from engine.service import departments
from engine.service.work import Work
from engine.store import tables as t

#: roles in a department whose holders get its letters
STAFF = ("clerk", "reviewer", "head")


@dataclass(frozen=True, slots=True)
class Person:
    """A user with an address; `departments` are those among the asked that they work for."""

    name: str
    shown: str
    email: str
    departments: frozenset[str] = frozenset()


def find(work: Work, places: Collection[str], names: Collection[str] = ()) -> list[Person]:
    """Return the active users with an address who work for departments, or are named.

    Of an address that several have, the first user's name stands for all.
    """
    user, role = t.user.c, t.user_role.c
    works = role.role.in_(STAFF) & role.department.in_(places)
    query = (
        select(user.name, user.display_name, user.email, role.department)
        .join(t.user_role, (role.user_id == user.id) & works, isouter=True)
        .where(user.active, user.email != "", or_(works, user.name.in_(names)))
        .order_by(user.id, role.department)
    )
    found: dict[str, Person] = {}
    for row in work.db.execute(query):
        new = Person(row.name, row.display_name or row.name, row.email)
        known = found.get(row.email.lower(), new)
        mine = known.departments | ({row.department} if row.department else set())
        found[row.email.lower()] = replace(known, departments=mine)
    return list(found.values())


def unbound(work: Work, role: str) -> list[Person]:
    """Return the active users with an address who have a role that is bound to no department."""
    user, held = t.user.c, t.user_role.c
    query = (
        select(user.name, user.display_name, user.email)
        .join(t.user_role, held.user_id == user.id)
        .where(user.active, user.email != "", held.role == role, held.department == "")
        .order_by(user.id)
    )
    return [
        Person(row.name, row.display_name or row.name, row.email) for row in work.db.execute(query)
    ]


def applicants(work: Work, projects: Collection[int]) -> list[Person]:
    """Return the applicants of projects who have an address."""
    user, project = t.user.c, t.project.c
    query = (
        select(user.name, user.display_name, user.email)
        .join(t.project, project.applicant_user_id == user.id)
        .where(project.id.in_(projects), user.active, user.email != "")
        .distinct()
        .order_by(user.name)
    )
    return [
        Person(row.name, row.display_name or row.name, row.email)
        for row in (work.db.execute(query) if projects else ())
    ]


def may_convene(work: Work, name: str, lead: str) -> bool:
    """Tell whether somebody chairs meetings of a lead department.

    An active user: of its staff, a coordinator, or the head of the government, bound to no
    department.
    """
    user, role = t.user.c, t.user_role.c
    fits = or_(
        role.role.in_(STAFF) & (role.department == lead),
        role.role == "coordinator",
        (role.role == "head") & (role.department == ""),
    )
    query = select(user.id).join(t.user_role, role.user_id == user.id)
    found = work.db.execute(query.where(user.name == name, user.active, fits).limit(1))
    return found.first() is not None


def department_names(work: Work) -> Mapping[str, str]:
    """Return what departments are called in Chinese, by their codes."""
    return {each.id: each.name.zh for each in departments.find(work.settings)}
