"""A card given by hand: of a task, of an item of a project, or of a department."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web.card_words import COLOURS
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.rendering import department_names
from api.web.views.cards import SECTION
from api.web.visit import Visit
from engine.rules.supervision import BREACHES, LATENESS, Breach
from engine.service.supervision import issuing, occasions
from engine.service.supervision.card_rows import APPLICANT
from engine.service.supervision.issuing import NewCard


def ask(visit: Visit) -> Answer:
    """Ask what a card is given for."""
    found = occasions.find(visit.work, *about(visit))
    places = department_names(visit.work)
    values: dict[str, Any] = {
        "section": SECTION,
        "occasion": found,
        "item_choices": [(each.item, named(each.name)) for each in found.items],
        "breaches": breaches(visit),
        "colours": list(COLOURS.items()),
        "places": [(code, name) for code, name in places.items() if code != APPLICANT],
        "query": f"?{visit.query}" if visit.query else "",
    }
    return Shown("card_new.html.jinja", values)


def breaches(visit: Visit) -> list[Breach]:
    """Return what a card may be given for; lateness only where the city's service gives none."""
    by_hand = bool(visit.argument("task")) and not visit.work.rules.cards.automatic
    return [*BREACHES.values(), *(LATENESS.values() if by_hand else ())]


def about(visit: Visit) -> tuple[int | None, str, str]:
    """Return the project, the item and the task that the address names."""
    project = visit.argument("project")
    return (
        int(project) if project.isdecimal() and len(project) < 19 else None,  # noqa: PLR2004 - of a key
        visit.text("item") or visit.argument("item"),
        visit.argument("task"),
    )


def issue(visit: Visit) -> Answer:
    """Give it."""
    project, item, task = about(visit)
    wanted = NewCard(
        rule=visit.text("rule"),
        note=visit.text("note"),
        project=project,
        item=item,
        task=task or None,
        department=visit.text("department"),
        person=visit.text("person") or None,
        colour=visit.text("colour") or None,
    )
    card = issuing.issue(visit.work, wanted)
    return Redirect(f"/supervision/cards/{card.id}", _("已亮牌。"))


PAGES = (
    show("new_card", "/supervision/cards/new", ask, "issue_card"),
    act("issue_card", "/supervision/cards/new", issue, "issue_card", form=ask),
)
