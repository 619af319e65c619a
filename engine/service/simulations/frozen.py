"""What is kept of a run, as bytes and back: its model and its result, JSON compressed."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from engine.analysis.simulation.model import Model
from engine.analysis.simulation.plan import Plan


@cache
def adapter() -> TypeAdapter[Model]:
    """Return what writes models as JSON and reads them."""
    return TypeAdapter(Model)


def packed(model: Model) -> bytes:
    """Return a model as bytes."""
    return zlib.compress(adapter().dump_json(model))


def unpacked(content: bytes) -> Model:
    """Return the model of bytes."""
    return adapter().validate_json(zlib.decompress(content))


def packed_data(data: Mapping[str, Any]) -> bytes:
    """Return plain data as bytes."""
    return zlib.compress(json.dumps(data, ensure_ascii=False, allow_nan=False).encode())


def unpacked_data(content: bytes) -> dict[str, Any]:
    """Return the plain data of bytes."""
    return dict(json.loads(zlib.decompress(content)))


def digest(model: Model, plan: Plan, *, sensitivity: bool) -> str:
    """Return the SHA-256 of all that decides on a result."""
    rest = json.dumps({"plan": asdict(plan), "sensitivity": sensitivity}, sort_keys=True)
    return hashlib.sha256(adapter().dump_json(model) + rest.encode()).hexdigest()
