"""How long work takes, as the fields of a simulation's form, and back.

What is written of single steps, as a log tells it, stays until a field says otherwise: a factor
that is chosen goes instead of what is written of the main steps it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from api.web.gantt.words import gettext as _
from engine.analysis.simulation.distribution import Distribution, InvalidDistribution, Shape

Data = dict[str, Any]
Fields = Mapping[str, str]

PROMISED, SPREAD = "promised", "spread"
#: of a factor: the steps take what is written of them
KEPT = "kept"
EXACT = "fixed(1)"
TIMES = ("days", "hours")
APPROVAL = "approval"
#: kinds of workers, each with a factor on the plan's days
WORKERS: Mapping[str, Any] = {
    APPROVAL: _l("部门审批"),
    "applicant": _l("企业"),
    "intermediary": _l("中介"),
}
#: hands on the file for a part of the days: makes sense of departments alone, who have queues
HANDS = "pert(0.03, 0.08, 0.22)"
#: factors that are offered
PRESETS: Mapping[str, Any] = {
    HANDS: _l("动手只占不到一成，其余是排队"),
    EXACT: _l("正好是计划天数"),
    "pert(0.9, 1, 1.2)": _l("略有快慢：0.9 至 1.2 倍"),
    "pert(0.8, 1, 1.5)": _l("常有拖延：0.8 至 1.5 倍"),
    "pert(0.6, 1, 2.5)": _l("快慢悬殊：0.6 至 2.5 倍"),
}
#: factors that are written otherwise, by their parameters
SENTENCES: Mapping[Shape, Any] = {
    Shape.FIXED: _l("计划天数的 %(a)s 倍"),
    Shape.UNIFORM: _l("%(a)s 至 %(b)s 倍"),
    Shape.PERT: _l("%(a)s 至 %(c)s 倍，多为 %(b)s 倍"),
    Shape.TRIANGULAR: _l("%(a)s 至 %(c)s 倍，多为 %(b)s 倍"),
}


@dataclass(frozen=True, slots=True)
class Main:
    """An item's main step: who works on it, and its keys among the steps, the closest first."""

    kind: str
    steps: tuple[str, ...] = ()


Mains = Mapping[str, Main]


# -- from assumptions to fields --------------------------------------------------------------------


def duration_fields(data: Mapping[str, Any], mains: Mains) -> dict[str, str]:
    """Return the fields that say how long work takes."""
    factors = {each: factor(data, mains, each) for each in WORKERS}
    days = {f"days-{each}": str(own["days"]) for each, own in items(data).items() if "days" in own}
    plain = all(each in (EXACT, "1") for each in factors.values())
    spread = bool(days) or not plain or any(map(is_timed, steps(data).values()))
    return {
        "durations": SPREAD if spread else PROMISED,
        **{f"factor-{each}": text for each, text in factors.items()},
        **days,
    }


def factor(data: Mapping[str, Any], mains: Mains, worker: str) -> str:
    """Return a worker's factor; KEPT where something is written of main steps of theirs."""
    if any(is_kept(data, each) for each in mains.values() if each.kind == worker):
        return KEPT
    return str((data.get("durations") or {}).get(worker, EXACT))


def is_kept(data: Mapping[str, Any], main: Main) -> bool:
    """Tell whether the time of a main step is written."""
    return any(is_timed(steps(data).get(each) or {}) for each in main.steps)


def is_timed(step: Mapping[str, Any]) -> bool:
    """Tell whether a step's time is written."""
    return any(each in step for each in TIMES)


def items(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return what is said of single items."""
    return data.get("items") or {}


def steps(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return what is said of steps, by element or node."""
    return data.get("steps") or {}


def offered(worker: str, text: str, kept: str) -> list[tuple[str, str]]:
    """Return the factors to choose from; `kept` says where what is written comes from."""
    found = [(each, str(word)) for each, word in PRESETS.items()]
    if worker != APPROVAL:
        found = [each for each in found if each[0] != HANDS]
    if kept:
        found.insert(0, (KEPT, kept))
    known = any(text == each for each, _word in found)
    return found if known or not text or text == KEPT else [(text, told(text)), *found]


def told(text: str) -> str:
    """Return a factor in words."""
    try:
        found = Distribution.of(text)
    except InvalidDistribution:
        return text
    sentence = SENTENCES.get(found.shape)
    if sentence is None:
        return _("另写的：%(factor)s", factor=text)
    names = zip("abc", found.values, strict=False)
    return str(sentence) % {name: f"{each:g}" for name, each in names}


# -- from fields to assumptions --------------------------------------------------------------------


def durations(data: Data, typed: Fields, shown: Fields, mains: Mains) -> None:
    """Set how long work takes where a field says otherwise than it was shown."""
    if typed.get("durations", shown["durations"]) == PROMISED:
        if shown["durations"] != PROMISED:
            as_promised(data)
        return
    for name, text in changed(typed, shown, "factor-"):
        worker = name.removeprefix("factor-")
        if worker in WORKERS and text not in ("", KEPT):
            given = {**(data.get("durations") or {}), worker: str(distribution(text, name))}
            data["durations"] = given
            untimed(data, [each for main in mains.values() if main.kind == worker
                           for each in main.steps])  # fmt: skip
    for name, text in changed(typed, shown, "days-"):
        if (item := name.removeprefix("days-")) in mains:
            item_days(data, item, text, mains[item])


def changed(typed: Fields, shown: Fields, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields that say otherwise than they were shown."""
    for name, text in typed.items():
        if name.startswith(prefix) and text.strip() != shown.get(name, ""):
            yield name, text.strip()


def as_promised(data: Data) -> None:
    """Leave nothing but the plan's days."""
    data["durations"] = dict.fromkeys(WORKERS, EXACT)
    data["items"] = {each: without(own, "days") for each, own in items(data).items()}
    untimed(data, list(steps(data)))


def untimed(data: Data, keys: list[str]) -> None:
    """Leave out what is written of how long some steps take."""
    rest = {
        each: without(own, *TIMES) if each in keys else own for each, own in steps(data).items()
    }
    data["steps"] = {each: own for each, own in rest.items() if own}


def item_days(data: Data, item: str, text: str, main: Main) -> None:
    """Set the days of one item; an empty field leaves them to the factors."""
    rest = without(items(data).get(item, {}), "days")
    told = {**rest, "days": str(distribution(text, f"days-{item}"))} if text else rest
    data["items"] = {**items(data), item: told}
    if text:
        # what is written of the node itself goes before what is written of the item
        untimed(data, list(main.steps[:1]))


def distribution(text: str, field: str) -> Distribution:
    """Return what is written in a field. Raises InvalidDistribution, naming it."""
    read: Callable[[Any], Distribution] = Distribution.of
    try:
        plain_number = text.strip().replace(".", "", 1).isdecimal()
        return read(float(text) if plain_number else text)
    except InvalidDistribution as error:
        error.detail["field"] = field
        raise


def without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return a mapping without some keys."""
    return {name: each for name, each in mapping.items() if name not in names}
