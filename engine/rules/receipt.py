"""Receipt of an application: what the law asks of the window that takes it in (行政许可法 art. 32).

What is missing is told on the spot or within five days, **once**, and completely. Who is not told
in time has had the application accepted, from the day it was received.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from engine.errors import Conflict
from engine.rules.catalogue import Item
from engine.rules.deadline import STEP_DEADLINES

#: what is noted of an acceptance by silence; nobody who answers may say so themselves
DEEMED_FIELDS = frozenset({"deemed", "received_on", "counted_from", "lapsed_on"})


class SecondNotice(Conflict):
    """The applicant was told before what is missing; the law allows one notice."""

    remedy = "Accept the application, or refuse to accept it with reasons."


def check_notice(item: str, told_on: date | None) -> None:
    """Raise SecondNotice where a notice of missing material was given before, on `told_on`."""
    if told_on is not None:
        text = f"{item}: told on {told_on} what is missing, and told once (行政许可法 art. 32)"
        raise SecondNotice(text, item=item, told_on=str(told_on))


#: outcomes of receipt that only some items know, and what tells
CONDITIONAL: Mapping[str, Callable[[Item], bool]] = {
    "accept_with_gaps": lambda item: bool(item.secondary),
    "accept_on_commitment": lambda item: item.commitment_check_days is not None,
}
#: the outcome that stands for a department's silence past its promise (超时默认)
DEEM = "deem"


def offered(item: Item, outcomes: Iterable[str]) -> list[str]:
    """The outcomes of a step that an item knows, in their order."""
    return [each for each in outcomes if CONDITIONAL.get(each, always)(item)]


def always(_item: Item) -> bool:
    """Every item knows most outcomes."""
    return True


def silence(step: str, properties: Mapping[str, str], item: Item) -> str:
    """The outcome that counts as given once a step's time has run out; '' where silence is none.

    The diagram says (`on_lapse`); of receipt the law does. A default binds departments only, and
    only for items whose catalogue says so: what could endanger others is never among them.
    """
    by_law = STEP_DEADLINES[step].on_lapse if step in STEP_DEADLINES else ""
    named = properties.get("on_lapse", by_law)
    return "" if named == DEEM and not item.deemed_on_lapse else named
