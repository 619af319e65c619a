"""Durations from uniform numbers: the quantile functions, compiled.

The normal quantile is Wichura's PPND16 (Algorithm AS 241, Applied Statistics 1988), exact to
16 digits. Families without one in closed form come as tables over the normal score of the
probability, where tails are as fine as the middle.
"""

from __future__ import annotations

import math

from engine.analysis.simulation.kernel.compiled import compiled, inlined

FIXED, UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL, EXPONENTIAL, WEIBULL, TABLE, EMPIRICAL = range(9)
#: tables run from this score to its opposite
SCORE = 8.25


#: numerators and denominators near the middle, in the tails, and far out, highest power first
MIDDLE = (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
          45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
          133.14166789178437745, 3.387132872796366608)  # fmt: skip
MIDDLE_BELOW = (5226.495278852854561, 28729.085735721942674, 39307.89580009271061,
                21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
                42.313330701600911252, 1.0)  # fmt: skip
TAIL = (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
        1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
        4.6303378461565452959, 1.42343711074968357734)  # fmt: skip
TAIL_BELOW = (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
              0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
              2.05319162663775882187, 1.0)  # fmt: skip
FAR = (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
       0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
       5.4637849111641143699, 6.6579046435011037772)  # fmt: skip
FAR_BELOW = (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
             7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
             0.59983220655588793769, 1.0)  # fmt: skip


@inlined
def ratio(above, below, r):
    """Return the ratio of two polynomials of degree 7 at r."""
    top, bottom = 0.0, 0.0
    for power in range(8):
        top, bottom = top * r + above[power], bottom * r + below[power]
    return top / bottom


@compiled
def normal(p):
    """Return the standard normal quantile of p, 0 < p < 1."""
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * ratio(MIDDLE, MIDDLE_BELOW, 0.180625 - q * q)
    r = math.sqrt(-math.log(p if q < 0 else 1.0 - p))
    x = ratio(TAIL, TAIL_BELOW, r - 1.6) if r <= 5.0 else ratio(FAR, FAR_BELOW, r - 5.0)
    return -x if q < 0 else x


@compiled
def triangular(u, low, high, cut):
    """Return the quantile of a triangle from low to high; `cut` is (mode - low) / (high - low)."""
    if u <= cut:
        return low + (high - low) * math.sqrt(u * cut)
    return high - (high - low) * math.sqrt((1.0 - u) * (1.0 - cut))


@compiled
def looked_up(u, tables, first, last):
    """Return the quantile by a table over normal scores, straight between its points."""
    place = (normal(u) + SCORE) / (2 * SCORE) * (last - first - 1)
    at = min(max(int(place), 0), last - first - 2)
    low, high = tables[first + at], tables[first + at + 1]
    return low + (high - low) * (place - at)


@compiled
def quantile(u, node, tables):
    """Return a node's hours of work for a uniform number."""
    shape = node["shape"]
    if shape == FIXED:
        return node["shift"]
    if shape == TRIANGULAR:
        return triangular(u, node["shift"], node["scale"], node["form"])
    if shape == TABLE:
        return looked_up(u, tables, node["table_from"], node["table_to"])
    if shape == EXPONENTIAL:
        return -node["scale"] * math.log(1.0 - u)
    if shape == LOGNORMAL:
        return math.exp(node["shift"] + node["scale"] * normal(u))
    if shape == NORMAL:
        return max(0.0, node["shift"] + node["scale"] * normal(u))
    if shape == WEIBULL:
        return node["scale"] * (-math.log(1.0 - u)) ** (1.0 / node["form"])
    if shape == UNIFORM:
        return node["shift"] + (node["scale"] - node["shift"]) * u
    return tables[node["table_from"] + int(u * (node["table_to"] - node["table_from"]))]


@compiled
def quantiles(numbers, nodes, tables, found):
    """Write the quantiles of the first node's work at each number."""
    for place in range(len(numbers)):
        found[place] = quantile(numbers[place], nodes[0], tables)
