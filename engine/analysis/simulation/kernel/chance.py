"""Random numbers that depend on what is drawn, not on the order of drawing: Philox4x32-10.

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). The counter
names the case, the node, the visit and the replication, the key is the seed: so the same step of
the same case draws the same number in every scenario and in every process.
"""

from __future__ import annotations

from numba import uint64

from engine.analysis.simulation.kernel.compiled import inlined

M0, M1 = uint64(0xD2511F53), uint64(0xCD9E8D57)
W0, W1 = uint64(0x9E3779B9), uint64(0xBB67AE85)
LOW = uint64(0xFFFFFFFF)
ROUNDS = 10
#: half a step of 2^-53: a uniform number is never 0 or 1
HALF = 2.0**-54


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Return four words of 32 bits for a counter of four and a key of two."""
    c0, c1, c2, c3 = uint64(c0), uint64(c1), uint64(c2), uint64(c3)
    k0, k1 = uint64(k0), uint64(k1)
    for _ in range(ROUNDS):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> uint64(32)) ^ c1 ^ k0,
            p1 & LOW,
            (p0 >> uint64(32)) ^ c3 ^ k1,
            p0 & LOW,
        )
        k0, k1 = (k0 + W0) & LOW, (k1 + W1) & LOW
    return c0, c1, c2, c3


@inlined
def number(high, low):
    """Return a number between 0 and 1, both excluded, of 53 random bits."""
    return float((high << uint64(21)) ^ (low >> uint64(11))) * 2.0**-53 + HALF


@inlined
def uniform(case, node, visit, replication, k0, k1):
    """Return the number between 0 and 1, both excluded, of one visit of a node by a case.

    Two cases share a counter: it gives two numbers.
    """
    a, b, c, d = philox(uint64(case) >> uint64(1), node, visit, replication, k0, k1)
    return number(c, d) if case & 1 else number(a, b)
