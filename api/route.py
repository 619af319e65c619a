"""A route: one operation as data. The boundary serves it, OpenAPI describes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel, TypeAdapter

from api.call import Call, Content

Handler = Callable[[Call], Any]

SAFE = frozenset({"GET"})
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One operation. `name` is its operation id and its key in the table of permissions."""

    name: str
    method: str
    #: as Flask writes it: `/projects/<key:project>`
    rule: str
    handler: Handler
    summary: str
    tag: str
    #: the type of the answer's body; None for an empty one, Content for a file
    answer: Any = None
    status: int = 200
    #: content types of an answer that is a file
    media: tuple[str, ...] = ("*/*",)
    #: other statuses that are no problem, with what they mean
    also: Mapping[int, str] = field(default_factory=dict)
    #: the type of the answer with those, where it is another
    also_answer: Any = None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    #: content types of a body that is a file
    files: tuple[str, ...] = ()
    #: a body may be this long; None for the limit of JSON requests
    limit: Callable[[Any], int] | None = None
    #: runs before the transaction, once it is known who asks: what takes long
    prepare: Callable[[Call], Any] | None = None
    #: False for handlers that open transactions themselves
    transaction: bool = True
    #: the answer has an ETag, its version
    etag: bool = False
    #: an If-Match header is heeded
    conditional: bool = False
    #: an Idempotency-Key is heeded; not where the answer holds a secret
    repeatable: bool = True
    #: the state of things can refuse it: 409
    conflicts: bool = False
    #: further codes of problems it can answer
    problems: tuple[str, ...] = ()
    #: what it answers goes beyond the summary
    description: str = ""
    prefix: str = "/api/v1"

    @property
    def safe(self) -> bool:
        """Tell whether it changes nothing."""
        return self.method in SAFE

    @property
    def path(self) -> str:
        """The path as OpenAPI writes it."""
        return self.prefix + PARAMETER.sub(r"{\g<name>}", self.rule)

    @property
    def parameters(self) -> dict[str, str]:
        """The names of the path's parameters and their kinds."""
        return {match["name"]: match["kind"] or "word" for match in PARAMETER.finditer(self.rule)}

    @property
    def heeds_key(self) -> bool:
        """Tell whether an answer is kept for its Idempotency-Key.

        Handlers that open transactions themselves do the same again when they are repeated.
        """
        return self.repeatable and not self.safe and self.transaction

    def adapter(self, status: int) -> TypeAdapter[Any] | None:
        """What writes the answer with a status as JSON; None for one that is not JSON."""
        return self.adapters[status]

    @cached_property
    def adapters(self) -> Mapping[int, TypeAdapter[Any] | None]:
        """What writes the answers as JSON, by status."""
        kinds = {self.status: self.answer}
        kinds |= dict.fromkeys(self.also, self.also_answer or self.answer)
        return {
            status: None if kind in (None, Content) else TypeAdapter(kind)
            for status, kind in kinds.items()
        }
