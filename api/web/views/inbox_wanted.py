"""Which inbox an address asks for: of the list, and of a task that was opened from it."""

from __future__ import annotations

from urllib.parse import urlencode

from api.web.labels import KINDS
from api.web.visit import Visit
from engine.service.inbox_query import GROUPS, MINE, Wanted, departments, scopes

#: arguments of an address that choose an inbox
ARGUMENTS = ("scope", "light", "department", "stage", "item", "kind", "q")


def wanted(visit: Visit) -> Wanted:
    """Return the inbox an address asks for; what somebody may not look at counts as not asked."""
    offered = dict.fromkeys(scopes(visit.work.actor))
    return Wanted(
        scope=visit.argument("scope", offered) or usual(visit),
        group=visit.argument("light", dict.fromkeys(GROUPS)) or "all",
        department=visit.argument("department") or None,
        stage=visit.argument("stage") or None,
        item=visit.argument("item") or None,
        kind=visit.argument("kind", KINDS) or None,
        text=visit.argument("q") or None,
    )


def usual(visit: Visit) -> str:
    """Return the inbox of somebody who names none: who has no tasks of their own sees all."""
    actor = visit.work.actor
    works = bool(departments(actor)) or actor.has_plain("applicant")
    return MINE if works else scopes(actor)[-1]


def kept(visit: Visit) -> str:
    """Return the arguments that choose the inbox, as the end of an address; '' for none."""
    given = {name: visit.argument(name) for name in ARGUMENTS}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"?{query}" if query else ""
