"""Reports of scenarios: their figures are the effect's, and their charts hold them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.analysis.reengineering.answer import answer
from engine.analysis.reengineering.change import ChangeKind
from engine.analysis.reengineering.effect import effect
from engine.analysis.reengineering.legality import BreachKind
from engine.analysis.reengineering.operation import Operation, OperationKind, operations_of
from engine.analysis.reengineering.optimiser import optimise
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import StepState, play
from engine.errors import Forbidden, Invalid, NotFound
from engine.rules.scenario import State
from engine.service import procedures
from engine.service.scenarios import city_lists, report, scenarios
from engine.service.scenarios.checkable import checkable
from engine.service.scenarios.reporting.document import document
from engine.service.scenarios.reporting.section import Bars
from engine.service.scenarios.reporting.sections import report as made
from engine.service.scenarios.reporting.subject import Cover, Names, Subject
from engine.service.scenarios.reporting.vocabulary import WORDS
from engine.service.scenarios.reporting.words import LANGUAGES, Language, Words
from engine.service.scenarios.reporting.workbook import workbook
from engine.service.work import Actor
from engine.settings import Settings
from tests.service.city import City

BASE = "industrial-2013"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def base() -> Plan:
    built, _ = procedures.plan(procedures.named(BASE, Settings()), Settings())
    return Plan.of(built.activities, built.procedure.items)


def subject_of(base: Plan, operations: tuple[Operation, ...], target: int | None = 28) -> Subject:
    """Return a report's subject, of operations on paper."""
    laws = city_lists.laws(Settings())
    told = effect(BASE, play(base, operations, laws))
    found = None if target is None else answer(optimise(base, operations, target, laws))
    names = Names({key: item.name for key, item in base.items.items()}, departments())
    return Subject(Cover("方案", BASE, date(2014, 10, 16)), told, names, laws, found)


def departments() -> Any:
    from engine.service import departments as known

    return {each.id: each.name for each in known.find(Settings())}


@pytest.fixture(scope="module")
def subject(base: Plan) -> Subject:
    """The published list."""
    return subject_of(base, city_lists.published(Settings(), BASE)[1])


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    spoken: Language = request.param
    return spoken


@pytest.fixture(scope="module")
def words(language: Language) -> Words:
    return Words(language)


@pytest.fixture(scope="module")
def paper(subject: Subject, language: Language) -> Any:
    return Document(BytesIO(document(made(subject, language))))


@pytest.fixture(scope="module")
def book(subject: Subject, language: Language) -> Any:
    return load_workbook(BytesIO(workbook(made(subject, language))))


def table(paper: Any, *headings: str) -> list[list[str]]:
    """Return the rows of the first table of a document that has these headings."""
    for each in paper.tables:
        rows = [[cell.text for cell in row.cells] for row in each.rows]
        if set(headings) <= set(rows[0]):
            return rows
    raise AssertionError(headings)


def cells(sheet: Worksheet, first: str) -> list[list[Any]]:
    """Return the rows of a sheet's table that begins with a heading, down to an empty one."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == first)
    end = next((p for p in range(start, len(rows)) if not any(rows[p])), len(rows))
    return rows[start:end]


def charts(paper: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every chart of a document as XML, with the workbook that is embedded for it."""
    for frame in paper.element.body.iter(f"{C}chart"):
        part = paper.part.related_parts[frame.get(qn("r:id"))]
        root: Any = etree.fromstring(part.blob)
        held = part.related_parts[root.find(f"{C}externalData").get(qn("r:id"))]
        yield root, load_workbook(BytesIO(held.blob))


def cached(reference: Any) -> list[Any]:
    """Return the values that a chart holds, None where there is none."""
    cache = next(each for each in reference if each.tag.endswith("Cache"))
    found: list[Any] = [None] * int(cache.find(f"{C}ptCount").get("val"))
    for point in cache.iter(f"{C}pt"):
        value = point.find(f"{C}v").text
        number = cache.tag.endswith("numCache")
        found[int(point.get("idx"))] = float(value) if number else value
    return found


def values(root: Any, axis: str = "val") -> list[list[Any]]:
    """Return what each series of a chart holds."""
    return [cached(each.find(f"{C}{axis}")[0]) for each in root.iter(f"{C}ser")]


# -- figures --------------------------------------------------------------------------------------


def test_the_document_tells_the_totals(subject: Subject, paper: Any, words: Words) -> None:
    before, after = subject.effect["before"], subject.effect["after"]
    assert (before["counted_days"], after["counted_days"]) == (63, 28)
    rows = {row[0]: row[1:3] for row in table(paper, words("figure"), words("before"))}
    for key in ("counted_days", "elapsed_days", "acceptance_days", "items", "sum_days"):
        assert rows[words(key)] == [str(before[key]), str(after[key])]
    assert rows[words("cost")] == ["0", str(subject.effect["cost"])]


def test_the_document_tells_every_operation(subject: Subject, paper: Any, words: Words) -> None:
    rows = table(paper, words("kind"), words("saved"), words("legality"))
    steps = subject.effect["steps"]
    told = [[row[4], row[5], row[6], row[7]] for row in rows[1:-1]]
    assert told == [
        [str(step[key]) for key in ("saved", "after", "elapsed_after", "cost")]
        if step["state"] == "applied"
        else ["", "", "", str(step["cost"])]
        for step in steps
    ]
    assert sum(int(row[0] or 0) for row in told) == int(rows[-1][4]) == subject.effect["saved"]
    barred = rows[1 + [step["operation"] for step in steps].index("commit-IND-11")]
    assert words.law("安阳 art. 25") in barred[-1]


def test_the_workbook_tells_the_same_as_numbers(subject: Subject, book: Any, words: Words) -> None:
    totals = cells(book[words("summary")], words("figure"))
    assert totals[1][1:4] == [63, 28, -35]
    rows = cells(book[words("operations")], words("number"))
    saved = [row[4] for row in rows[1:-1]]
    applied = [step for step in subject.effect["steps"] if step["state"] == "applied"]
    assert [each for each in saved if each is not None] == [step["saved"] for step in applied]
    assert rows[-1][4:8] == [35, 28, 59, subject.effect["cost"]]


def test_critical_paths_are_told_before_and_after(
    subject: Subject, paper: Any, words: Words
) -> None:
    rows = table(paper, words("view"), words("path"))[1:]
    for when in ("before", "after"):
        told = subject.effect[when]
        found = [row for row in rows if row[:2] == [words("view_counted"), words(when)]]
        assert len(found) == told["critical_path_count"]
        assert {row[2] for row in found} == {str(told["counted_days"])}
        assert found[0][3].count("→") == len(told["critical_path"]) - 1


def test_every_change_is_a_sentence_under_its_department(
    subject: Subject, paper: Any, book: Any, words: Words
) -> None:
    styles = [(each.style.name, each.text) for each in paper.paragraphs]
    changes = subject.effect["changes"]
    assert sum(style == "List Bullet" for style, _ in styles) == len(changes) > 30
    heads = [text for style, text in styles if style == "Heading 2"]
    for code in {change["department"] for change in changes}:
        assert subject.department(code, words) in heads
    assert len(cells(book[words("departments")], words("department"))) == len(changes) + 1


def test_preconditions_are_told_with_their_articles(
    subject: Subject, paper: Any, words: Words
) -> None:
    rows = table(paper, words("rule"), words("law"), words("result"))[1:]
    known = subject.effect["before"]["activities"]
    ids = {row["id"] for row in known}
    laws = [law for law in subject.laws if {law.before, law.after} <= ids]
    assert [row[1] for row in rows[4:]] == [words.law(law.law) for law in laws]
    assert {row[2] for row in rows} == {words("kept")}


def test_what_is_broken_or_cannot_be_applied_is_told(
    base: Plan, language: Language, words: Words
) -> None:
    rows = [
        {"id": "eia", "kind": "drop", "item": "IND-02"},
        {"id": "again", "kind": "merge", "item": "IND-01", "absorb": ["IND-02"]},
        {"id": "slow", "kind": "commitment", "item": "IND-11", "days": 1, "check_days": 5},
    ]
    found = subject_of(base, operations_of(rows), None)
    broken = Document(BytesIO(document(made(found, language))))
    text = "\n".join(each.text for each in broken.paragraphs)
    assert len(found.effect["breaches"]) >= 3
    assert words("unlawful_text", n=len(found.effect["breaches"]), section=words("checks")) in text
    assert words.law("环境影响评价法 art. 25") in text
    rows_told = table(broken, words("rule"), words("result"))
    kinds = {words(f"rule_{kind}") for kind in ("commitment_barred", "guarded")}
    assert {row[2] for row in rows_told if row[0] in kinds} == {words("broken")}
    conflict = words("conflict_dropped", items=words("quoted", found.item("IND-02", words)))
    assert conflict in table(broken, words("operation"), words("legality"))[2][-1]
    assert words("front") not in text


def test_what_the_base_breaks_is_not_laid_at_the_scenario(subject: Subject, words: Words) -> None:
    one = subject.laws[0]
    breach = {"kind": "precondition", "items": ["IND-01", "IND-07"], "law": one.law, "message": ""}
    told = {**subject.effect, "inherited": [breach]}
    found = made(replace(subject, effect=told), words.language)
    checks = next(each for each in found.sections if each.title == words("checks"))
    assert [row[2] for row in checks.tables[0].rows].count(words("broken_before")) == 1
    assert words("checks_lawful") not in checks.paragraphs


# -- charts ---------------------------------------------------------------------------------------


def test_the_waterfall_holds_the_savings(subject: Subject, paper: Any) -> None:
    root, _book = next(charts(paper))
    lifted, total, saved, added = values(root)
    applied = [step for step in subject.effect["steps"] if step["state"] == "applied"]
    assert total == [63, *[None] * len(applied), 28]
    assert saved == [None, *(step["saved"] for step in applied), None]
    assert lifted == [0, *(step["after"] for step in applied), 0]
    assert set(added) == {None}
    # each bar stands on what is left after it: together they lead from the one total to the other
    assert 63 - sum(each or 0 for each in saved) == 28
    assert root.find(f".//{C}ser/{C}spPr/*").tag.endswith("noFill")


def test_an_operation_that_lengthens_is_a_bar_of_its_own(base: Plan) -> None:
    rows = [{"id": "x", "kind": "parallelise", "item": "IND-04", "predecessors": ["IND-09"]}]
    found = subject_of(base, operations_of(rows), None)
    [step] = found.effect["steps"]
    assert step["saved"] < 0
    picture = made(found, "en").sections[1].pictures[0]
    assert isinstance(picture, Bars)
    lifted, _total, saved, added = (each.values for each in picture.series)
    assert (lifted[1], saved[1], added[1]) == (63, None, -step["saved"])
    assert Words("en")(
        "longer_text", before=63, after=63 - step["saved"], saved=-step["saved"]
    ) in (made(found, "en").sections[0].paragraphs)


@pytest.mark.parametrize(("place", "when", "items"), [(1, "before", 16), (2, "after", 12)])
def test_gantt_charts_hold_the_schedule(
    subject: Subject, paper: Any, place: int, when: str, items: int
) -> None:
    root, _book = list(charts(paper))[place]
    start, critical, other, _float = values(root)
    told = subject.effect[when]
    assert len(start) == told["items"] == items
    days = [one if two is None else two for one, two in zip(critical, other, strict=True)]
    ends = [begin + each for begin, each in zip(start, days, strict=True)]
    assert max(ends) == told["counted_days"]
    assert sum(days) == told["sum_days"]
    assert sum(each is not None for each in critical) == len(told["critical_path"])


def test_the_front_holds_every_set(subject: Subject, paper: Any) -> None:
    root, _book = list(charts(paper))[3]
    assert subject.optimum is not None
    xs, ys = values(root, "xVal"), values(root, "yVal")
    front = subject.optimum["front"]
    assert list(zip(xs[1], ys[1], strict=True)) == [(each["cost"], each["days"]) for each in front]
    assert (xs[3], ys[3]) == ([subject.optimum["cost"]], [subject.optimum["days"]])
    assert (xs[4], ys[4]) == ([subject.effect["cost"]], [28])
    # the line between the sets goes level or straight down, and through each of them
    line = list(zip(xs[0], ys[0], strict=True))
    assert all(a == c or b == d for (a, b), (c, d) in pairwise(line))
    assert {(each["cost"], each["days"]) for each in front} <= set(line)


def test_a_chart_and_the_workbook_behind_it_say_the_same(paper: Any) -> None:
    found = list(charts(paper))
    assert len(found) == 4
    for root, book in found:
        for reference in (*root.iter(f"{C}numRef"), *root.iter(f"{C}strRef")):
            assert looked_up(book, reference.find(f"{C}f").text) == cached(reference)


def test_charts_of_the_workbook_hold_what_its_cells_say(book: Any) -> None:
    seen = 0
    for sheet in book:
        for chart in sheet._charts:
            root: Any = etree.fromstring(etree.tostring(chart._write()))
            for reference in (*root.iter(f"{C}numRef"), *root.iter(f"{C}strRef")):
                assert looked_up(book, reference.find(f"{C}f").text) == cached(reference)
                seen += 1
    assert seen > 30


def looked_up(book: Any, reference: str) -> list[Any]:
    """Return the cells a chart points at."""
    name, _mark, area = reference.rpartition("!")
    found = book[name.strip("'")][area.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [cell.value for row in rows for cell in row]


def test_a_chart_can_be_told_of_to_those_who_cannot_see_it(paper: Any, words: Words) -> None:
    told = [each.get("descr") for each in paper.element.body.iter(qn("wp:docPr"))]
    assert told[0] == words("waterfall_text", before=63, after=28, n=25)
    assert all(told)


# -- the cheapest way -----------------------------------------------------------------------------


def test_a_target_that_cannot_be_reached_is_said_so(base: Plan, words: Words) -> None:
    found = subject_of(base, city_lists.published(Settings(), BASE)[1], 5)
    assert found.optimum is not None
    assert not found.optimum["reached"]
    best, number = found.optimum["best_days"], len(found.optimum["operations"])
    section = made(found, words.language).sections[-2]
    assert section.title == words("front")
    told = words("not_reached_text", target=5, days=best, cost=found.optimum["cost"], n=number)
    assert section.paragraphs[0] == told


def test_the_front_names_operations_by_their_numbers(
    subject: Subject, paper: Any, words: Words
) -> None:
    assert subject.optimum is not None
    rows = table(paper, words("choice_days"), words("choice_cost"))[1:]
    order = [step["operation"] for step in subject.effect["steps"]]
    for row, choice in zip(rows, subject.optimum["front"], strict=True):
        numbers = [str(order.index(each) + 1) for each in choice["operations"]]
        named = words.listed(numbers) or words("none")
        assert row == [str(choice["days"]), str(choice["cost"]), named]


# -- words ----------------------------------------------------------------------------------------


def test_what_nothing_is_known_of_is_not_called_kept(base: Plan, words: Words) -> None:
    items = {key: replace(each, guards=(), statutory_days=None) for key, each in base.items.items()}
    plain = Plan(base.activities, items)
    told = replace(
        subject_of(plain, ()), laws=(), checkable=checkable(items.values(), base.activities, ())
    )
    checks = next(
        each for each in made(told, words.language).sections if each.title == words("checks")
    )
    assert {row[2] for row in checks.tables[0].rows} == {words("unknown")}
    assert words("rule_preconditions") in {row[0] for row in checks.tables[0].rows}
    assert checks.paragraphs == [words("checks_unknown")]


def test_with_one_precondition_known_the_others_cannot_be_told(base: Plan) -> None:
    laws = city_lists.laws(Settings())
    assert checkable((), base.activities, laws) == {BreachKind.PRECONDITION}
    assert checkable(base.items.values(), base.activities, laws) == set(BreachKind)


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same(key: str) -> None:
    chinese, english = WORDS[key]
    assert places(chinese) == places(english)
    assert not CHINESE.search(english)


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


CAUSES = (
    *("unknown_item", "absorbed", "dropped", "not_shorter", "waits_not", "itself"),
    *("cycle", "excluded"),
)
KEYS = (
    *(f"change_{each}" for each in ChangeKind),
    *(f"breach_{each}" for each in BreachKind),
    *(f"rule_{each}" for each in BreachKind),
    *(f"kind_{each}" for each in OperationKind),
    *(f"step_{each}" for each in StepState),
    *(f"state_{each}" for each in State),
    *(f"conflict_{each}" for each in CAUSES),
)


@pytest.mark.parametrize("key", KEYS)
def test_there_are_words_for_whatever_an_effect_can_tell(key: str) -> None:
    assert key in WORDS


def test_an_english_report_is_in_english_but_for_what_is_chinese(subject: Subject) -> None:
    """Laws, papers and what the city named in Chinese alone stay Chinese."""
    told = made(subject, "en")
    for section in told.sections:
        headings = [heading for each in section.tables for heading in each.headings]
        for text in (section.title, *section.notes, *headings):
            assert not CHINESE.search(text)


def test_names_of_sheets_fit(book: Any) -> None:
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len(book.sheetnames) == 9


# -- names ----------------------------------------------------------------------------------------


def test_names_are_texts_whatever_they_begin_with(base: Plan) -> None:
    evil = '=HYPERLINK("http://x","y")'
    rows = [{"kind": "drop", "item": "IND-05", "name": {"zh": evil, "en": "@SUM(A1)\x0b"}}]
    found = subject_of(base, operations_of(rows), 60)
    found = replace(found, cover=replace(found.cover, name="+1", note=f"{evil}\x00"))
    for language in LANGUAGES:
        book = load_workbook(BytesIO(workbook(made(found, language))))
        texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in texts if cell.data_type == "f"]
        risky = [cell for cell in texts if str(cell.value).startswith(("=", "+", "@"))]
        assert {cell.value for cell in risky} >= {evil, "+1"}
        assert all(cell.quotePrefix for cell in risky)
        told = Document(BytesIO(document(made(found, language))))
        assert "+1" in [each.text for each in told.paragraphs]
        embedded = [b for _root, b in charts(told)]
        assert not [
            c
            for b in embedded
            for r in b.worksheets[0].iter_rows()
            for c in r
            if c.data_type == "f"
        ]


# -- the service ----------------------------------------------------------------------------------


@pytest.fixture
def scenario(city: City) -> int:
    city.deploy(BASE)
    city.deploy("industrial-2014")
    return city.do(scenarios.create, "公布方案", BASE, note="试行")


@pytest.mark.parametrize("form", report.FORMS)
def test_a_scenario_is_reported(city: City, scenario: int, form: str) -> None:
    name, content = city.see(report.file, scenario, form, "zh", 28)
    assert name == f"scenario-{scenario}-zh.{form}"
    assert content.startswith(b"PK")


def test_its_cover_says_which_scenario_and_base(city: City, scenario: int) -> None:
    found = city.see(report.subject, scenario)
    facts = {row[0]: row[1] for row in made(found, "zh").sections[0].tables[0].rows}
    assert facts["方案名称"] == "公布方案"
    assert facts["基础流程版本"] == "1"
    assert facts["状态"] == "草稿"
    assert facts["报告日期"] == "2014年9月1日"
    assert facts["说明"] == "试行"
    told = made(found, "zh").sections[0].paragraphs
    assert "启用的操作得到的流程与“industrial-2014”完全一致。" in told
    assert found.optimum is None


def test_what_cannot_be_reported_is_refused(city: City, scenario: int) -> None:
    with pytest.raises(NotFound):
        city.see(report.file, scenario + 1, "docx", "zh")
    with pytest.raises(Invalid):
        city.see(report.file, scenario, "docx", "zh", 0)
    clerk = Actor(9, "clerk", frozenset({("clerk", "PLAN")}))
    with pytest.raises(Forbidden):
        city.see(report.file, scenario, "docx", "zh", by=clerk)


def test_charts_are_parts_of_their_own(paper: Any) -> None:
    kinds = [each.reltype for each in paper.part.rels.values()]
    assert kinds.count(RELATIONSHIP_TYPE.CHART) == 4


def test_looks_of_charts_hold_no_text(paper: Any) -> None:
    """Office refuses a chart for less."""
    for root, _book in charts(paper):
        looks = list(root.iter(f"{C}txPr"))
        assert looks
        assert not [run for each in looks for run in each.iter("{*}r")]
