"""The service's secret: from the settings, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from engine.settings import Settings

FILE = "secret-key"


def secret_key(settings: Settings) -> bytes:
    """Return the secret that CSRF tokens are made with; several servers of one service share it."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.data_dir / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
    return path.read_bytes()


def make(path: Path) -> None:
    """Write a new secret, whole or not at all; of two that start at once, one is kept."""
    # a temporary file is readable by its owner only
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
        draft.write(secrets.token_hex(32).encode())
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
