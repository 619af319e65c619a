"""Rows of a drawing: how the strands of each lane stack.

Strands that do not meet may share a row. The stacking is improved move by move until no
move helps; the same diagram always gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.workflow.layout_strands import Trunk, Weave

#: what a stacking costs
HIT, CLASH, CROSSING, ROW, REACH = 12.0, 6.0, 3.0, 0.8, 0.5

#: lane → its rows from the top, each a list of strand numbers
Rows = dict[str, list[list[int]]]


def stack(woven: Weave, lanes: Sequence[str]) -> Rows:
    """Stack the strands of each lane into rows."""
    starts = [
        lambda n: (woven.strands[n].first, n),
        lambda n: (-woven.strands[n].last, n),
        lambda n: (-(woven.strands[n].last - woven.strands[n].first), n),
    ]
    tried = []
    for order in starts:
        numbers = sorted(range(len(woven.strands)), key=order)
        rows = {lane: [[n] for n in numbers if woven.strands[n].lane == lane] for lane in lanes}
        tried.append(_improve(woven, rows))
    return min(tried, key=lambda rows: cost(woven, rows))


def _improve(woven: Weave, rows: Rows) -> Rows:
    best, price = rows, cost(woven, rows)
    while True:
        better = False
        for number in range(len(woven.strands)):
            moves = [(cost(woven, moved), moved) for moved in _moves(woven, best, number)]
            cheapest = min(moves, key=lambda m: m[0], default=None)
            if cheapest is not None and cheapest[0] < price - 1e-9:
                price, best = cheapest
                better = True
        for swapped in _swaps(best):
            if cost(woven, swapped) < price - 1e-9:
                price, best = cost(woven, swapped), swapped
                better = True
                break
        if not better:
            return best


def _moves(woven: Weave, rows: Rows, number: int) -> Iterator[Rows]:
    """Every way to put one strand elsewhere in its lane: into a row, or a row of its own."""
    strand = woven.strands[number]
    rest = [[n for n in row if n != number] for row in rows[strand.lane]]
    rest = [row for row in rest if row]
    for place in range(len(rest) + 1):
        yield {**rows, strand.lane: [*rest[:place], [number], *rest[place:]]}
    for place, row in enumerate(rest):
        if not any(strand.meets(woven.strands[n]) for n in row):
            yield {**rows, strand.lane: [*rest[:place], [*row, number], *rest[place + 1 :]]}


def _swaps(rows: Rows) -> Iterator[Rows]:
    for lane, stacked in rows.items():
        for a in range(len(stacked)):
            for b in range(a + 1, len(stacked)):
                changed = list(stacked)
                changed[a], changed[b] = changed[b], changed[a]
                yield {**rows, lane: changed}


def cost(woven: Weave, rows: Rows) -> float:
    """What a stacking costs in crossings, height and length."""
    place: dict[int, int] = {}
    height = 0
    for stacked in rows.values():
        for row in stacked:
            place.update(dict.fromkeys(row, height))
            height += 1
    total = ROW * height
    trunks = list(woven.trunks.values())
    spans = [_span(trunk, place) for trunk in trunks]
    for trunk, (top, bottom) in zip(trunks, spans, strict=True):
        total += REACH * (bottom - top) + _crossings(woven, trunk, top, bottom, place)
        total += 0.1 * sum(abs(place[n] - top) for n in trunk.strands)
    return total + CLASH * _clashes(trunks, spans, place)


def _span(trunk: Trunk, place: Mapping[int, int]) -> tuple[int, int]:
    rows = [place[n] for n in trunk.strands]
    return min(rows), max(rows)


def _crossings(
    woven: Weave, trunk: Trunk, top: int, bottom: int, place: Mapping[int, int]
) -> float:
    total = 0.0
    for number, strand in enumerate(woven.strands):
        if number in trunk.strands or not top < place[number] < bottom:
            continue
        if strand.first <= trunk.at <= strand.last:
            total += HIT if trunk.at in strand.columns else CROSSING
    return total


def _clashes(
    trunks: Sequence[Trunk], spans: Sequence[tuple[int, int]], place: Mapping[int, int]
) -> int:
    """Trunks that would lie on each other, and ins and outs on the same arm of a gateway."""
    clashes = 0
    for a in range(len(trunks)):
        for b in range(a + 1, len(trunks)):
            if trunks[a].at == trunks[b].at and trunks[a].at == int(trunks[a].at):
                clashes += spans[a][0] <= spans[b][1] and spans[b][0] <= spans[a][1]
    return clashes + sum(_arm_clashes(trunk, place) for trunk in trunks)


def _arm_clashes(trunk: Trunk, place: Mapping[int, int]) -> int:
    """Flows that would share an arm of a gateway although they should not."""
    own = trunk.strands - trunk.entering - trunk.leaving
    at = min((place[n] for n in own), default=0)
    sides = [{place[n] > at for n in group} for group in (trunk.entering, trunk.leaving)]
    clashes = len(sides[0] & sides[1])
    for default in trunk.alone:
        below = place[default] > at
        clashes += sum((place[n] > at) == below for n in trunk.leaving - {default})
    return clashes


def hits(woven: Weave, rows: Rows) -> list[str]:
    """Gateways whose axis runs through another node of their column, sorted."""
    place: dict[int, int] = {}
    height = 0
    for stacked in rows.values():
        for row in stacked:
            place.update(dict.fromkeys(row, height))
            height += 1
    found = set()
    for gateway, trunk in woven.trunks.items():
        top, bottom = _span(trunk, place)
        for number, strand in enumerate(woven.strands):
            inside = number not in trunk.strands and top < place[number] < bottom
            if inside and trunk.at in strand.columns:
                found.add(gateway)
    return sorted(found)
