"""Reading what people write in YAML or JSON: every problem at once, each with its key."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from engine.errors import Invalid


class Problem(NamedTuple):
    """What is wrong, and the key where: `pools.EPB.people`."""

    field: str
    message: str


class InvalidAssumptions(Invalid):
    """What is assumed cannot be read, or does not fit the procedure."""

    code = "invalid_assumptions"
    remedy = "Correct every key that `problems` names."


Problems: TypeAlias = list[Problem]
#: reads a value, notes what is wrong with it and where
Reader: TypeAlias = Callable[[Any, str, Problems], Any]


def refuse(problems: Problems) -> None:
    """Raise InvalidAssumptions where there is a problem, telling all of them."""
    if problems:
        once = dict.fromkeys(problems)
        text = "; ".join(f"{each.field}: {each.message}" for each in once)
        told = [each._asdict() for each in once]
        raise InvalidAssumptions(text, field=problems[0].field, problems=told)


def one(read: Callable[[Any], Any]) -> Reader:
    """Return the reader of a single value by what raises Invalid."""

    def reader(given: Any, at: str, problems: Problems) -> Any:
        try:
            return read(given)
        except Invalid as error:
            remedy = "" if type(error) is Invalid else f". {error.remedy}"
            problems.append(Problem(at, f"{error.message}{remedy}"))
            return None

    return reader


def named(read: Reader) -> Reader:
    """Return the reader of a mapping whose keys are names."""

    def reader(given: Any, at: str, problems: Problems) -> dict[str, Any]:
        pairs = mapping(given, at, problems).items()
        return {name: read(each, f"{at}.{name}", problems) for name, each in pairs}

    return reader


def listed(read: Reader) -> Reader:
    """Return the reader of a list."""

    def reader(given: Any, at: str, problems: Problems) -> tuple[Any, ...]:
        if not isinstance(given, list | tuple):
            problems.append(Problem(at, f"write a list, not {given!r}"))
            return ()
        return tuple(read(each, f"{at}[{place}]", problems) for place, each in enumerate(given))

    return reader


def record(make: Callable[..., Any], needed: tuple[str, ...] = (), **keys: Reader) -> Reader:
    """Return the reader of a mapping with these keys, of which what is left out has its default."""

    def reader(given: Any, at: str, problems: Problems) -> Any:
        start, below = len(problems), f"{at}." if at else ""
        pairs = mapping(given, at, problems)
        for name in pairs:
            if name not in keys:
                text = f"there is no such key; there are {', '.join(keys)}"
                problems.append(Problem(f"{below}{name}", text))
        missing = (each for each in needed if each not in pairs)
        problems.extend(Problem(f"{below}{each}", "is missing") for each in missing)
        known = {name: each for name, each in pairs.items() if name in keys and each is not None}
        found = {name: keys[name](each, below + name, problems) for name, each in known.items()}
        return make(**found) if len(problems) == start else None

    return reader


def mapping(given: Any, at: str, problems: Problems) -> dict[str, Any]:
    """Return a mapping with texts as keys; nothing where nothing is written."""
    if isinstance(given, Mapping):
        return {str(name): each for name, each in given.items()}
    if given is not None:
        problems.append(Problem(at, f"write a mapping of names to values, not {given!r}"))
    return {}


def number(least: float = 0.0, most: float = math.inf, *, whole: bool = False) -> Reader:
    """Return the reader of a number within limits."""

    def read(given: Any) -> Any:
        fits = isinstance(given, int if whole else int | float) and not isinstance(given, bool)
        if not fits or not least <= given <= most or not math.isfinite(given):
            kind = "a whole number" if whole else "a number"
            upto = f" to {most:g}" if math.isfinite(most) else " on"
            raise Invalid(f"write {kind} from {least:g}{upto}, not {given!r}")
        return given

    return one(read)


def text(given: Any) -> str:
    """Return a text. Raises Invalid."""
    if not isinstance(given, str):
        raise Invalid(f"write a text, not {given!r}")
    return given.strip()


def flag(given: Any) -> bool:
    """Return true or false. Raises Invalid."""
    if not isinstance(given, bool):
        raise Invalid(f"write true or false, not {given!r}")
    return given


def day(given: Any) -> date:
    """Return a date, which YAML reads itself and JSON writes as a text. Raises Invalid."""
    try:
        return given if type(given) is date else date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise Invalid(f"write a date like 2014-01-06, not {given!r}") from error
