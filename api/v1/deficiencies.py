"""Materials that were promised at acceptance (容缺): listed, and noted as supplied."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.call import Call
from api.route import Route
from api.schemas import Body, Query, Text, Word, example
from engine.service.receiving import gaps
from engine.service.receiving.gaps import DeficiencyView
from engine.service.views import Page


class DeficiencyQuery(Query):
    """Which promised materials."""

    item: Word | SkipJsonSchema[None] = None
    state: Literal["open", "supplied", "lapsed", "void", "all"] = "all"


class Supply(Body):
    """How a promised material came: among the item's files, or on paper at the window."""

    model_config = example(on_paper=True, note="原件一份，窗口收讫")
    on_paper: bool = Field(False, description="for the window of the item's department")
    note: Text = ""


def find(call: Call) -> Page[DeficiencyView]:
    query = call.query
    found = gaps.find(call.work, call.path["project"], item=query.item, state=query.state)
    return Page(found)


def supply(call: Call) -> DeficiencyView:
    body = call.body
    return gaps.supply(call.work, call.path["deficiency"], on_paper=body.on_paper, note=body.note)


ROUTES = (
    Route(
        "list_deficiencies",
        "GET",
        "/projects/<key:project>/deficiencies",
        find,
        "List the materials that were promised at acceptance, what is due first first",
        "Receiving",
        answer=Page[DeficiencyView],
        query=DeficiencyQuery,
        description=(
            "An item is accepted with gaps by completing its receipt with the outcome "
            "`accept_with_gaps` and `data` of `gaps`, a list of `material` and `promised_on`, and "
            "perhaps the `form` they are to come in. `grace_until_on` is set once the promised "
            "day has passed and the clock stands still."
        ),
    ),
    Route(
        "supply_deficiency",
        "POST",
        "/deficiencies/<key:deficiency>/supply",
        supply,
        "Note that a promised material has come",
        "Receiving",
        answer=DeficiencyView,
        body=Supply,
        conflicts=True,
        description=(
            "An attachment of the item with the same `material` does so by itself. Without "
            "`on_paper` such a file must be there."
        ),
    ),
)
