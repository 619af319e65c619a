"""The files of a procedure make one deployment, or every reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import InvalidDefinition
from engine.rules.deadline import DayUnit
from engine.rules.procedure import Kind
from engine.workflow.deployment import build, load
from engine.workflow.problem import ERROR, WARNING
from tests.workflow.drawing import Drawing, file, instances, loop, properties

BPMN = Path(__file__).parents[2] / "bpmn"
PROCEDURES = sorted(path.name for path in (BPMN / "procedures").iterdir() if path.is_dir())

Files = dict[str, bytes]


def item() -> Drawing:
    """A process that items call."""
    return Drawing("STARTi > decide > ENDi", name="item")


def stage(name: str, *paths: str) -> Drawing:
    """A stage's diagram."""
    return Drawing(*paths, name=name)


def two_stages(**changes: Any) -> Files:
    """A procedure of two stages; the changes replace what procedure.yaml says."""
    says = {
        "id": "small",
        "stages": [{"id": "first", "diagram": "one.bpmn"}, {"id": "second"}],
        "items": {"call1": {"promised_days": 3}, "a": {"expected_days": 5}},
        **changes,
    }
    first = stage("first", "START > and1 > call1 > and2 > ENDfirst", "and1 > a > and2")
    second = stage("second", "START > wait > call2 > OPEN").message("wait", "call1")
    second.node("call2", inner=properties(promised_days="4")).node("OPEN", "endEvent")
    return {
        "procedure.yaml": yaml.safe_dump(says, allow_unicode=True).encode(),
        "one.bpmn": first.xml(),
        "second.bpmn": second.xml(),
        "item.bpmn": item().xml(),
    }


def lone(drawing: Drawing, *more: Drawing) -> Files:
    """A diagram on its own."""
    content = file(drawing, *more)
    return {"lone.bpmn": content, **({"item.bpmn": item().xml()} if b'"item"' in content else {})}


def refused(files: Files, severity: str = ERROR) -> list[tuple[str, str | None]]:
    """(code, element) of everything that is wrong."""
    built, problems = build(files)
    assert (built is None) == any(each.severity == ERROR for each in problems)
    assert all(each.message for each in problems)
    return [(each.code, each.element) for each in problems if each.severity == severity]


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_citys_procedures_deploy_without_a_warning(name: str) -> None:
    files = {each.name: each.read_bytes() for each in (BPMN / "procedures" / name).iterdir()}
    for path in (BPMN / "catalogue.yaml", BPMN / "shared/item.bpmn"):
        files[path.name] = path.read_bytes()
    deployment, problems = build(files)
    assert problems == []
    assert deployment is not None
    assert deployment.procedure.id == name
    stages = ["approval", "planning", "construction", "acceptance"]
    assert [each.id for each in deployment.procedure.stages] == list(deployment.stages) == stages
    assert set(deployment.called) == {"item"}
    for definition in (*deployment.stages.values(), *deployment.called.values()):
        assert deployment.definition(definition.key) is definition


def test_a_procedure_is_read_in_the_order_it_names() -> None:
    deployment = load(two_stages(stages=[{"id": "second"}, {"id": "first", "diagram": "one.bpmn"}]))
    assert list(deployment.stages) == ["second", "first"]
    assert [each.id for each in deployment.activities] == ["START", "call2", "OPEN", "call1", "a"]
    assert deployment.procedure.items["a"].kind is Kind.APPLICANT
    assert deployment.procedure.items["call2"].promised_days == 4


def test_the_hash_names_the_files() -> None:
    one, same = load(two_stages()).hash, load(two_stages()).hash
    assert one == same
    changed = two_stages()
    changed["one.bpmn"] += b"\n"
    assert load(changed).hash != one
    renamed = two_stages()
    renamed["other.bpmn"] = renamed.pop("item.bpmn")
    assert load(renamed).hash != one


def test_load_raises_with_every_problem() -> None:
    files = two_stages(items={"call1": {"promised_days": 9}})
    files["item.bpmn"] = b"nothing"
    with pytest.raises(InvalidDefinition) as error:
        load(files)
    codes = {each["code"] for each in error.value.detail["problems"]}
    assert codes == {"malformed_xml", "unknown_process", "missing_days"}


NO_STAGES: list[tuple[dict[str, Any], list[tuple[str, str | None]]]] = [
    ({"stages": None}, [("no_stage", None)]),
    ({"stages": []}, [("no_stage", None)]),
    ({"stages": "first"}, [("malformed_yaml", None)]),
    (
        {"stages": ["first"]},
        [("malformed_yaml", None), ("missing_id", None), ("missing_diagram", None)],
    ),
    ({"stages": [{"id": "none"}]}, [("missing_diagram", None)]),
    ({"stages": [{"diagram": "one.bpmn"}]}, [("missing_id", None)]),
    (
        {
            "stages": [
                {"id": "first", "diagram": "one.bpmn"},
                {"id": "first", "diagram": "second.bpmn"},
            ]
        },
        [("duplicate_stage", None)],
    ),
    ({"items": ["call1"]}, [("malformed_yaml", None)]),
    ({"window_months": "three"}, [("malformed_yaml", None)]),
]


@pytest.mark.parametrize(("changes", "expected"), NO_STAGES)
def test_what_procedure_yaml_cannot_say(
    changes: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    found = refused(two_stages(**changes))
    assert [each for each in found if each[0] != "missing_days"] == expected


@pytest.mark.parametrize(
    "content",
    [
        b"- a list",
        b"text",
        b"{",
        b"a: &x [1]\nb: *x",
        b"a: 1\na: 2",
        b"items: {IND-01: {promised_days: 1}, IND-01: {promised_days: 2}}",
        b"!!python/object/apply:os.system ['true']",
        b"a: 2026-02-30",
        b"\xff\xfe\x00",
        b"a: " + b"[" * 2_000,
    ],
)
@pytest.mark.parametrize("name", ["procedure.yaml", "catalogue.yaml"])
def test_what_is_no_yaml_is_refused_by_file(name: str, content: bytes) -> None:
    built, problems = build({**two_stages(), name: content})
    assert built is None
    assert ("malformed_yaml", name) in {(each.code, each.file) for each in problems}


def test_yaml_that_grows_is_refused_before_it_does() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    found = refused({**two_stages(), "catalogue.yaml": "\n".join(lines).encode()})
    assert ("malformed_yaml", None) in found


def test_files_that_are_too_large_are_not_read() -> None:
    built, problems = build(two_stages(), max_bytes=100)
    assert built is None
    assert {each.code for each in problems} == {"too_large"}
    assert {each.file for each in problems} == set(two_stages())


def test_no_diagram_at_all() -> None:
    assert ("no_diagram", None) in refused({"procedure.yaml": b"id: x"})
    assert ("no_diagram", None) in refused({})


def test_every_item_needs_its_days() -> None:
    assert refused(two_stages(items={})) == [("missing_days", "call1"), ("missing_days", "a")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"promised_days": 31, "statutory_days": 30}, "call1"),
        ({"promised_days": "many"}, "promised_days"),
        ({"promised_days": -1}, "promised_days"),
        ({"promised_days": 2.5}, "promised_days"),
        ({"promised_days": True}, "promised_days"),
        ({"promised_days": 1, "kind": "robot"}, "kind"),
        ({"promised_days": 1, "unit": "weeks"}, "unit"),
        ({"promised_days": 1, "participants": "CAD, FIRE"}, "participants"),
        ({"promised_days": 1, "materials": [1]}, "materials"),
        ({"promised_days": 1, "decision_waits_for": {"a": 1}}, "decision_waits_for"),
        (["promised_days"], "mapping"),
        (5, "mapping"),
    ],
)
def test_an_item_that_cannot_be_is_named(row: Any, message: str) -> None:
    built, problems = build(two_stages(items={"call1": row, "a": {"expected_days": 5}}))
    assert built is None
    (found,) = problems
    assert (found.code, found.element) == ("item", "call1")
    assert found.line
    assert message in found.message


def test_the_procedure_says_more_than_the_catalogue_and_the_diagram_more_than_both() -> None:
    files = two_stages(items={"call1": {"promised_days": 4}, "a": {"expected_days": 1}})
    row = {"department": "EPB", "statutory_days": 20, "promised_days": 9, "unit": "calendar"}
    rows = {"call1": {**row, "name": {"zh": "环评"}}, "call2": {"statutory_days": 20}}
    files["catalogue.yaml"] = yaml.safe_dump({"items": rows}, allow_unicode=True).encode()
    items = load(files).procedure.items
    assert items["call1"].name.zh == "环评"
    assert (items["call1"].department, items["call1"].promised_days) == ("EPB", 4)
    assert (items["call1"].unit, items["call1"].statutory_days) == (DayUnit.CALENDAR, 20)
    assert (items["call2"].promised_days, items["call2"].statutory_days) == (4, 20)


def test_an_item_that_no_diagram_asks_for_is_a_warning() -> None:
    items = {"call1": {"promised_days": 3}, "a": {"expected_days": 5}, "x": {"promised_days": 1}}
    assert refused(two_stages(items=items), WARNING) == [("unused_item", "x")]


def test_an_item_stands_in_one_place_only() -> None:
    files = two_stages()
    files["second.bpmn"] = stage("second", "START > call1 > OPEN").node("OPEN", "endEvent").xml()
    assert refused(files) == [("duplicate_item", "call1")]
    drawing = Drawing("START > x > y > END").node("x", inner=properties(item="I"))
    assert refused(lone(drawing.node("y", inner=properties(item="I")))) == [("duplicate_item", "y")]
    named = Drawing("START > x > END").node("x", inner=properties(item="OPEN"))
    assert refused(lone(named)) == [("duplicate_item", "x")]


# -- gates and calls ----------------------------------------------------------------------------


def test_a_gate_for_what_nobody_brings_about_is_refused() -> None:
    files = two_stages()
    files["second.bpmn"] = files["second.bpmn"].replace(b'name="call1"', b'name="call9"')
    built, problems = build(files)
    assert built is None
    (found,) = problems
    assert (found.code, found.element) == ("unknown_gate", "wait")
    assert found.line
    assert "call9" in found.message


def test_a_soft_gate_for_what_nobody_brings_about_is_refused() -> None:
    items = {
        "call1": {"promised_days": 3, "decision_waits_for": ["a", "b"]},
        "a": {"expected_days": 5},
    }
    built, problems = build(two_stages(items=items))
    assert built is None
    assert [(each.code, each.element) for each in problems] == [("unknown_gate", "call1")]
    assert "'b'" in problems[0].message


def test_a_gate_in_a_called_process_is_checked_too() -> None:
    gated = Drawing("STARTi > g > ENDi", name="item").message("g", "nobody")
    assert refused({**two_stages(), "item.bpmn": gated.xml()}) == [("unknown_gate", "g")]
    soft = Drawing("STARTi > g > ENDi", name="item").message("g", "decision_waits_for")
    assert refused({**two_stages(), "item.bpmn": soft.xml()}) == []


def test_an_exception_that_never_comes_is_a_warning() -> None:
    drawing = Drawing("START > a > END", "m > b > END2").message("m", "nobody", "a")
    assert refused(lone(drawing)) == []
    assert ("unknown_gate", "m") in refused(lone(drawing), WARNING)


def test_calls_lead_somewhere_and_not_round() -> None:
    files = two_stages()
    del files["item.bpmn"]
    assert refused(files) == [("unknown_process", "call1"), ("unknown_process", "call2")]
    again = Drawing("STARTi > callself > ENDi", name="item")
    assert refused({**two_stages(), "item.bpmn": again.xml()}) == [("cyclic_call", "callself")]
    to_stage = Drawing("STARTi > c > ENDi", name="item").node(
        "c", "callActivity", calledElement="first"
    )
    assert refused({**two_stages(), "item.bpmn": to_stage.xml()}) == [("nested_call", "c")]
    files = two_stages()
    files["one.bpmn"] = files["one.bpmn"].replace(
        b'calledElement="item"', b'calledElement="second"'
    )
    assert refused(files) == [("cyclic_call", "call1")]


def test_processes_that_call_each_other_and_nothing_else() -> None:
    one = Drawing("START > c > END", name="one").node("c", "callActivity", calledElement="two")
    two = Drawing("START2 > d > END2", name="two").node("d", "callActivity", calledElement="one")
    assert refused({"x.bpmn": file(one, two)}) == [("no_stage", None)]


def test_a_process_id_stands_in_one_file_only() -> None:
    files = {**two_stages(), "copy.bpmn": item().xml()}
    assert refused(files) == [("duplicate_id", "item"), ("duplicate_id", "item")]


def test_the_process_of_a_stage_is_the_one_of_its_name() -> None:
    files = two_stages()
    first = stage("first", "START > call1 > ENDfirst").path("call1 > a > ENDfirst")
    first = stage("first", "START > call1 > a > ENDfirst")
    files["one.bpmn"] = file(Drawing("STARTx > x > ENDx", name="other"), first)
    assert load(files).stages["first"].id == "first"


# -- items that repeat --------------------------------------------------------------------------


@pytest.mark.parametrize("repetition", [instances("2"), instances("2", sequential=True), loop("x")])
def test_a_case_is_not_repeated(repetition: str) -> None:
    drawing = Drawing("START > call1 > END").repeat("call1", repetition)
    assert ("repeated_item", "call1") in refused(lone(drawing))
    within = Drawing("STARTs > call1 > ENDs")
    drawing = Drawing("START > sub > END").subprocess("sub", within, repetition)
    assert ("repeated_item", "sub") in refused(lone(drawing))


def test_work_may_be_repeated_one_after_the_other() -> None:
    for repetition in (instances("2", sequential=True), loop("x")):
        assert refused(lone(Drawing("START > a > END").repeat("a", repetition))) == []
    parallel = Drawing("START > a > END").repeat("a", instances("2"))
    assert refused(lone(parallel)) == [("repeated_item", "a")]


def test_a_case_in_a_loop_is_a_warning() -> None:
    drawing = Drawing("START > xor1 > call1 > xor2 >{else} END", "xor2 >{x} a > xor1")
    assert refused(lone(drawing)) == []
    assert ("repeated_item", "call1") in refused(lone(drawing), WARNING)


# -- lone diagrams ------------------------------------------------------------------------------


def test_a_lone_diagram_says_its_days_in_properties() -> None:
    drawing = Drawing("START > call1 > b > END", name="mine")
    drawing.node("call1", inner=properties(item="I-1", promised_days="5", department="EPB"))
    drawing.node("b", inner=properties(kind="intermediary", expected_days="7"))
    deployment = load(lone(drawing))
    assert deployment.procedure.id == "mine"
    assert list(deployment.stages) == ["mine"]
    found = {each.id: (each.kind, each.days, each.predecessors) for each in deployment.activities}
    assert found == {
        "START": (Kind.MILESTONE, 0, ()),
        "I-1": (Kind.APPROVAL, 5, ("START",)),
        "b": (Kind.INTERMEDIARY, 7, ("I-1",)),
    }


def test_a_lone_diagram_without_days_counts_none_with_a_warning() -> None:
    files = lone(Drawing("START > call1 > END"))
    assert refused(files) == []
    assert refused(files, WARNING) == [("missing_days", "call1")]


def test_several_lone_processes_are_stages_each() -> None:
    one = Drawing("START > a > END", name="one")
    two = Drawing("START2 > b > END2", name="two")
    assert list(load(lone(one, two)).stages) == ["one", "two"]


@pytest.mark.parametrize(
    ("values", "kind", "days"),
    [
        ({"department": "LAND", "promised_days": "3"}, "approval", 3),
        ({"promised_days": "3"}, "approval", 3),
        ({"department": "LAND", "days": "4"}, "approval", 4),
        ({"expected_days": "5"}, "applicant", 5),
        ({"days": "6"}, "applicant", 6),
    ],
)
def test_whose_work_a_lone_diagrams_task_is(values: dict[str, str], kind: str, days: int) -> None:
    drawing = Drawing("START > a > END").node("a", inner=properties(**values))
    built, problems = build({"lone.bpmn": drawing.xml()})
    assert built is not None, problems
    activity = next(each for each in built.activities if each.id == "a")
    assert (activity.kind, activity.days) == (kind, days)


def test_what_was_deployed_is_not_judged_again() -> None:
    """A stricter check of a later version must not stop the projects that run."""
    drawing = Drawing("START > a > xor1 >{list(n) == 2} END", "xor1 >{else} b > END")
    files = {"lone.bpmn": drawing.xml()}
    refused, problems = build(files)
    assert refused is None
    assert problems
    assert load(files).stages
