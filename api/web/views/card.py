"""One card: for what it was given, what was said about it, and what may be done now."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from api.web.language import named
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.views.cards import SECTION
from api.web.visit import Visit
from engine.rules.supervision import CARD, CAUSES, State
from engine.service.supervision import answers, cards
from engine.service.supervision.card_rows import answerable, possible

#: what a supervisor may decide, in the order in which it is offered
RESULTS = (State.UPHELD, State.WITHDRAWN)


def look(visit: Visit) -> Answer:
    """Show a card."""
    card = cards.get(visit.work, visit.path["card"])
    may = possible(visit.work.actor, answerable(card))
    values: dict[str, Any] = {
        "section": SECTION,
        "card": card,
        "may_now": may,
        "results": [each for each in RESULTS if each in CARD[card.state]],
        "causes": [(code, named(name)) for code, name in CAUSES.items()],
        "past": cards.history(visit.work, card),
    }
    return Shown("card.html.jinja", values)


def reply(visit: Visit) -> Answer:
    """Name the cause."""
    said = (visit.text("cause"), visit.text("reply"))
    answers.reply(visit.work, visit.path["card"], *said, visit.expected_version)
    return Redirect(address(visit), _("已提交说明。"))


def appeal(visit: Visit) -> Answer:
    """Ask for it to be withdrawn."""
    answers.appeal(visit.work, visit.path["card"], visit.text("appeal"), visit.expected_version)
    return Redirect(address(visit), _("已提交申诉，由督查员处理。"))


def decide(visit: Visit) -> Answer:
    """Uphold or withdraw it."""
    said = (visit.text("result"), visit.text("reason"))
    card = answers.decide(visit.work, visit.path["card"], *said, visit.expected_version)
    withdrawn = card.state == State.WITHDRAWN
    told = _("已撤销，不再计入本季度。") if withdrawn else _("已维持。")
    return Redirect(address(visit), told)


def correct(visit: Visit) -> Answer:
    """Note that it has been put right."""
    answers.correct(visit.work, visit.path["card"], visit.expected_version)
    return Redirect(address(visit), _("已登记整改。"))


def address(visit: Visit) -> str:
    """Return the address of the card's page."""
    return f"/supervision/cards/{visit.path['card']}"


def return_to_card(visit: Visit) -> Answer:
    """Lead from the address of a form, which shows nothing by itself, to the card."""
    return Redirect(address(visit))


CARD_RULE = "/supervision/cards/<key:card>"
VERBS = {"reply": reply, "appeal": appeal, "decide": decide, "correct": correct}
PAGES: tuple[Page, ...] = (
    show("card", CARD_RULE, look, "get_card"),
    *(
        act(f"card_{name}", f"{CARD_RULE}/{name}", verb, f"{name}_card", form=look)
        for name, verb in VERBS.items()
    ),
    *(
        show(f"card_{name}_again", f"{CARD_RULE}/{name}", return_to_card, "get_card")
        for name in VERBS
    ),
)
