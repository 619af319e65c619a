"""What a run begins with where nobody says otherwise: the city's assumptions, to be changed."""

from __future__ import annotations

from typing import Any

from engine.service import procedures
from engine.service.simulations import rows, standard
from engine.service.work import Work


def of(work: Work, procedure: str) -> dict[str, Any]:
    """Return what the city assumes beyond the diagram of a procedure, as people write it.

    Empty where the city says nothing. Raises Invalid where there is no such procedure.
    """
    work.actor.require(*rows.READERS)
    procedures.latest(work, procedure)
    return dict(standard.assumptions(work.settings))
