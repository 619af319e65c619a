"""Runs what a document says to type, and holds the answers against what it says one will see.

    ```console
    $ lianshen workdays add 2014-03-03 5
    2014-03-10
    ```

Commands start with `$ ` and go on in lines that start with `> `. The lines below a command are its
expected output; `...` stands for anything, and a command without lines below it need only succeed.
Words after `console` say more: `fails` expects a non-zero exit, `server` wants a running server
with the demo data (the document's `127.0.0.1:8080` becomes its address).
What a block with `file=NAME` shows is a file there.
All blocks of a document run in order, in one shell, in one folder with a copy of `bpmn/`.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.docs.documents import ROOT, Block

TESTED = re.compile(r"(lianshen|curl|export|make help)\b|\w+=\$\((lianshen|curl)\b")
MARK = "=-= answered"
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a document and the answer it promises."""

    command: str
    expected: str
    fails: bool
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    output: str


def steps(blocks: Iterable[Block]) -> Iterator[Step]:
    """The commands of all console blocks, in order."""
    for block in blocks:
        if block.info[:1] == ("console",):
            yield from _steps(block)


def _steps(block: Block) -> Iterator[Step]:
    for number, part in enumerate(re.split(r"^\$ ", block.body, flags=re.MULTILINE)):
        if number == 0:
            assert not part.strip(), f"line {block.line}: text before the first command"
            continue
        command, *rest = part.splitlines()
        more = [line for line in rest if line.startswith("> ")]
        expected = "\n".join(line for line in rest if not line.startswith("> "))
        whole = "\n".join([command, *(line[2:] for line in more)])
        yield Step(whole, expected.strip(), "fails" in block.info, block.line)


def run(script: list[Step], folder: Path, environment: Mapping[str, str]) -> list[Answer]:
    """Run the steps in one shell and return what each answered."""
    # make's own words about folders and jobs are no part of what a reader sees
    lines = [f"make() {{ env -u MAKEFLAGS -u MAKELEVEL make -C '{ROOT}' \"$@\"; }}"]
    for step in script:
        lines += [step.command, f"printf '\\n{MARK} %d\\n' $?"]
    done = subprocess.run(
        ["bash"],
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=dict(environment),
        timeout=SECONDS,
        check=False,
    )
    parts = re.split(rf"\n{MARK} (\d+)\n", done.stdout)
    return [Answer(int(parts[i + 1]), parts[i].strip()) for i in range(0, len(parts) - 1, 2)]


def matches(expected: str, output: str) -> bool:
    """Whether the output is what was promised, `...` standing for anything."""
    if not expected:
        return True
    parts = [re.escape(part) for part in _trimmed(expected).split("...")]
    return re.fullmatch(".*?".join(parts), _trimmed(output), re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
