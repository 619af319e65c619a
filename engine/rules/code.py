"""A project's public code, such as LS2014-0007: the year it was opened and its number."""

from __future__ import annotations

import re
from datetime import date

#: a number with fewer digits is filled with zeros
DIGITS = 4
#: keys have at most so many digits
LONGEST = 18


def project_code(prefix: str, created_on: date, identifier: int) -> str:
    """Return the code of a project that was opened on a date."""
    return f"{prefix}{created_on.year}-{identifier:0{DIGITS}}"


def parse_code(prefix: str, text: str) -> tuple[int, int] | None:
    """Return the year and number of a code, None where it is none; the prefix may be left out."""
    pattern = rf"(?:{re.escape(prefix)})?([0-9]{{4}})-([0-9]{{1,{LONGEST}}})"
    found = re.fullmatch(pattern, text.strip(), re.IGNORECASE | re.ASCII)
    return (int(found[1]), int(found[2])) if found else None
