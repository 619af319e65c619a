"""Expressions of a diagram, evaluated in a sandbox.

Whoever may deploy a diagram must not thereby run code on the server: expressions know
the data of their task, comparisons, plain arithmetic and a few functions; no attributes,
no imports, no other calls, and values of bounded size. The sandbox is SpiffWorkflow's
scripting *environment*, so that every site of an expression passes through it.

simpleeval evaluates what `check` has let through; everything else is refused when the
diagram is deployed, not when it runs.
"""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import simpleeval
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.errors import ModelError

MAX_EXPRESSION_LENGTH = 2_000
MAX_SCRIPT_LENGTH = 10_000
MAX_VALUE_LENGTH = 20_000
MAX_DEPTH = 50
#: of the whole numbers a multiplication may give
MAX_BITS = 4_096
#: of a number's digits in round()
MAX_DIGITS = 15

SHOWN = 80


class ExpressionError(ModelError):
    """The expression is not allowed or cannot be evaluated."""


def add(left: Any, right: Any) -> Any:
    """Add numbers, or join two texts or lists of bounded size."""
    if hasattr(left, "__len__") and len(left) + len(right) > MAX_VALUE_LENGTH:
        raise ExpressionError(f"the value would be longer than {MAX_VALUE_LENGTH}")
    return left + right


def multiply(left: Any, right: Any) -> Any:
    """Multiply numbers of bounded size; texts and lists are not repeated."""
    bits = sum(number(each).bit_length() for each in (left, right) if isinstance(each, int))
    if bits > MAX_BITS:
        raise ExpressionError("the number would be too large")
    return number(left) * number(right)


def remainder(left: Any, right: Any) -> Any:
    """Return the remainder of a division; texts are not formatted."""
    return number(left) % number(right)


def number(value: Any) -> Any:
    """Return the value where it is a number."""
    if not isinstance(value, int | float):
        raise ExpressionError(f"{type(value).__name__} is not a number")
    return value


def rounded(value: Any, digits: int = 0) -> Any:
    """Round to a few digits; to a whole number where none are named."""
    if abs(number(digits)) > MAX_DIGITS:
        raise ExpressionError(f"round() takes at most {MAX_DIGITS} digits")
    return round(number(value), digits) if digits else round(number(value))


def total(values: Iterable[Any]) -> Any:
    """Add up numbers."""
    return sum(number(each) for each in values)


FUNCTIONS: dict[str, Any] = {
    **{each.__name__: each for each in (abs, all, any, len, max, min)},
    "round": rounded,
    "sum": total,
}
OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: add,
    ast.Sub: operator.sub,
    ast.Mult: multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: remainder,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
NODES = (
    *(ast.Name, ast.Load, ast.Constant, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare),
    *(ast.And, ast.Or, ast.IfExp, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict),
    *OPERATORS,
)
ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


class Evaluator(simpleeval.EvalWithCompoundTypes):  # type: ignore[misc]
    """simpleeval over plain data, for trees that `check` has let through."""

    def _check_disallowed_items(self, item: Any) -> None:
        """Nothing but JSON data and FUNCTIONS can be named; searching them costs time."""


class SandboxEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluates expressions and assignments over the data of a task, and nothing else."""

    def evaluate(
        self, expression: str, context: dict[str, Any], external_context: Any = None
    ) -> Any:
        return evaluate(expression, {**(external_context or {}), **context})

    def execute(self, script: str, context: dict[str, Any], external_context: Any = None) -> bool:
        """Run a script of lines `name = expression`."""
        for name, tree in assignments(script):
            context[name] = value_of(tree, script, {**(external_context or {}), **context})
        return True

    def call_service(self, context: dict[str, Any], **_: Any) -> Any:
        raise ExpressionError("service tasks do not run here")


def sandboxed_engine() -> PythonScriptEngine:
    """Return a script engine whose every evaluation passes through the sandbox."""
    return PythonScriptEngine(environment=SandboxEnvironment())


def evaluate(expression: str, names: dict[str, Any]) -> Any:
    """Return the value of an expression over `names`.

    Raises ExpressionError with the expression and the reason.
    """
    return value_of(parse(expression), expression, names)


def value_of(tree: ast.expr, text: str, names: dict[str, Any]) -> Any:
    """Return the value of an allowed syntax tree as plain data."""
    # simpleeval adds to the functions it is given: never hand it the list that `check` trusts
    evaluator = Evaluator(operators=OPERATORS, functions=dict(FUNCTIONS), names=names)
    try:
        return plain(evaluator.eval(text, previously_parsed=tree))
    except Exception as error:
        reason = error.message if isinstance(error, ModelError) else str(error)
        raise ExpressionError(f"{shown(text)}: {reason}", expression=text[:SHOWN]) from error


@lru_cache(maxsize=4096)
def parse(expression: str) -> ast.expr:
    """Return the syntax tree of an allowed expression; Camunda's leading `=` is accepted.

    Raises ExpressionError where it is too long, malformed, or uses anything not allowed.
    """
    text = expression.strip().removeprefix("=").strip()
    module = syntax(text, MAX_EXPRESSION_LENGTH)
    if len(module.body) != 1 or not isinstance(module.body[0], ast.Expr):
        raise ExpressionError(f"{shown(text)} is not an expression")
    tree = module.body[0].value
    check(tree, text)
    return tree


@lru_cache(maxsize=1024)
def assignments(script: str) -> tuple[tuple[str, ast.expr], ...]:
    """Return (name, syntax tree) per line of a script task.

    Raises ExpressionError where a line is anything but an assignment to one plain name.
    """
    module = syntax(script, MAX_SCRIPT_LENGTH)
    return tuple(assignment(statement, script) for statement in module.body)


def assignment(statement: ast.stmt, script: str) -> tuple[str, ast.expr]:
    """Return (name, syntax tree) of one allowed statement."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if not isinstance(statement, ast.Assign) or len(targets) != 1:
        raise ExpressionError(f"a script may only assign; line {statement.lineno} does not")
    if not isinstance(targets[0], ast.Name):
        raise ExpressionError(f"line {statement.lineno}: only plain names are assigned to")
    check(statement.value, script)
    return targets[0].id, statement.value


def syntax(text: str, longest: int) -> ast.Module:
    """Return a syntax tree. Raises ExpressionError where there is none."""
    if len(text) > longest:
        raise ExpressionError(f"longer than {longest} characters")
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{shown(text)} cannot be read: {error}") from error


def check(node: ast.AST, text: str, depth: int = 0) -> None:
    """Refuse every construct that is not listed, and nesting beyond MAX_DEPTH."""
    if depth > MAX_DEPTH:
        raise ExpressionError(f"{shown(text)} is nested too deeply")
    if not isinstance(node, NODES):
        raise ExpressionError(f"{type(node).__name__} is not allowed in {shown(text)}")
    if isinstance(node, ast.Call) and not is_listed_call(node):
        raise ExpressionError(f"only {', '.join(sorted(FUNCTIONS))} may be called in {shown(text)}")
    for child in ast.iter_child_nodes(node):
        check(child, text, depth + 1)


def is_listed_call(node: ast.Call) -> bool:
    """Tell whether a call names a listed function, with plain arguments."""
    return isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords


def plain(value: Any) -> Any:
    """Return the value as plain data of bounded size, as it will be after it was stored."""
    if not is_small(value, MAX_VALUE_LENGTH):
        raise ExpressionError(f"the value is longer than {MAX_VALUE_LENGTH} characters")
    return json.loads(ENCODER.encode(value)) if isinstance(value, list | tuple | dict) else value


def is_small(value: Any, longest: int) -> bool:
    """Tell whether a value takes at most so many characters as JSON, without writing more.

    Raises TypeError, ValueError or RecursionError where it is no plain data.
    """
    size = 0
    for chunk in ENCODER.iterencode(value):
        size += len(chunk)
        if size > longest:
            return False
    return True


def shown(text: str) -> str:
    """Return the beginning of an expression for a message."""
    return repr(text.strip()[:SHOWN])
