"""Browsers and cities: what a test of the pages may ask for.

| Fixture | What a test gets |
|---|---|
| `city` | the demonstration, running: to look at, shared by the tests of a process |
| `bare_city`, `new_city` | the same with people but no projects, and with nobody at all |
| `odd_city` | the same with a project that a step failed of, and a draft that cannot be deployed |
| `own_city` | the demonstration on a server of the test's own, to change |
| `module_city` | the same for a module whose tests change different things, and never the clock |
| `visitor` | a function: `visitor(city, "clerk-plan", language="en", phone=True)` |

Whatever a visitor's pages complain of, fail to load or ask of another host fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import city as cities
from tests.browser.chromium import CannotStart, started
from tests.browser.city import City
from tests.browser.visitor import SECONDS, Visitor, visit

Visiting = Callable[..., Visitor]
FAILED = pytest.StashKey[bool]()
REFUSED = pytest.StashKey[bool]()
# what is expected of a page is waited for as long as what is done to it
expect.set_options(timeout=1000 * SECONDS)


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One browser for all tests of a process; where none starts they are skipped, or fail in CI."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(started())
        except CannotStart as refusal:
            request.session.stash[REFUSED] = True
            answer = pytest.fail if os.environ.get("CI") else pytest.skip
            answer(str(refusal))
        yield running


@pytest.fixture(scope="session")
def home(
    chromium: Browser,  # noqa: ARG001 - nobody builds a city that no browser can visit
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder that all processes of the run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def standing(kind: str) -> Any:
    """Return a fixture: a city that the tests of a process share, to look at."""

    @pytest.fixture(scope="session", name=CITIES[kind])
    def stand(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
        folder = tmp_path_factory.mktemp(kind)
        with cities.running(kind, cities.template(kind, home), folder) as city:
            yield city

    return stand


CITIES = {"full": "city", "bare": "bare_city", "odd": "odd_city", "new": "new_city"}
city, bare_city, odd_city, new_city = map(standing, CITIES)


@pytest.fixture
def own_city(home: Path, tmp_path: Path) -> Iterator[City]:
    """A city to change."""
    with cities.running("full", cities.template("full", home), tmp_path / "city") as city:
        yield city


@pytest.fixture(scope="module")
def module_city(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city to change, by tests that do not meet."""
    folder = tmp_path_factory.mktemp("module")
    with cities.running("full", cities.template("full", home), folder) as city:
        yield city


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path
) -> Iterator[Visiting]:
    """A function that opens a browser for somebody; what goes wrong in it fails the test."""
    visitors: list[Visitor] = []

    def arrive(city: City, name: str = "coordinator", **how: Any) -> Visitor:
        visitors.append(visit(chromium, city, name, **how))
        return visitors[-1]

    yield arrive
    if request.node.stash.get(FAILED, False):
        for number, each in enumerate(visitors):
            keep(each, tmp_path / f"visitor-{number}.png")
    told = {each.city.installation.told() for each in visitors if each.watch.failing}
    faults = [fault for each in visitors for fault in each.watch.faults]
    for each in visitors:
        each.leave()
    assert not faults, "\n".join(["the pages complained:", *faults, *told])


def keep(visitor: Visitor, picture: Path) -> None:
    """Take a picture of what a visitor saw when their test failed; it is shown where it lies."""
    visitor.page.screenshot(path=picture, full_page=True)
    print(f"{visitor.name or 'nobody'} saw {picture} at {visitor.page.url}")  # noqa: T201


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether their test failed; tell of a missing browser once for all tests."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    if report.skipped and item.session.stash.get(REFUSED, False):
        assert isinstance(report.longrepr, tuple)
        # reports of one place and reason become one line
        report.longrepr = (str(Path(__file__)), 1, report.longrepr[2])
    return report
