"""Every page of the product, in one table: for the tests, the pictures and the measurements.

`{running}` and the like in an address stand for what a city has of the kind; see `places.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: nobody is logged in
NOBODY = ""
#: pictures of a site: Chinese and wide, Chinese on a phone, English and wide
WIDE, PHONE, ENGLISH = "wide", "phone", "english"


@dataclass(frozen=True, slots=True)
class Site:
    """A page: its name, its address, and who looks at it in which city."""

    name: str
    path: str
    user: str = "coordinator"
    city: str = "full"
    #: there is something to see in a city without projects
    empty: bool = False
    status: int = 200
    pictures: tuple[str, ...] = (WIDE,)

    def at(self, places: Mapping[str, str]) -> tuple[str, str]:
        """Return its address and its visitor's name in a city."""
        return self.path.format_map(places), self.user.format_map(places)


def task(step: str, *pictures: str) -> Site:
    """Return the page of an open task, as whoever may answer it sees it."""
    return Site(
        f"task-{step}", f"/tasks/{{{step}}}", f"{{{step}_by}}", pictures=pictures or (WIDE,)
    )


SITES = (
    Site("login", "/login", NOBODY, empty=True),
    Site("setup", "/setup", NOBODY, city="new"),
    Site("dashboard", "/", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    Site("projects", "/projects", empty=True, pictures=(WIDE, PHONE)),
    Site("project-new", "/projects/new", empty=True),
    Site("project", "/projects/{running}", pictures=(WIDE, PHONE, ENGLISH)),
    Site("project-days", "/projects/{running}?axis=days"),
    Site("project-finished", "/projects/{completed}"),
    Site("project-history", "/projects/{running}/history"),
    Site("project-documents", "/projects/{running}/documents"),
    Site("tasks", "/tasks", "{review_by}", empty=True, pictures=(WIDE, PHONE, ENGLISH)),
    task("receive"),
    task("review", WIDE, PHONE, ENGLISH),
    task("decide"),
    task("deliver"),
    task("supplement"),
    task("work"),
    Site("procedures", "/procedures", "analyst", empty=True),
    Site("procedure", "/procedures/industrial-2014", "analyst", pictures=(WIDE, ENGLISH)),
    Site("procedure-catalogue", "/procedures/industrial-2014?tab=catalogue", "analyst"),
    Site("procedure-path", "/procedures/industrial-2014?tab=path", "analyst"),
    Site("procedure-versions", "/procedures/industrial-2014?tab=versions", "analyst"),
    Site("procedure-deploy", "/procedures/deploy", "analyst", empty=True),
    Site("users", "/users", "admin", empty=True),
    Site("user-new", "/users/new", "admin", empty=True),
    Site("user", "/users/{user}", "admin"),
    Site("departments", "/departments", "admin", empty=True),
    Site("account", "/account", empty=True),
    Site("search", "/search?q=厂房", empty=True),
    Site("missing", "/projects/999999", status=404, empty=True),
    Site("forbidden", "/users", "{review_by}", status=403),
)

#: what is served to be a part of a page, or a file, by the name of its route
PARTS = frozenset(
    {
        "procedure_archive",
        "procedure_diagram",
        "procedure_file",
        "procedure_labels",
        "procedure_states",
        "suggestions",
    }
)
