"""Expressions of a diagram, evaluated in a sandbox.

Whoever may deploy a diagram must not thereby run code on the server: expressions know
the data of their task, comparisons, plain arithmetic and a few functions; no attributes,
no imports, no other calls, and values of bounded size. The sandbox is SpiffWorkflow's
scripting *environment*, so that every site of an expression passes through it.
"""

from __future__ import annotations

import ast
import json
from functools import lru_cache
from typing import Any

import simpleeval
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.errors import ModelError

MAX_EXPRESSION_LENGTH = 2_000
MAX_VALUE_LENGTH = 20_000
MAX_DEPTH = 50

FUNCTIONS = {f.__name__: f for f in (abs, all, any, len, max, min, round, sum)}
OPERATORS = {
    operator: function
    for operator, function in simpleeval.DEFAULT_OPERATORS.items()
    if operator not in {ast.Pow, ast.LShift, ast.RShift, ast.BitXor, ast.BitAnd, ast.BitOr}
}
NODES = (
    *(ast.Expression, ast.Expr, ast.Name, ast.Load, ast.Constant, ast.UnaryOp, ast.BinOp),
    *(ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Subscript, ast.List, ast.Tuple, ast.Dict),
    *(ast.And, ast.Or, ast.unaryop, ast.operator, ast.cmpop),
)


class ExpressionError(ModelError):
    """The expression is not allowed or cannot be evaluated."""


class SandboxEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """Evaluates expressions and assignments over the data of a task, and nothing else."""

    def evaluate(
        self, expression: str, context: dict[str, Any], external_context: Any = None
    ) -> Any:
        names = {**(external_context or {}), **context}
        return evaluate(expression, names)

    def execute(self, script: str, context: dict[str, Any], external_context: Any = None) -> bool:
        """Run a script of lines `name = expression`."""
        for name, value in assignments(script):
            context[name] = evaluate(value, {**(external_context or {}), **context})
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
    tree = parse(expression)
    evaluator = simpleeval.EvalWithCompoundTypes(
        operators=OPERATORS, functions=FUNCTIONS, names=names
    )
    try:
        value = evaluator.eval(expression, previously_parsed=tree)
    except Exception as error:
        raise ExpressionError(f"{expression!r}: {error}", expression=expression) from error
    return bounded(expression, value)


@lru_cache(maxsize=4096)
def parse(expression: str) -> ast.expr:
    """Return the syntax tree of an allowed expression; Camunda's leading `=` is accepted.

    Raises ExpressionError where it is too long, malformed, or uses anything not allowed.
    """
    text = expression.strip().removeprefix("=").strip()
    if len(text) > MAX_EXPRESSION_LENGTH:
        raise ExpressionError(f"longer than {MAX_EXPRESSION_LENGTH} characters")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text[:80]!r} is not an expression: {error}") from error
    check(tree, text)
    return tree


def check(node: ast.AST, text: str, depth: int = 0) -> None:
    """Refuse every construct that is not listed, and nesting beyond MAX_DEPTH."""
    if depth > MAX_DEPTH:
        raise ExpressionError(f"{text[:80]!r} is nested too deeply")
    if not isinstance(node, NODES):
        raise ExpressionError(f"{type(node).__name__} is not allowed in {text[:80]!r}")
    if isinstance(node, ast.Call) and not is_listed_call(node):
        raise ExpressionError(f"only {', '.join(sorted(FUNCTIONS))} may be called in {text[:80]!r}")
    for child in ast.iter_child_nodes(node):
        check(child, text, depth + 1)


def is_listed_call(node: ast.Call) -> bool:
    """Tell whether a call names a listed function, with plain arguments."""
    return isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords


def bounded(expression: str, value: Any) -> Any:
    """Return the value where it is plain data of bounded size."""
    try:
        size = len(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise ExpressionError(f"{expression!r} gives no plain data: {error}") from error
    if size > MAX_VALUE_LENGTH:
        raise ExpressionError(f"{expression!r} gives a value of {size} characters")
    return value


def assignments(script: str) -> list[tuple[str, str]]:
    """Return (name, expression) per line of a script task.

    Raises ExpressionError where a line is anything but an assignment to one plain name.
    """
    try:
        body = ast.parse(script).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"not a script of assignments: {error}") from error
    return [assignment(statement) for statement in body]


def assignment(statement: ast.stmt) -> tuple[str, str]:
    """Return (name, expression) of one allowed statement."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id, ast.unparse(statement.value)
    raise ExpressionError(f"a script may only assign: {ast.unparse(statement)[:80]!r}")
