"""Instants as commands are given them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click


class InstantType(click.ParamType[datetime]):
    """An instant with an offset, as ISO 8601 writes it."""

    name = "ISO"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant, such as 2014-03-03T09:00:00+08:00", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value!r} needs an offset, such as +08:00", param, ctx)
        return instant
