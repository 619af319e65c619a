"""Whoever may deploy a diagram must not thereby run code on the server, or occupy it."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest

from engine.errors import Invalid, ModelError
from engine.workflow.answer import MAX_ANSWER
from engine.workflow.expressions import ExpressionError, assignments, evaluate, parse
from engine.workflow.parser import read
from engine.workflow.runner import Execution
from tests.workflow.drawing import Drawing, instances, loop, properties
from tests.workflow.running import answer, at, restored, start, waits

SECONDS = 1.0
MEGABYTES = 50

#: refused when the diagram is deployed
FORBIDDEN = {
    "attribute": "x.upper",
    "method": "x.upper()",
    "dunder": "().__class__.__bases__[0].__subclasses__()",
    "dunder name": "__import__('os').system('true')",
    "import": "import os",
    "open": "open('/etc/passwd')",
    "eval": "eval('1')",
    "getattr": "getattr(x, 'y')",
    "type": "type(x)",
    "lambda": "(lambda: 1)()",
    "list comprehension": "[y for y in x]",
    "generator": "sum(y for y in x)",
    "dict comprehension": "{y: y for y in x}",
    "set": "{1, 2}",
    "walrus": "(y := 1)",
    "f-string": "f'{x}'",
    "starred": "max(*x)",
    "keyword": "max(x, key=len)",
    "power": "9 ** 9 ** 9",
    "shift": "1 << 100000000",
    "bits": "1 | 2",
    "matrix product": "x @ x",
    "slice": "x[0:1]",
    "await": "await x",
    "yield": "(yield x)",
    "two": "1; 2",
    "two lines": "1\n2",
    "assignment": "x = 1",
    "empty": "",
    "nul": "1 +\0 1",
    "long": "1 + " * 600 + "1",
    "long name": "x" * 3_000,
    "deep": "not " * 400 + "x",
    "deep minus": "-" * 1_900 + "1",
    "deep brackets": "(" * 900 + "1" + ")" * 900,
    "deep lists": "[" * 150 + "1" + "]" * 150,
    "call of a call": "len(x)(1)",
    "call of an item": "x[0]()",
}
#: refused when evaluated: it depends on the data
COSTLY = {
    "format": "'%1000000000d' % 1",
    "format width": "'%*d' % (1000000000, 1)",
    "repeated text": "'x' * 1000000000",
    "repeated list": "[0] * 1000000000",
    "repeated the other way": "1000000000 * 'x'",
    "long text": "big + big",
    "big numbers": " * ".join(["9" * 300] * 6),
    "big numbers from data": " * ".join(["huge"] * 40),
    "round": "round(1, 0 - 100000000)",
    "round of a float": "round(1.5, 100000000)",
    "sum of lists": "sum([[1], [2]])",
    "list of the same": f"[{', '.join(['big'] * 300)}]",
    "infinite": "1e308 * 10",
    "not a number": "1e999 - 1e999",
    "function as value": "len",
    "type as value": "list",
    "bytes": "b'x'",
    "complex": "1j",
    "ellipsis": "...",
    "unknown name": "nobody",
    "missing key": "d['nothing']",
    "types": "1 < 'a'",
    "division": "1 / 0",
}
DATA = {"x": [1, 2], "big": "y" * 15_000, "huge": int("9" * 4_000), "d": {"k": 1}}

Draw = Callable[[str], Drawing]


def gateway(kind: str) -> Draw:
    """A gateway that asks the expression."""

    def draw(text: str) -> Drawing:
        drawing = Drawing(f"START > wait > {kind} >{{else}} b > END", "a > END")
        return drawing.flow(kind, "a", text)

    return draw


def repeated(attribute: str) -> Draw:
    """A multi-instance that evaluates the expression in one of its places."""

    def draw(text: str) -> Drawing:
        place = {
            "number": instances(text),
            "sequential number": instances(text, sequential=True),
            "until": instances("2", until=text),
            "sequential until": instances("2", sequential=True, until=text),
            "loop": loop(text),
            "loop before": loop(text, before=True),
        }[attribute]
        return Drawing("START > wait > a > END").repeat("a", place)

    return draw


def script(text: str) -> Drawing:
    """A script that assigns the expression."""
    return Drawing("START > wait > script1 > a > END").script("script1", f"y = {text}")


def timer(text: str) -> Drawing:
    """A timer that falls due when the expression says."""
    return Drawing("START > wait > t > a > END").timer("t", text)


def boundary_timer(text: str) -> Drawing:
    """The same at a boundary."""
    return Drawing("START > wait > a > END", "t > b > END").timer("t", text, "a")


def first_timer(text: str) -> Drawing:
    """The same behind an event-based gateway."""
    drawing = Drawing("START > wait > any1 > t > a > END", "any1 > m > b > END")
    return drawing.timer("t", text).message("m", "M")


SITES: dict[str, Draw] = {
    "exclusive": gateway("xor1"),
    "inclusive": gateway("or1"),
    "script": script,
    "timer": timer,
    "boundary timer": boundary_timer,
    "event-based timer": first_timer,
    **{
        each: repeated(each)
        for each in (
            *("number", "sequential number", "until", "sequential until"),
            *("loop", "loop before"),
        )
    },
}


@pytest.fixture(autouse=True)
def bounded() -> object:
    """Nothing may take long or much memory."""
    tracemalloc.start()
    began = time.perf_counter()
    yield
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5 * SECONDS  # of a whole test, traced, on a busy machine
    assert peak < MEGABYTES * 1_000_000


@pytest.mark.parametrize("attack", FORBIDDEN)
def test_what_is_no_plain_expression_is_refused_when_deployed(attack: str) -> None:
    with pytest.raises(ExpressionError):
        parse(FORBIDDEN[attack])


@pytest.mark.parametrize("site", SITES)
def test_every_site_of_an_expression_refuses_it_when_deployed(site: str) -> None:
    left_out = {"two", "two lines", "nul", "empty"}  # several lines of a script, or no XML
    left_out |= {"long name"} if site == "script" else set()
    for name in FORBIDDEN.keys() - left_out:
        attack = FORBIDDEN[name]
        definitions, problems = read(SITES[site](attack).xml())
        assert not definitions, name
        assert {each.severity for each in problems} == {"error"}
        assert problems[0].element


@pytest.mark.parametrize("attack", COSTLY)
def test_what_would_cost_too_much_is_refused_when_evaluated(attack: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ExpressionError):
        evaluate(COSTLY[attack], DATA)
    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("restore", [False, True], ids=["unbroken", "restored"])
def test_every_site_of_an_expression_is_in_the_sandbox_when_run(
    site: str, *, restore: bool
) -> None:
    for name in ("format", "repeated text", "round", "big numbers", "unknown name", "types"):
        execution = start(SITES[site](COSTLY[name]))
        state = execution.state
        execution = restored(execution) if restore else execution
        with pytest.raises(ModelError) as failure:
            answer_all(execution)
        assert failure.value.detail["element"], name
        assert waits(type(execution).resume(execution.definition, state, execution.now)) == ["wait"]


def answer_all(execution: Execution) -> None:
    """Answer whatever waits, for a while."""
    for _ in range(4):
        answer(execution, execution.waiting()[0].element.id)


@pytest.mark.parametrize("restore", [False, True])
def test_correlation_is_not_evaluated_at_all(*, restore: bool) -> None:
    drawing = Drawing("START > wait > m > throw1 > END").message("m", "M")
    drawing.node(
        "throw1", "intermediateThrowEvent", '<bpmn:messageEventDefinition messageRef="m-M"/>'
    )
    drawing.outside.append(
        '<bpmn:correlationProperty id="c" name="c"><bpmn:correlationPropertyRetrievalExpression'
        ' messageRef="m-M"><bpmn:messagePath>open("/etc/passwd")</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    )
    execution = answer(start(drawing), "wait")
    execution = restored(execution) if restore else execution
    execution.deliver(at(execution, "m").id)
    assert execution.step().ended


@pytest.mark.parametrize(
    "inner",
    [
        (
            '<bpmn:dataInputAssociation><bpmn:assignment><bpmn:from>open("x")</bpmn:from>'
            "<bpmn:to>y</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
        ),
        (
            '<bpmn:ioSpecification><bpmn:dataInput id="i"/><bpmn:inputSet>'
            "<bpmn:dataInputRefs>i</bpmn:dataInputRefs></bpmn:inputSet></bpmn:ioSpecification>"
        ),
        (
            '<bpmn:resourceRole><bpmn:resourceAssignmentExpression><bpmn:formalExpression>open("x")'
            "</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:resourceRole>"
        ),
        properties(script="open('x')"),
    ],
)
def test_other_places_of_expressions_are_drawing(inner: str) -> None:
    execution = start(Drawing("START > a > END").node("a", inner=inner))
    answer(execution, "a")
    assert execution.step().ended


@pytest.mark.parametrize(
    "text",
    [
        "exec('x = 1')",
        "import os",
        "x.y = 1",
        "x[0] = 1",
        "x += 1",
        "x: int = 1",
        "a, b = 1, 2",
        "a = b = 1",
        "del x",
        "def f(): pass",
        "for i in x: y = i",
        "while True: y = 1",
        "if x: y = 1",
        "y = " + "-" * 9_000 + "1",
        "y = " + "+".join(["1"] * 4_000),
        "x = 1\n" * 2_000,
        "print('x')",
    ],
)
def test_a_script_only_assigns(text: str) -> None:
    with pytest.raises(ExpressionError):
        assignments(text)
    definitions, problems = read(Drawing("START > s > END").script("s", text).xml())
    assert not definitions
    assert [(each.code, each.element) for each in problems] == [("script", "s")]


def test_values_do_not_grow_without_bound_from_script_to_script() -> None:
    with pytest.raises(ModelError, match="longer than"):
        start(one_after_the_other("text = text + text"), {"text": "ab"})
    with pytest.raises(ModelError):
        start(one_after_the_other("text = [text, text]"), {"text": []})
    with pytest.raises(ModelError, match="too large"):
        start(one_after_the_other("text = text * text"), {"text": 10})


def one_after_the_other(line: str, times: int = 30) -> Drawing:
    """The same script so often in a row."""
    names = [f"script{number}" for number in range(times)]
    drawing = Drawing(" > ".join(("START", *names, "END")))
    for name in names:
        drawing.script(name, line)
    return drawing


def test_an_answer_is_plain_data_of_bounded_size() -> None:
    execution = start(Drawing("START > a > END"))
    nested: list[object] = []
    for _ in range(2_000):
        nested = [nested]
    for data in ({"x": "y" * MAX_ANSWER}, {"x": object()}, {"x": nested}, {"x": float("nan")}):
        with pytest.raises(Invalid):
            answer(execution, "a", **data)
    answer(execution, "a", x="y" * (MAX_ANSWER - 100))
    assert execution.step().ended


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("outcome == 'accept' and not late", True),
        ('= outcome == "accept"', True),
        ("  =outcome != 'accept'", False),
        ("n + 2 * 3 - 4 / 2 // 1 % 3", 6.0),
        ("len(items) > 1 or n is None", True),
        ("'a' in items and 'z' not in items", True),
        ("items[0] + d['k']", "av"),
        ("'yes' if n >= 2 else 'no'", "yes"),
        ("max(1, n, 2) + min([4, 5]) + abs(-1) + sum([1, 2]) + round(1.6)", 12),
        ("round(2.345, 1)", 2.3),
        ("all([n, 1]) and any([0, n])", True),
        ("[n, (1, 2), {'a': None}]", [2, [1, 2], {"a": None}]),
        ("0 < n < 3", True),
        ("-n", -2),
    ],
)
def test_plain_expressions_are_evaluated(text: str, value: object) -> None:
    data = {"outcome": "accept", "late": False, "n": 2, "items": ["a", "b"], "d": {"k": "v"}}
    assert evaluate(text, data) == value


def test_what_may_be_called_does_not_change_by_evaluating() -> None:
    """The library that evaluates adds to the functions it is given."""
    assert evaluate("len([1, 2])", {}) == 2
    for name in ("list", "dict", "set", "tuple", "int", "str"):
        with pytest.raises(ExpressionError, match="may be called"):
            parse(f"{name}(x)")
