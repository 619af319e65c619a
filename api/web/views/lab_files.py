"""A scenario taken along: the files of the procedure it would become, and its reports."""

from __future__ import annotations

from collections.abc import Callable

from api.archive import ZIP, packed
from api.call import Content
from api.web.language import CHINESE, language
from api.web.page import Answer, Page, show
from api.web.views import lab_page
from api.web.views.lab_page import SCENARIO
from api.web.visit import Visit
from engine.service.scenarios import effects, kept, proposals, report, scenarios
from engine.service.scenarios.effects import Carried
from engine.service.scenarios.reporting.words import Language


def archive(visit: Visit) -> Answer:
    """Give the files of the procedure that it would be deployed as."""
    scenario = scenarios.get(visit.work, visit.path["scenario"])
    name = scenario.target_procedure
    return Content(packed(proposals.files(visit.work, scenario.id), name), ZIP, f"{name}.zip")


def reported(form: str) -> Page:
    """Return the address of the report in a form."""
    handler = of_form(form)
    name, rule = f"lab_report_{form}", f"{SCENARIO}/report.{form}"
    return show(name, rule, handler, f"scenario_report_{form}")


def of_form(form: str) -> Callable[[Visit], Answer]:
    """Return who gives the report in a form, in the page's language, with the optimum."""

    def give(visit: Visit) -> Answer:
        identifier = visit.path["scenario"]
        found = effects.carried(visit.work, identifier)
        spoken: Language = "zh" if language() == CHINESE else "en"
        target = lab_page.target_of(visit, found) if told_at_once(visit, found) else None
        name, content = report.file(visit.work, identifier, form, spoken, target)
        return Content(content, report.FORMS[form][0], name)

    return give


def told_at_once(visit: Visit, found: Carried) -> bool:
    """Tell whether a report can hold the optimum: it is not waited for long."""
    return len(found.played.steps) > 0 and kept.choices(visit.work, found) <= effects.AT_ONCE


PAGES = (
    show("lab_files", f"{SCENARIO}/files", archive, "scenario_files"),
    *(reported(form) for form in report.FORMS),
)
