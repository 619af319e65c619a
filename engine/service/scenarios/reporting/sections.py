"""A whole report: its sections in their order."""

from __future__ import annotations

from collections.abc import Iterator

from engine.service.scenarios.reporting import figures, findings
from engine.service.scenarios.reporting.section import Report, Section
from engine.service.scenarios.reporting.subject import Subject
from engine.service.scenarios.reporting.words import Language, Words


def report(subject: Subject, language: Language) -> Report:
    """Return a subject's report in a language."""
    words = Words(language)
    return Report(
        language=language,
        title=words("report"),
        subtitle=subject.cover.name,
        author=subject.cover.author,
        chart_data=words("chart_data"),
        footer=words("page", "{page}", "{pages}"),
        sections=list(sections(subject, words)),
    )


def sections(subject: Subject, words: Words) -> Iterator[Section]:
    """Yield the sections."""
    for part in (
        *(figures.summary, figures.operations, figures.paths),
        *(figures.schedule, findings.checks, findings.departments),
    ):
        yield part(subject, words)
    if subject.optimum is not None:
        yield findings.front(subject, subject.optimum, words)
    yield findings.method(words)
