"""Minutes of a joint review: written, signed, sealed, printed; the one reply to the applicant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from api.web.language import CHINESE, language, named
from api.web.minutes_words import WORDS
from api.web.page import Answer, Page, Redirect, Shown, act, show
from api.web.visit import Visit
from engine.rules.minutes import TEXTS
from engine.service import departments
from engine.service.review import finishing, minutes, minutes_shown, reply
from engine.service.review.minutes_rows import Verified

SECTION = "/projects"


def look(visit: Visit, verified: Verified | None = None) -> Answer:
    """Show the minutes as they are printed, and what may be done with them."""
    view = minutes_shown.get(visit.work, visit.path["round"])
    values: dict[str, Any] = {
        "section": SECTION,
        "minutes": view,
        "content": view.content,
        "verified": verified,
        "names_of": names_of(visit),
        **WORDS,
    }
    return Shown("review/minutes.html.jinja", values)


def names_of(visit: Visit) -> Callable[[list[str]], str]:
    """Return what says departments by name."""
    mark = "、" if language() == CHINESE else ", "
    known = {each.id: named(each.name) for each in departments.find(visit.work.settings)}

    def called(codes: list[str]) -> str:
        return mark.join(known.get(each, each) for each in codes)

    return called


def draft(visit: Visit) -> Answer:
    """Write the draft, and send it out for signing if that button was pressed."""
    texts = {name: visit.text(name) for name in TEXTS}
    given = (visit.work, visit.path["round"], texts, visit.expected_version)
    if visit.text("then") == "send":
        finishing.send(*given)
        return Redirect(address(visit), _("会议纪要已送会签。"))
    minutes.draft(*given)
    return Redirect(address(visit), _("草稿已保存。"))


def sign(visit: Visit) -> Answer:
    """Sign for a department."""
    said = (visit.text("department"), visit.text("remark"))
    minutes.sign(visit.work, visit.path["round"], *said, visit.expected_version)
    return Redirect(address(visit), _("已会签。"))


def seal(visit: Visit) -> Answer:
    """Seal without the signatures that are missing."""
    minutes.seal(visit.work, visit.path["round"], visit.expected_version)
    return Redirect(address(visit), _("会议纪要已定稿。"))


def verify(visit: Visit) -> Answer:
    """Compute the hash anew and say what came of it."""
    return look(visit, minutes_shown.verify(visit.work, visit.path["round"]))


def look_at_reply(visit: Visit) -> Answer:
    """Show the reply as it is printed; its lead may send it once the minutes are sealed."""
    view = reply.get(visit.work, visit.path["round"])
    values = {"section": SECTION, "reply": view, "content": view.content, **WORDS}
    return Shown("review/reply.html.jinja", values)


def send_reply(visit: Visit) -> Answer:
    """Send the reply."""
    finishing.answer(visit.work, visit.path["round"], visit.text("text"), visit.expected_version)
    return Redirect(f"{where(visit)}/reply", _("已统一答复申请人。"))


def where(visit: Visit) -> str:
    """Return the address of the round."""
    return f"/joint-reviews/{visit.path['round']}"


def address(visit: Visit) -> str:
    """Return the address of the minutes."""
    return f"{where(visit)}/minutes"


def return_to_minutes(visit: Visit) -> Answer:
    """Lead from the address of a form, which shows nothing by itself, to the minutes."""
    return Redirect(address(visit))


def return_to_reply(visit: Visit) -> Answer:
    """Lead from the address of the form of the reply to the reply."""
    return Redirect(f"{where(visit)}/reply")


ROUND = "/joint-reviews/<key:round>"
VERBS = {"draft": draft, "sign": sign, "seal": seal, "verify": verify}
PAGES: tuple[Page, ...] = (
    show("minutes", f"{ROUND}/minutes", look, "get_minutes"),
    show("reply", f"{ROUND}/reply", look_at_reply, "get_reply"),
    *(
        act(f"minutes_{name}", f"{ROUND}/minutes/{name}", verb, f"{name}_minutes", form=look)
        for name, verb in VERBS.items()
    ),
    act("reply_send", f"{ROUND}/reply/send", send_reply, "send_reply", form=look_at_reply),
    *(
        show(f"minutes_{name}_again", f"{ROUND}/minutes/{name}", return_to_minutes, "get_minutes")
        for name in VERBS
    ),
    show("reply_send_again", f"{ROUND}/reply/send", return_to_reply, "get_reply"),
)
