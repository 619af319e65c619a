"""The demonstration, loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demonstration import loaded
from tests.demonstration.loaded import City


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The folder of a database with the demonstration; not to be written to."""
    own = tmp_path_factory.getbasetemp()
    # the workers of one run share the folder above their own
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return loaded.once(shared / "demonstration", sqlite_template)


@pytest.fixture(scope="session")
def city(demonstration_folder: Path) -> Iterator[City]:
    """The demonstration as it stood on a Wednesday morning; not to be written to."""
    url = f"sqlite:///{demonstration_folder / 'lianshen.db'}"
    with loaded.city(url, demonstration_folder, load=False) as found:
        yield found
