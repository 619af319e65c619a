"""What cards are called on pages: their colours, states, reasons, causes, and the rungs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from api.web.labels import Labels, label
from api.web.language import named
from api.web.law import law
from engine.rules.catalogue import Name
from engine.rules.supervision import CAUSES, EVERY_BREACH, PROPOSED, RUNGS, Rung

COLOURS: Labels = {"yellow": _l("黄牌"), "red": _l("红牌")}
STATES: Labels = {
    "issued": _l("待说明"),
    "explained": _l("已说明"),
    "appealed": _l("申诉中"),
    "corrected": _l("已整改"),
    "upheld": _l("维持"),
    "withdrawn": _l("已撤销"),
}
#: how a card's state is coloured; see the table of states of the visual language
TONES: Mapping[str, str] = {
    "issued": "red",
    "explained": "running",
    "appealed": "paused",
    "corrected": "done",
    "upheld": "waiting",
    "withdrawn": "gone",
}
ICONS: Mapping[str, str] = {"yellow": "alert-triangle", "red": "alert-octagon"}


def breach_name(rule: str) -> str:
    """Return what a card was given for."""
    known = EVERY_BREACH.get(rule)
    return named(known.name) if known else rule


def breach_source(rule: str) -> str:
    """Return by which law a breach is one, or that cities' supervision lists it."""
    known = EVERY_BREACH.get(rule)
    if known is None or known.source == PROPOSED:
        return str(_("本市规则"))
    return law(known.source) if "art." in known.source else str(_("各地电子监察规则"))


def cause_name(cause: str) -> str:
    """Return what a cause is called."""
    return named(CAUSES.get(cause, Name(cause)))


def rung_name(rung: str) -> str:
    """Return what a department meets with."""
    return named(RUNGS[Rung(rung)])


GLOBALS: Mapping[str, Callable[..., Any]] = {
    "card_colour": label(COLOURS),
    "card_state": label(STATES),
    "card_tone": lambda state: TONES.get(state, "running"),
    "card_icon": lambda colour: ICONS.get(colour, "flag"),
    "breach_name": breach_name,
    "breach_source": breach_source,
    "cause_name": cause_name,
    "rung_name": rung_name,
}
