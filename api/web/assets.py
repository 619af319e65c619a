"""Scripts, styles and icons as the build wrote them: named by their content, kept for ever."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Response, request, send_from_directory

BUILT = Path(__file__).parent / "static"
MANIFEST = BUILT / "manifest.json"
FOR_EVER = "public, max-age=31536000, immutable"


class NotBuilt(RuntimeError):
    """The pages' scripts and styles are not built: run `make install`."""


def url(name: str) -> str:
    """Return the address of a file by the name it has before the build. Raises NotBuilt."""
    if not MANIFEST.is_file():
        raise NotBuilt(NotBuilt.__doc__)
    return f"/static/{manifest(MANIFEST.stat().st_mtime_ns)[name]}"


@lru_cache(maxsize=1)
def manifest(_changed: int) -> dict[str, str]:
    """Read the build's list once per build."""
    found: dict[str, str] = json.loads(MANIFEST.read_bytes())
    return found


def serve(name: str) -> Response:
    """Return a built file, compressed where the browser takes it."""
    packed = request.accept_encodings["gzip"] > 0 and (BUILT / f"{name}.gz").is_file()
    answer = send_from_directory(BUILT, f"{name}.gz" if packed else name, conditional=True)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
        answer.content_type = send_from_directory(BUILT, name).content_type
    answer.headers["Cache-Control"] = FOR_EVER
    answer.headers["Vary"] = "Accept-Encoding"
    return answer
