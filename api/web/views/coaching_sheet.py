"""The sheet of advice of a coaching (前期辅导意见书), as it is printed."""

from __future__ import annotations

from itertools import groupby

from api.web.page import Answer, Shown, show
from api.web.rendering import department_names
from api.web.views.coaching import CENTRE_WORD, OF_CENTRE, office
from api.web.views.notice import long
from api.web.visit import Visit
from engine.rules.coaching import CENTRE
from engine.service.coaching import reading


def look(visit: Visit) -> Answer:
    """Show all advice on a sheet of paper, or that of one department."""
    place = visit.argument("department")
    key = visit.path["coaching"]
    found = reading.sheet(visit.work, key, office(place) if place else None)
    said = groupby(found.advice, key=lambda each: each.department)
    listed = groupby(found.materials, key=lambda each: (each.department, each.item))
    values = {
        "section": "/projects",
        "sheet": found,
        "by_department": [(code, list(advice)) for code, advice in said],
        "by_item": [(code, list(lines)) for (code, _item), lines in listed],
        "names": {CENTRE: str(CENTRE_WORD), **department_names(visit.work)},
        "centre": OF_CENTRE,
        "long": long,
    }
    return Shown("coaching/sheet.html.jinja", values)


PAGES = (show("coaching_advice", "/coaching/<key:coaching>/advice", look, "coaching_advice"),)
