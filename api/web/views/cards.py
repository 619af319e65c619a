"""Cards of electronic supervision as a list: filters with counts, export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _

from api.web import export
from api.web.card_words import COLOURS, STATES, breach_name, cause_name
from api.web.export import Column
from api.web.labels import label
from api.web.language import named
from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.visit import Visit
from engine.rules.supervision import CARD, EVERY_BREACH, quarter_of
from engine.service.supervision import cards
from engine.service.supervision.card_rows import CardView, may_decide
from engine.service.supervision.cards import Filters
from engine.service.views import Page

SECTION = "/supervision"
LIST = "cards"
ROWS = 50
#: filters that the page offers as selects, in order
SELECTS = ("department", "colour", "rule")
CHOICES: Mapping[str, Mapping[str, Any]] = {"state": CARD, "colour": COLOURS, "rule": EVERY_BREACH}
#: stands for every quarter in the address; without an argument it is the present one
EVERY = "all"


def find(visit: Visit) -> Answer:
    """Show cards under filters that carry counts."""
    wanted = wanted_by(visit)

    def part(cursor: str | None, limit: int) -> Page[CardView]:
        return cards.find(visit.work, wanted, cursor=cursor, limit=limit)

    if export.wanted(visit):
        return export.file(visit, LIST, columns(visit), export.every(part))
    values = {
        "section": SECTION,
        "found": part(visit.argument("cursor") or None, ROWS),
        "facets": cards.facets(visit.work, wanted),
        "wanted": wanted,
        "quarters": cards.quarters(visit.work),
        "states": list(STATES),
        "selects": SELECTS,
        "filtered": any(getattr(wanted, name) for name in (*SELECTS, "state", "project")),
        "may_issue": may_decide(visit.work.actor),
    }
    return Shown("cards.html.jinja", values)


def wanted_by(visit: Visit) -> Filters:
    """Return the filters that the address asks for; of this quarter where it names none."""
    given: dict[str, Any] = {
        each.name: visit.argument(each.name, CHOICES.get(each.name)) or None
        for each in fields(Filters)
    }
    project, quarter = given["project"], given["quarter"]
    given["project"] = int(project) if project and project.isdecimal() else None
    usual = None if given["project"] else quarter_of(visit.work.today)
    given["quarter"] = None if quarter == EVERY else quarter or usual
    return Filters(**given)


def columns(visit: Visit) -> list[Column[CardView]]:
    """Return the columns of the list as a file."""
    places, state, colour = department_names(visit.work), label(STATES), label(COLOURS)
    return [
        Column(_("牌号"), lambda card: card.id),
        Column(_("季度"), lambda card: card.quarter),
        Column(_("牌"), lambda card: colour(card.colour)),
        Column(_("事由"), lambda card: breach_name(card.rule)),
        Column(_("部门"), lambda card: places.get(card.department, card.department)),
        Column(_("责任人"), lambda card: card.person_name),
        Column(_("项目编号"), lambda card: card.code),
        Column(_("项目"), lambda card: card.project_name),
        Column(_("事项"), lambda card: named(card.item_name)),
        Column(_("承诺到期"), lambda card: card.promised_due_on),
        Column(_("法定到期"), lambda card: card.statutory_due_on),
        Column(_("亮牌时间"), lambda card: card.issued_at),
        Column(_("情况"), lambda card: card.note),
        Column(_("状态"), lambda card: state(card.state)),
        Column(_("说明期限"), lambda card: card.reply_due_on),
        Column(_("原因"), lambda card: cause_name(card.cause) if card.cause else ""),
        Column(_("说明"), lambda card: card.reply),
        Column(_("申诉"), lambda card: card.appeal),
        Column(_("整改日期"), lambda card: card.corrected_on),
        Column(_("处理结果"), lambda card: card.result),
    ]


PAGES = (show("cards", "/supervision/cards", find, "list_cards"),)
