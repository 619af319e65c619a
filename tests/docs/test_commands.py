"""Every command a document shows can be typed, and answers what the document says."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.docs import console
from tests.docs.documents import ROOT, Block, blocks, documents, name

#: The instant at which the server of a document stands still, so that its answers do.
CLOCK = "2014-03-03T09:00:00+08:00"
PROMISED_ADDRESS = "127.0.0.1:8080"
READY_WITHIN_SECONDS = 60
EXAMPLE = """\
```console
$ export WHO=us
$ echo $WHO
us
```

```console fails
$ false ||
> false
```
"""


def console_blocks(document: Path) -> list[Block]:
    found = blocks(document.read_text(encoding="utf-8"))
    return [block for block in found if block.info[:1] == ("console",)]


SHOWING_COMMANDS = [document for document in documents() if console_blocks(document)]


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """What a reader's shell has: the command on its path, and a database of their own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LIANSHEN_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LIANSHEN_DATABASE_URL": sqlite_url,
        "LIANSHEN_DATA_DIR": str(tmp_path / "var"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the reader stands: a folder with the city's diagrams in it."""
    here = tmp_path / "here"
    shutil.copytree(ROOT / "bpmn", here / "bpmn")
    return here


@pytest.mark.parametrize("document", SHOWING_COMMANDS, ids=name)
def test_commands_answer_what_the_document_says(
    document: Path, folder: Path, environment: dict[str, str]
) -> None:
    shown = console_blocks(document)
    keep_files(document, folder)
    steps = list(console.steps(shown))
    with serving(environment, wanted=any("server" in block.info for block in shown)) as address:
        script = [addressed(step, address) for step in steps]
        answers = console.run(script, folder, environment)
    for step, answer in zip(steps, answers, strict=True):
        place = f"{name(document)}, block at line {step.line}: $ {step.command}"
        assert (answer.status != 0) == step.fails, f"{place}\n{answer.output}"
        assert console.matches(step.expected, answer.output), (
            f"{place}\npromised:\n{step.expected}\n\nanswered:\n{answer.output}"
        )


@pytest.mark.parametrize("document", SHOWING_COMMANDS, ids=name)
def test_blocks_that_are_tested_show_only_what_can_be(document: Path) -> None:
    other = [
        f"line {step.line}: {step.command}"
        for step in console.steps(console_blocks(document))
        if not console.TESTED.match(step.command)
    ]
    assert not other, f"{name(document)}: mark these ```shell, which is not run: {other}"


@pytest.mark.parametrize(
    ("expected", "output", "same"),
    [
        ("", "anything", True),
        ("63 days", "63 days  \n", True),
        ("day ... of 63", "day 12\n 2014 of 63", True),
        ("63 days", "64 days", False),
        ("begins ...", "does not begin", False),
    ],
)
def test_an_answer_is_compared_as_a_reader_would(expected: str, output: str, *, same: bool) -> None:
    assert console.matches(expected, output) is same


def test_commands_share_one_shell_and_each_has_its_own_answer(tmp_path: Path) -> None:
    steps = list(console.steps(blocks(EXAMPLE)))
    answers = console.run(steps, tmp_path, os.environ)
    assert [(step.command, step.expected, step.fails) for step in steps] == [
        ("export WHO=us", "", False),
        ("echo $WHO", "us", False),
        ("false ||\nfalse", "", True),
    ]
    assert [(answer.status, answer.output) for answer in answers] == [(0, ""), (0, "us"), (1, "")]


def keep_files(document: Path, folder: Path) -> None:
    """Write the files that a document shows, its blocks with `file=NAME`, to where one stands."""
    for block in blocks(document.read_text(encoding="utf-8")):
        for word in block.info:
            if word.startswith("file="):
                path = folder / word.removeprefix("file=")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.body, encoding="utf-8")


def addressed(step: console.Step, address: str) -> console.Step:
    command = step.command.replace(PROMISED_ADDRESS, address)
    return console.Step(command, step.expected, step.fails, step.line)


@contextmanager
def serving(environment: Mapping[str, str], *, wanted: bool) -> Iterator[str]:
    """The address of a server with the demo data, as `make run` starts one, where it is wanted."""
    if not wanted:
        yield PROMISED_ADDRESS
        return
    lianshen = str(Path(sys.executable).with_name("lianshen"))
    load = [lianshen, "demo", "load", "--clock", CLOCK]
    subprocess.run(load, env=environment, check=True, capture_output=True)
    port = free_port()
    command = [lianshen, "serve", "--port", str(port), "--clock", CLOCK]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            await_answer(f"http://127.0.0.1:{port}/healthz", server)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(url: str, server: subprocess.Popen[bytes]) -> None:
    last_call = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < last_call and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server of the document did not start")
