"""What may be answered: plain data of bounded size, that leaves the procedure's gates alone."""

from __future__ import annotations

from typing import Any

from engine.errors import Invalid
from engine.workflow.expressions import is_small

#: characters of one answer as JSON; larger things are attachments
MAX_ANSWER = 20_000

#: the name of a gate that waits for the items listed in the variable of the same name
SOFT_GATE = "decision_waits_for"


def check_answer(data: dict[str, Any]) -> None:
    """Refuse an answer that is no plain data, too large, or changes a gate. Raises Invalid."""
    try:
        small = is_small(data, MAX_ANSWER)
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(f"the answer is no plain data: {error}", field="data") from error
    if not small:
        text = f"the answer is longer than {MAX_ANSWER} characters; add an attachment instead"
        raise Invalid(text, field="data")
    if SOFT_GATE in data:
        raise Invalid(f"{SOFT_GATE} is set by the procedure", field=SOFT_GATE)
