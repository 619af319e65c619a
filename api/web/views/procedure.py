"""One procedure: its newest version or an older one, by tabs; its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from api.archive import ZIP, packed
from api.call import Content
from api.web.page import Answer, show
from api.web.views import procedure_catalogue, procedure_diagrams, procedure_path
from api.web.views import procedure_versions as versions
from api.web.views.procedure_version import Opened, opened
from api.web.visit import Visit
from engine.errors import NotFound
from engine.service import diagrams, procedures

XML, YAML = "application/xml", "application/yaml"
JSON = "application/json"
TYPES = {".yaml": YAML}

TABS: Mapping[str, Callable[[Visit, Opened], Answer]] = {
    "": procedure_diagrams.find,
    procedure_catalogue.TAB: procedure_catalogue.find,
    procedure_path.TAB: procedure_path.find,
    versions.TAB: versions.find,
}


def find(visit: Visit) -> Answer:
    """Show a version of a procedure by the tab asked for."""
    return TABS[visit.argument("tab", TABS)](visit, opened(visit))


def files_of(visit: Visit) -> tuple[Opened, Mapping[str, bytes]]:
    """Return the version asked for and its files."""
    version = opened(visit)
    return version, procedures.files(visit.work, version.version.id)


def file(visit: Visit) -> Answer:
    """Give one file of a version."""
    _, files = files_of(visit)
    name = visit.path["file"]
    if name not in files:
        raise NotFound(f"there is no {name}; there are {', '.join(sorted(files))}")
    return Content(files[name], TYPES.get(PurePosixPath(name).suffix, XML), name)


def archive(visit: Visit) -> Answer:
    """Give all files of a version as a ZIP archive."""
    version, files = files_of(visit)
    name = f"{version.version.procedure}-v{version.version.version}"
    return Content(packed(files, name), ZIP, f"{name}.zip")


def diagram(visit: Visit) -> Answer:
    """Give a diagram as it is drawn; one without a drawing is laid out."""
    _, files = files_of(visit)
    name = visit.path["file"]
    if name not in files:
        raise NotFound(f"there is no {name}")
    return Content(diagrams.drawing(files[name]), XML, name)


def labels(visit: Visit) -> Answer:
    """Give the names on a diagram in the page's language."""
    version, files = files_of(visit)
    found = diagrams.find(version.built, files)
    return as_json(procedure_diagrams.labels(found, visit.path["process"]))


def states(visit: Visit) -> Answer:
    """Give the days of a diagram's items, and which of them are critical."""
    version, files = files_of(visit)
    found = diagrams.find(version.built, files)
    return as_json(procedure_diagrams.states(version, found, visit.path["process"]))


def as_json(value: Any) -> Content:
    """Return a value for a script."""
    return Content(json.dumps(value).encode(), JSON)


PROCEDURE = "/procedures/<name:procedure>"
PAGES = (
    show("procedure", PROCEDURE, find, "get_definition"),
    show("procedure_archive", f"{PROCEDURE}/archive", archive, "get_definition_file"),
    show("procedure_file", f"{PROCEDURE}/files/<name:file>", file, "get_definition_file"),
    show("procedure_diagram", f"{PROCEDURE}/diagrams/<name:file>", diagram, "get_definition_file"),
    show("procedure_labels", f"{PROCEDURE}/labels/<name:process>", labels, "get_definition"),
    show("procedure_states", f"{PROCEDURE}/states/<name:process>", states, "get_definition"),
)
