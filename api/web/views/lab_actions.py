"""What is done to a scenario from its page: switches, places, the cheapest set, its life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from api.web.page import Answer, Page, Redirect, act, show
from api.web.views import lab_page
from api.web.views.lab_page import SCENARIO, SECTION
from api.web.visit import Visit
from engine.errors import Invalid, NotFound
from engine.service.scenarios import effects, kept, proposals, scenarios

Operations = list[Mapping[str, Any]]
#: how a name's copy is called
MAX_NAME = 300


def key(visit: Visit) -> int:
    """Return which scenario it is about."""
    return int(visit.path["scenario"])


def back(visit: Visit, notice: str = "", **arguments: Any) -> Redirect:
    """Go back to the scenario, to what was looked at."""
    scenario = scenarios.get(visit.work, key(visit))
    return Redirect(lab_page.url(visit, scenario, **arguments), notice)


# -- the list of operations ----------------------------------------------------------------------


def operate(visit: Visit) -> Answer:
    """Do what the button pressed says to one operation: `on:ID`, `up:ID` and so on."""
    what, _colon, operation = visit.text("do").partition(":")
    if what not in DEEDS:
        raise Invalid(f"do must be one of {', '.join(DEEDS)}", field="do")
    DEEDS[what](visit, operation)
    return back(visit)


def switch(visit: Visit, operation: str, *, enabled: bool) -> None:
    """Switch an operation on or off."""
    scenarios.toggle(visit.work, key(visit), operation, enabled, visit.expected_version)


def move(visit: Visit, operation: str, by: int) -> None:
    """Let an operation take effect one place sooner or later."""
    found, place = placed(visit, operation)
    other = place + by
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    scenarios.update(visit.work, key(visit), visit.expected_version, operations=found)


def leave_out(visit: Visit, operation: str) -> None:
    """Take an operation out of the list; others no longer exclude it."""
    found, place = placed(visit, operation)
    del found[place]
    left = [without(each, operation) for each in found]
    scenarios.update(visit.work, key(visit), visit.expected_version, operations=left)


def without(operation: Mapping[str, Any], other: str) -> dict[str, Any]:
    """Return an operation that does not exclude another one."""
    return {**operation, "excludes": [each for each in operation["excludes"] if each != other]}


def placed(visit: Visit, operation: str) -> tuple[Operations, int]:
    """Return the operations and the place of one. Raises NotFound."""
    found: Operations = list(scenarios.get(visit.work, key(visit)).operations)
    places = [place for place, each in enumerate(found) if each["id"] == operation]
    if not places:
        raise NotFound(f"there is no operation {operation!r}", operation=operation)
    return found, places[0]


DEEDS: Mapping[str, Callable[[Visit, str], None]] = {
    "on": lambda visit, operation: switch(visit, operation, enabled=True),
    "off": lambda visit, operation: switch(visit, operation, enabled=False),
    "up": lambda visit, operation: move(visit, operation, -1),
    "down": lambda visit, operation: move(visit, operation, 1),
    "remove": leave_out,
}


def apply_optimum(visit: Visit) -> Answer:
    """Switch on exactly the cheapest set, here or in a copy."""
    found = effects.carried(visit.work, key(visit))
    target = lab_page.target_of(visit, found)
    chosen = kept.optimum(visit.work, found, target)["operations"]
    switched = [{**each, "enabled": each["id"] in chosen} for each in found.scenario.operations]
    if visit.text("where") != "copy":
        scenarios.update(visit.work, key(visit), visit.expected_version, operations=switched)
        return back(visit, _("已套用最低成本的组合。"))
    name = _("%(name)s（%(target)s 天最低成本）", name=found.scenario.name, target=target)
    made = scenarios.copy(visit.work, key(visit), name[:MAX_NAME])
    scenarios.update(visit.work, made, operations=switched)
    url = f"{SECTION}/{made}?target={target}&optimum=1"
    return Redirect(url, _("已另存为副本。"))


# -- its life ------------------------------------------------------------------------------------


def copy(visit: Visit) -> Answer:
    """Make a draft with the same base and operations."""
    name = scenarios.get(visit.work, key(visit)).name
    made = scenarios.copy(visit.work, key(visit), _("%(name)s（副本）", name=name)[:MAX_NAME])
    return Redirect(f"{SECTION}/{made}", _("已复制为新的草稿。"))


def rebase(visit: Visit) -> Answer:
    """Put it on the newest version of its procedure."""
    scenarios.rebase(visit.work, key(visit), visit.expected_version)
    return back(visit, _("已换到最新版本，请重新看效果。"))


def propose(visit: Visit) -> Answer:
    """Ask a second person to approve it."""
    proposals.propose(visit.work, key(visit), visit.expected_version)
    return back(visit, _("已提请审核，等第二人批准。"))


def withdraw(visit: Visit) -> Answer:
    """Take the proposal back."""
    proposals.withdraw(visit.work, key(visit), visit.expected_version)
    return back(visit, _("已撤回，又可以改动。"))


def approve(visit: Visit) -> Answer:
    """Approve it as the second person: it is deployed."""
    proposals.approve(visit.work, key(visit), expected_version=visit.expected_version)
    return back(visit, _("已批准，并部署为新版本。"))


def reject(visit: Visit) -> Answer:
    """Send it back with the reason."""
    proposals.reject(visit.work, key(visit), visit.text("reason"), visit.expected_version)
    return back(visit, _("已退回。"))


def deed(name: str, handler: Callable[[Visit], Answer], operation: str) -> Page:
    """Return the address of something that is done on the scenario's page."""
    rule = f"{SCENARIO}/{name}"
    return act(f"lab_{name}", rule, handler, operation, form=lab_page.find)


def home(visit: Visit) -> Answer:
    """Lead back to the scenario: a form that was refused was shown at its own address."""
    return back(visit)


DEEDS_OF_PAGE = (
    deed("operations", operate, "change_scenario"),
    deed("optimum", apply_optimum, "change_scenario"),
    deed("copy", copy, "copy_scenario"),
    deed("rebase", rebase, "rebase_scenario"),
    deed("propose", propose, "propose_scenario"),
    deed("withdraw", withdraw, "withdraw_scenario"),
    deed("approve", approve, "approve_scenario"),
    deed("reject", reject, "reject_scenario"),
)
PAGES = (
    *DEEDS_OF_PAGE,
    *(show(f"{each.name}_back", each.rule, home, "get_scenario") for each in DEEDS_OF_PAGE),
)
