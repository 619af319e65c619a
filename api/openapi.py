"""The OpenAPI 3.1 document, made from the routes and the types they read and write.

It says what really happens: every status a route can answer follows from how the boundary
serves it, and each problem names the codes behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import to_json

from api import auth, permissions, problem, reading
from api.call import Content
from api.route import Route
from api.schemas import Problem, Query

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]

REF = "#/components/schemas/"
TAGS = {
    "Projects": "A construction project from its opening to its acceptance.",
    "Tasks": "What is to be done, by whom, until when.",
    "Clock": "When clocks stood still, and by how much time was extended.",
    "Supervision": "Cards for who is late or breaks a rule, and what follows from them.",
    "Incidents": "Steps that failed for a reason in the diagram.",
    "Attachments": "Files of a project or one of its items.",
    "Joint reviews": "What departments say of a stage, and what its lead makes of it.",
    "Meetings": "Where departments meet over joint reviews, and how they are told.",
    "Process definitions": "The diagrams that run, by version.",
    "Scenarios": "Procedures changed on paper: what that saves, what it breaks, the cheapest way.",
    "Simulations": "How long projects will take: runs with chance and queues, their results.",
    "Event logs": "What happened, case by case: brought in, sent out, laid over a diagram.",
    "Calendar": "Working days, and what is decided about them.",
    "Events": "Everything that happened, in order.",
    "Session": "Logging in, and who one is.",
    "Users": "People and programs, with their roles.",
    "Tokens": "Secrets for programs.",
    "Operation": "For those who operate the service.",
}
DESCRIPTION = """\
Lianshen runs, times, plans and forecasts China's staged joint approval of construction projects.

Instants are ISO 8601 with an offset; fields that end in `_on` are dates in the service's time
zone; `_days` are working days. Lists come in parts: `next` of one part is the `cursor` of the
following. Every error is `application/problem+json` with a stable `code`.
"""
KINDS: Mapping[str, Json] = {
    "key": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
}
SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `POST /tokens`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": auth.COOKIE,
        "description": "A login session; unsafe requests also need the header X-CSRF-Token.",
    },
}
#: what was made, and what was taken up to be done, have an address
LOCATED = frozenset({201, 202})
#: an answer without a body: what was sent before still holds
UNCHANGED = 304
BINARY: Json = {"type": "string", "format": "binary"}


def document(routes: Iterable[Route]) -> bytes:
    """Return the document of these routes as JSON."""
    return to_json(described(tuple(routes)))


def described(routes: tuple[Route, ...]) -> Json:
    """Return the document of these routes."""
    schemas = Schemas(routes)
    paths: dict[str, Json] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lianshen 联审",
            "version": version("lianshen"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(paths),
        "components": {"schemas": schemas.components, "securitySchemes": SCHEMES},
    }


def operation(route: Route, schemas: Schemas) -> Json:
    """Return one operation."""
    answers = {**problem_answers(route), **good_answers(route, schemas)}
    found: Json = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": " ".join(filter(None, (route.description, who(route)))),
        "security": security(route),
        "parameters": [*path_parameters(route), *schemas.query(route), *headers(route)],
        "responses": {str(status): answers[status] for status in sorted(answers)},
    }
    body = request_body(route, schemas)
    return {**found, "requestBody": body} if body else found


def who(route: Route) -> str:
    """Return who may call a route, in words."""
    roles = permissions.allowed(route.name)
    if roles in (permissions.PUBLIC, permissions.LOCAL):
        return ""
    if roles == permissions.LOGGED_IN:
        return "For whoever is logged in."
    return f"For: {', '.join(sorted(roles | {'admin'}))}."


def security(route: Route) -> list[Json]:
    """Return how to identify oneself."""
    roles = permissions.allowed(route.name)
    if roles == permissions.PUBLIC:
        return []
    known: list[Json] = [{"bearer": []}, {"session": []}]
    return [*known, {}] if roles == permissions.LOCAL else known


def path_parameters(route: Route) -> list[Json]:
    """Return the parameters in the path."""
    return [
        {"name": name, "in": "path", "required": True, "schema": KINDS[kind]}
        for name, kind in route.parameters.items()
    ]


def headers(route: Route) -> list[Json]:
    """Return the headers a route heeds."""
    found = []
    if route.conditional:
        text = 'the version that was read, as its ETag gave it: `"3"`'
        found.append(("If-Match", text))
    if route.heeds_key:
        found.append(
            (reading.KEY_HEADER, "a random key; the same request again does nothing twice")
        )
    if not route.safe and permissions.allowed(route.name) != permissions.PUBLIC:
        found.append((auth.CSRF_HEADER, "with a session cookie: the session's `csrf_token`"))
    return [
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": text}
        for name, text in found
    ]


def request_body(route: Route, schemas: Schemas) -> Json | None:
    """Return the body a route reads."""
    if route.files:
        content = {kind: {"schema": upload(kind)} for kind in route.files}
        return {"required": True, "content": content}
    if route.body is None:
        return None
    fields = route.body.model_fields.values()
    schema = schemas.of(route.body, "validation")
    content = {"application/json": {"schema": schema}}
    return {"required": any(each.is_required() for each in fields), "content": content}


def upload(kind: str) -> Json:
    """Return the schema of an uploaded body."""
    if kind != reading.MULTIPART:
        return BINARY
    return {"type": "object", "properties": {"file": BINARY}, "required": ["file"]}


def good_answers(route: Route, schemas: Schemas) -> dict[int, Json]:
    """Return the answers that are no problem, by status."""
    found: dict[int, Json] = {}
    for status, text in {route.status: "Done.", **route.also}.items():
        found[status] = {"description": text, "headers": answer_headers(route)}
        kind = route.answer if status == route.status else route.also_answer or route.answer
        if status == UNCHANGED:
            continue
        if kind is Content:
            found[status]["content"] = {media: {"schema": BINARY} for media in route.media}
        elif kind is not None:
            schema = schemas.of(kind, "serialization")
            found[status]["content"] = {"application/json": {"schema": schema}}
    return found


def answer_headers(route: Route) -> Json:
    """Return the headers of an answer."""
    texts = {"X-Request-Id": "names this request in the service's log"}
    if route.etag:
        texts["ETag"] = "the version, for If-Match"
    if route.heeds_key:
        texts["Idempotency-Replayed"] = "`true` where this answer was given before"
    if route.status in LOCATED:
        texts["Location"] = "the address of what was made, or was there already"
    return {
        name: {"description": text, "schema": {"type": "string"}} for name, text in texts.items()
    }


def problem_answers(route: Route) -> dict[int, Json]:
    """Return the problems a route can answer, by status, each with its codes."""
    known = problem.classes()
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in sorted(codes(route)):
        by_status[problem.status_of(known[code])].append(code)
    return {status: problem_answer(found) for status, found in by_status.items()}


def problem_answer(found: list[str]) -> Json:
    """Return a problem's answer."""
    known = problem.classes()
    lines = [f"`{code}`: {problem.title_of(known[code])}" for code in found]
    schema = {"$ref": f"{REF}Problem"}
    return {
        "description": "\n\n".join(lines),
        "content": {problem.MEDIA_TYPE: {"schema": schema}},
    }


def codes(route: Route) -> set[str]:
    """Return the codes of the problems a route can answer."""
    roles = permissions.allowed(route.name)
    open_to_all = roles == permissions.PUBLIC
    with_role = roles not in (permissions.PUBLIC, permissions.LOGGED_IN, permissions.LOCAL)
    found = {
        "internal": True,
        "unavailable": True,
        "invalid": True,
        "unauthenticated": not open_to_all,
        "forbidden": with_role,
        "not_found": bool(route.parameters),
        "conflict": route.conflicts,
        "incident": route.conflicts,
        "stale_version": route.conditional,
        "csrf": not route.safe and not open_to_all,
        "malformed": not route.safe,
        "too_large": not route.safe,
        "unsupported_media_type": not route.safe,
        "idempotency_key_reused": route.heeds_key,
        "idempotency_key_invalid": route.repeatable and not route.safe,
        "idempotency_key_not_accepted": not route.repeatable and not route.safe,
    }
    return {code for code, can in found.items() if can} | set(route.problems)


class Plain(GenerateJsonSchema):
    """JSON schemas without what says nothing.

    A title per field only repeats its name; null as the default of a field that cannot be null
    only says that it may be left out, which `required` does.
    """

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """Return the schema of a field with a default."""
        found = super().default_schema(schema)
        if "default" in found and found["default"] is None and "anyOf" not in found:
            del found["default"]
        return found


class Schemas:
    """The schemas of all types that routes read and write, each named once."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        kinds: list[tuple[Any, Mode]] = [(Problem, "serialization")]
        for route in routes:
            answers = (route.answer, route.also_answer)
            kinds += [(each, "serialization") for each in answers if each not in (None, Content)]
            kinds += [(each, "validation") for each in (route.body, route.query) if each]
        unique = dict.fromkeys(kinds)
        inputs = [((kind, mode), mode, TypeAdapter(kind)) for kind, mode in unique]
        found, rest = TypeAdapter.json_schemas(
            inputs, ref_template=REF + "{model}", schema_generator=Plain
        )
        self.found = {key: renamed(schema) for (key, _), schema in found.items()}
        queries = {self.found[kind, mode].get("$ref") for kind, mode in unique if is_query(kind)}
        self.all = {plain(name): renamed(each) for name, each in rest.get("$defs", {}).items()}
        self.components = {
            name: each for name, each in self.all.items() if REF + name not in queries
        }

    def of(self, kind: Any, mode: Mode) -> JsonSchemaValue:
        """Return the schema of a type."""
        found: JsonSchemaValue = self.found[kind, mode]
        return found

    def query(self, route: Route) -> list[Json]:
        """Return the parameters of a route's query."""
        if route.query is None:
            return []
        schema = self.found[route.query, "validation"]
        schema = self.all[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema
        return [query_parameter(name, each) for name, each in schema["properties"].items()]


def query_parameter(name: str, schema: Json) -> Json:
    """Return one parameter of a query."""
    kept = {key: value for key, value in schema.items() if key != "description"}
    if kept.get("default", 0) is None:
        del kept["default"]
    found = {"name": name, "in": "query", "schema": kept}
    text = schema.get("description")
    return {**found, "description": text} if text else found


def is_query(kind: Any) -> bool:
    """Tell whether a type is a query: its fields are parameters, not a component."""
    return isinstance(kind, type) and issubclass(kind, Query)


def plain(name: str) -> str:
    """Return a type's name as clients read it: `Page_TaskView_` is `TaskPage`."""
    if name.startswith("Page_"):
        return plain(name.removeprefix("Page_").removesuffix("_")) + "Page"
    return name.removesuffix("View")


def renamed(value: Any) -> Any:
    """Return a schema whose references use the names clients read."""
    if isinstance(value, dict):
        return {
            key: REF + plain(each.removeprefix(REF)) if key == "$ref" else renamed(each)
            for key, each in value.items()
        }
    return [renamed(each) for each in value] if isinstance(value, list) else value
