"""What is wrong with a diagram: where, why, and what to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check; errors stop a deployment, warnings do not."""

    code: str
    message: str
    element: str | None = None
    line: int | None = None
    severity: str = ERROR
    file: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as plain data."""
        return asdict(self)
