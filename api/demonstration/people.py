"""The people of the demonstration: by name, role and department."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.demonstration.plan import data
from engine.service import departments
from engine.service.departments import Department
from engine.settings import Settings

#: the applicant is no department with a window
NO_OFFICE = "APPL"
#: what a department's people are called where the file names none
OFFICES = {"clerk": "窗口", "reviewer": "审批科", "head": "负责人"}


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the demonstration; `department` is '' where the role is bound to none."""

    user: str
    name: str
    role: str
    department: str = ""


def people(settings: Settings) -> tuple[Person, ...]:
    """Return everybody: those of no department, then each department's."""
    known = data("people.yaml")
    free = [Person(**row) for row in known["people"]]
    offices = [each for each in departments.find(settings) if each.id != NO_OFFICE]
    bound = [
        person
        for office in offices
        for person in staff(office, known["departments"].get(office.id, {}))
    ]
    return (*free, *bound)


def staff(office: Department, names: Mapping[str, Sequence[str]]) -> Iterator[Person]:
    """Yield the people of a department."""
    for role, word in OFFICES.items():
        for number, name in enumerate(names.get(role) or [f"{office.name.zh}{word}"], 1):
            user = f"{role}-{office.id.lower()}"
            yield Person(user if number == 1 else f"{user}-{number}", name, role, office.id)
