"""A dated notice to an applicant, as it is printed and served."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date

from api.web import law
from api.web.page import Answer, Shown, show
from api.web.visit import Visit
from engine.errors import NotFound
from engine.service import notices


def look(visit: Visit) -> Answer:
    """Show a notice on a sheet of paper."""
    project, identifier = visit.path["project"], visit.path["notice"]
    found = notices.get(visit.work, identifier)
    if found.project != project:
        raise NotFound(f"project {project} has no notice {identifier}", notice=identifier)
    return Shown(
        "notice.html.jinja",
        {"section": "/projects", "notice": found, "long": long, "law": law.law},
    )


def long(on: date) -> str:
    """Return a date as documents write it."""
    return str(format_date(on, "long"))


PAGES = (show("notice", "/projects/<key:project>/notices/<key:notice>", look, "project_history"),)
