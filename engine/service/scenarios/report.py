"""The report of a scenario, as a Word document or an Excel workbook, in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.rules.catalogue import Name, Procedure
from engine.service import departments, identity
from engine.service.scenarios import city_lists, effects
from engine.service.scenarios.checkable import checkable
from engine.service.scenarios.effects import Carried, Question
from engine.service.scenarios.reporting.document import DOCX, document
from engine.service.scenarios.reporting.section import Report
from engine.service.scenarios.reporting.sections import report
from engine.service.scenarios.reporting.subject import Cover, Names, Subject
from engine.service.scenarios.reporting.words import Language
from engine.service.scenarios.reporting.workbook import XLSX, workbook
from engine.service.work import Work
from engine.settings import Settings

#: by the ending of a file's name: its media type, and who writes it
FORMS: Final[Mapping[str, tuple[str, Callable[[Report], bytes]]]] = {
    "docx": (DOCX, document),
    "xlsx": (XLSX, workbook),
}

Answer = Callable[[Question], Mapping[str, Any]]


def file(
    work: Work,
    scenario_id: int,
    form: str,
    language: Language,
    target: int | None = None,
    answer: Answer = effects.at_once,
) -> tuple[str, bytes]:
    """Return the name and the report of a scenario, with the optimum where there is a target.

    `form` is one of `FORMS`. `answer` finds the optimum: `effects.answered` takes its time.
    Raises NotFound, Forbidden; Invalid for a target below one day, and as `answer` does.
    """
    told = report(subject(work, scenario_id, target, answer), language)
    return f"scenario-{scenario_id}-{language}.{form}", FORMS[form][1](told)


def subject(
    work: Work, scenario_id: int, target: int | None = None, answer: Answer = effects.at_once
) -> Subject:
    """Gather what a report of a scenario is about. Raises as `file` does."""
    found = effects.carried(work, scenario_id)
    asked = None if target is None else effects.question(work, scenario_id, target)
    laws, base = city_lists.laws(work.settings), found.played.base
    return Subject(
        cover=cover(work, found),
        effect=effects.told(work, found),
        names=names(found.base.procedure, work.settings),
        laws=laws,
        checkable=checkable(base.items.values(), base.activities, laws),
        optimum=None if asked is None else answer(asked),
    )


def cover(work: Work, found: Carried) -> Cover:
    """Return which scenario it is."""
    view = found.scenario
    return Cover(
        name=view.name,
        procedure=view.procedure,
        on=work.today,
        procedure_name=found.base.procedure.name,
        version=view.base_version,
        newest_version=view.newest_version,
        target_procedure=view.target_procedure,
        author=identity.called(work, view.created_by),
        state=view.state,
        note=view.note,
    )


def names(procedure: Procedure, settings: Settings) -> Names:
    """Return what a procedure's items and the city's departments are called."""
    items: dict[str, Name] = {key: item.name for key, item in procedure.items.items()}
    return Names(items, {each.id: each.name for each in departments.find(settings)})
