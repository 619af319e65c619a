"""Whatever is done to a diagram or its files, there are problems or a process that runs."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.errors import ModelError
from engine.workflow.deployment import build
from engine.workflow.parser import read
from engine.workflow.runner import Execution
from tests.workflow.drawing import NOW
from tests.workflow.running import move
from tests.workflow.test_codec import CASES

BPMN = Path(__file__).parents[2] / "bpmn"
ITEM = (BPMN / "shared/item.bpmn").read_bytes()
STAGE = (BPMN / "procedures/industrial-2014/planning.bpmn").read_bytes()
DATA = {"n": 2, "items": ["p"], "done": True, "count": 1, "item": "A", "fee_due": True}
DIAGRAMS = [ITEM, STAGE, *(case.drawing.xml() for case in CASES.values())]
FEW = settings(max_examples=250, deadline=None, derandomize=True, database=None)
ODD = ["", " ", "x", "START", "END", "Start", "End", "a", "0", "-1", "1e999", "true", "é", "a.b"]
ANY = st.one_of(st.sampled_from(ODD), st.text(alphabet="abc=<>()[]{}'\"/PT1H. ,", max_size=12))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A diagram with a few things dropped, doubled, swapped or overwritten."""
    root = etree.fromstring(draw(st.sampled_from(DIAGRAMS)))
    for _ in range(draw(st.integers(1, 4))):
        nodes = [node for node in root.iterdescendants() if isinstance(node.tag, str)]
        if nodes:
            mutate(draw, nodes, draw(st.sampled_from(nodes)))
    return etree.tostring(root)


def mutate(draw: st.DrawFn, nodes: list[Any], node: Any) -> None:
    """Do one thing to one element."""
    other = draw(st.sampled_from(nodes))
    names = sorted(node.keys())
    what = draw(st.sampled_from(["drop", "double", "move", "attribute", "copy", "text", "tag"]))
    if what == "drop":
        node.getparent().remove(node)
    elif what == "double":
        node.getparent().append(deepcopy(node))
    elif what == "move" and not {other, *other.iterancestors()} & {node}:
        other.append(node)
    elif what == "text":
        node.text = draw(ANY)
    elif what == "tag":
        node.tag = other.tag
    elif names:
        name = draw(st.sampled_from(names))
        values = sorted(other.values()) or ["x"]
        value = draw(st.sampled_from(values)) if what == "copy" else draw(ANY)
        if draw(st.booleans()):
            del node.attrib[name]
        else:
            node.set(name, value)


@settings(FEW, max_examples=600)
@given(mutated(), st.integers(0, 3))
def test_a_damaged_diagram_is_refused_or_runs(content: bytes, choice: int) -> None:
    definitions, problems = read(content)
    assert definitions or any(each.severity == "error" for each in problems)
    for definition in definitions:
        run_out(definition, {**DATA, "choice": choice})


def run_out(definition: Any, data: dict[str, Any]) -> None:
    """Answer everything, for a while; only the diagram may fail."""
    try:
        execution = Execution.start(definition, data, NOW)
        for _ in range(40):
            waiting = execution.waiting()
            if not waiting:
                assert execution.step().ended
                return
            execution = Execution.resume(definition, execution.state, NOW)
            answer = {"outcome": "accept", **DATA}
            move(execution, waiting[-1], answer)
    except ModelError as error:
        located(error)


@FEW
@given(st.binary(max_size=300))
def test_anything_at_all_may_be_sent(content: bytes) -> None:
    read(content)
    build({"a.bpmn": content, "procedure.yaml": content})


@settings(FEW, max_examples=120)
@given(st.data())
def test_any_answer_is_taken_or_refused(data: st.DataObject) -> None:
    case = CASES[data.draw(st.sampled_from(sorted(CASES)))]
    values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | ANY,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
        max_leaves=6,
    )
    given_ = data.draw(st.fixed_dictionaries(dict.fromkeys(("n", "items", "done"), values)))
    try:
        execution = Execution.start(case.drawing.load(), {**case.data, **given_}, NOW)
        for _ in range(4):
            waiting = execution.waiting()
            if waiting:
                move(execution, waiting[0], {**given_, **data.draw(st.dictionaries(ANY, values))})
                execution.step()
        execution.state.encode()
    except ModelError as error:
        located(error)


PROCEDURE = yaml.safe_load((BPMN / "procedures/industrial-2014/procedure.yaml").read_bytes())
ITEMS = yaml.load((BPMN / "catalogue.yaml").read_bytes(), yaml.CSafeLoader)["items"]


def located(error: ModelError) -> None:
    """A failure says where and why."""
    assert error.message
    assert "element" in error.detail


YAMLS = {
    "procedure.yaml": PROCEDURE,
    "catalogue.yaml": {"items": {name: ITEMS[name] for name in PROCEDURE["items"]}},
}
FOLDER = {
    **{
        path.name: path.read_bytes()
        for path in (BPMN / "procedures/industrial-2014").glob("*.bpmn")
    },
    "item.bpmn": ITEM,
}


@settings(FEW, max_examples=20)
@given(st.data())
def test_damaged_files_are_refused_or_deployed(data: st.DataObject) -> None:
    files = dict(FOLDER)
    for name, text in YAMLS.items():
        content = deepcopy(text)
        for _ in range(data.draw(st.integers(0, 2))):
            damage(data, content)
        files[name] = yaml.safe_dump(content, allow_unicode=True).encode()
    built, problems = build(files)
    assert (built is None) == any(each.severity == "error" for each in problems)


def damage(data: st.DataObject, content: Any) -> None:
    """Overwrite or drop something somewhere in nested mappings and lists."""
    while isinstance(content, dict | list) and content:
        keys = sorted(content, key=str) if isinstance(content, dict) else range(len(content))
        key = data.draw(st.sampled_from(list(keys)))
        if data.draw(st.booleans()) or not isinstance(content[key], dict | list):
            odd = [None, "", 0, -1, 5.5, True, "²", "x y", [], ["a", 1], {}, {"a": 1}, "3", 10**6]
            content[key] = data.draw(st.sampled_from(odd))
            return
        content = content[key]
