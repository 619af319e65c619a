"""Laws in the words of the page: what the city's files cite, and the grounds of refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.web.language import CHINESE, language
from engine.rules import citation

#: what the law says of not accepting and of refusing, as notices cite it, by outcome
GROUNDS: Mapping[str, tuple[str, ...]] = {
    # item 1 is for what needs no licence; whatever else stands in the way has a law of its own
    "not_accept": ("《行政许可法》第三十二条", "《行政许可法》第三十二条第一款第（一）项"),
    "out_of_scope": ("《行政许可法》第三十二条第一款第（二）项",),
    "refuse": ("《行政许可法》第三十八条第二款",),
}


def law(text: str) -> str:
    """Return a note on a law in the page's language."""
    return citation.chinese(text) if language() == CHINESE else text


def grounds(outcomes: list[str], legal_basis: str) -> Iterator[str]:
    """Yield what may be cited for these outcomes of an item: the law's own words first."""
    for outcome in outcomes:
        yield from GROUNDS.get(outcome, ())
    if legal_basis:
        yield law(legal_basis)
