"""What was promised and committed to in a project, as its page tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from api.web import trust_words
from api.web.labels import drawn
from api.web.views.project_names import Names
from api.web.visit import Visit
from engine.rules.deadline import days_left
from engine.rules.light import Light, task_light
from engine.service import attachments
from engine.service.dossier import Dossier
from engine.service.receiving import commitments, gaps
from engine.service.receiving.gaps import DeficiencyView

#: commitments that a project's page still speaks of
SPOKEN_OF = ("accepted", "open", "rectifying", "revoked")


@dataclass(frozen=True, slots=True)
class Missing:
    """A promised material that has not come; `href` is where the visitor sends it, '' nowhere."""

    id: int
    item: str
    material: str
    promised_on: date
    grace_until_on: date | None
    left: int
    light: Light
    href: str


def values(visit: Visit, found: Dossier, names: Names) -> dict[str, Any]:
    """Return what the page needs of it."""
    project = found.view.id
    open_gaps = gaps.of_project(visit.work, project, state="open")
    return {
        "missing": [missing(visit, found, names, each) for each in open_gaps],
        "promises": commitments.of_project(visit.work, project, SPOKEN_OF),
        "commitment_state": trust_words.commitment_state,
        "trust_tone": trust_words.tone,
    }


def missing(visit: Visit, found: Dossier, names: Names, gap: DeficiencyView) -> Missing:
    """Return a promised material in the words of the page."""
    work, due = visit.work, gap.grace_until_on or gap.promised_on
    light = task_light(work.calendar, work.today, due, limits=work.rules.lights)
    department = next((each.department for each in found.view.items if each.id == gap.item), "")
    may = found.view.state not in attachments.ENDED and attachments.may_attach(
        work.actor, found.row, department
    )
    to = quote(f"{gap.item}|{gap.material}")
    return Missing(
        id=gap.id,
        item=names.item(gap.item),
        material=drawn(gap.material),
        promised_on=gap.promised_on,
        grace_until_on=gap.grace_until_on,
        left=days_left(work.calendar, due, work.today),
        light=Light.ORANGE if gap.grace_until_on else light,
        href=f"/projects/{found.view.id}/documents?to={to}#upload" if may else "",
    )
