"""An event log as the bytes it is kept as: its columns compressed, and the file it came of.

NumPy's archive of arrays; names and attributes are JSON in it, so that nothing is unpickled. The
file is kept for what can be read in another way: CSV, with other columns.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import numpy as np

from engine.analysis.eventlog.log import EventLog

NAMES = ("cases", "activities", "resources", "groups", "notes")
COLUMNS = ("case", "activity", "resource", "group", "ready", "start", "end")


def packed(log: EventLog, source: bytes = b"") -> bytes:
    """Return a log, and the file it was read from where that is to be kept."""
    named: dict[str, Any] = {name: getattr(log, name) for name in NAMES}
    told = json.dumps({**named, "traits": dict(log.traits)}, ensure_ascii=False).encode()
    target = BytesIO()
    np.savez_compressed(
        target,
        names=as_array(told),
        source=as_array(source),
        **{name: getattr(log, name) for name in COLUMNS},
    )
    return target.getvalue()


def as_array(content: bytes) -> Any:
    """Return bytes as an array of them."""
    return np.frombuffer(content, dtype=np.uint8)


def unpacked(content: bytes) -> EventLog:
    """Return the log of bytes."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        told = json.loads(arrays["names"].tobytes())
        found: dict[str, Any] = {name: arrays[name] for name in COLUMNS}
    found |= {name: tuple(told[name]) for name in NAMES}
    found["traits"] = {name: tuple(values) for name, values in told["traits"].items()}
    return EventLog(**found)


def source(content: bytes) -> bytes:
    """Return the file a log was read from; empty where it is not kept."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return bytes(arrays["source"].tobytes())
