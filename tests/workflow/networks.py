"""Random networks: blocks within blocks, and parallel networks that are no blocks at all."""

from __future__ import annotations

from random import Random

from tests.workflow.drawing import Drawing

GATEWAYS = ("and", "xor", "or")


class Blocks:
    """Series-parallel networks of parallel, exclusive and inclusive blocks, and loops.

    Conditions ask `choice`, a whole number in the data of the instance.
    """

    def __init__(self, random: Random, gateways: tuple[str, ...] = GATEWAYS) -> None:
        self.random = random
        self.gateways = gateways
        self.drawing = Drawing()
        self.count = 0

    def draw(self, size: int) -> Drawing:
        """A network of about so many tasks."""
        self.drawing.path(f"{self.block('START', size)} > END")
        return self.drawing

    def block(self, before: str, size: int) -> str:
        """Draw a block behind a node; return its last node."""
        if size <= 1:
            return self.task(before)
        if self.random.random() < 0.4:
            first = self.random.randrange(1, size)
            return self.block(self.block(before, first), size - first)
        return self.branches(before, size)

    def task(self, before: str) -> str:
        name = f"t{self.new()}"
        self.drawing.path(f"{before} > {name}")
        return name

    def branches(self, before: str, size: int) -> str:
        kind = self.random.choice(self.gateways)
        number = self.new()
        split, join = f"{kind}{number}s", f"{kind}{number}j"
        self.drawing.path(f"{before} > {split}")
        width = self.random.randint(2, min(3, size))
        for branch in range(width):
            last = self.branch(split, kind, branch, max(1, size // width))
            self.drawing.path(f"{last} > {join}")
        return join

    def branch(self, split: str, kind: str, branch: int, size: int) -> str:
        """Draw one branch behind its condition."""
        name = f"t{self.new()}"
        condition = ""
        if kind != "and":
            some = sorted(self.random.sample(range(4), self.random.randint(1, 3)))
            condition = "{else}" if branch == 0 else f"{{choice in {some}}}"
        self.drawing.path(f"{split} >{condition} {name}")
        return self.block(name, size - 1) if size > 1 else name

    def new(self) -> int:
        self.count += 1
        return self.count


def order(random: Random, size: int) -> Drawing:
    """Tasks in a random partial order, drawn with parallel gateways: seldom a block."""
    before = {at: [each for each in range(at) if random.random() < 0.35] for at in range(size)}
    after = {at: [each for each in range(size) if at in before[each]] for at in range(size)}
    drawing = Drawing("START > andS", "andE > END")
    for at in range(size):
        if len(before[at]) > 1:
            drawing.path(f"and{at}j > t{at}")
        if len(after[at]) > 1:
            drawing.path(f"t{at} > and{at}s")
        for each in before[at]:
            leave = f"and{each}s" if len(after[each]) > 1 else f"t{each}"
            enter = f"and{at}j" if len(before[at]) > 1 else f"t{at}"
            drawing.path(f"{leave} > {enter}")
        if not before[at]:
            drawing.path(f"andS > t{at}")
        if not after[at]:
            drawing.path(f"t{at} > andE")
    return drawing
