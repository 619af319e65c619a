"""Holds every answer of a test against the OpenAPI document: its status, its type, its body."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

from flask import Flask
from openapi_schema_validator import OAS31Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

#: a problem brings fields of its code along
OPEN = {"Problem"}


class Conformity:
    """What a document promises of the answers."""

    def __init__(self, app: Flask, document: bytes) -> None:
        self.app = app
        self.document, self.operations = read(document)

    def check(self, answer: TestResponse) -> None:
        """Fail where an answer is not as documented; what no operation serves is let through."""
        operation = self.operation(answer)
        if operation is None:
            return
        documented = operation["responses"]
        status = str(answer.status_code)
        name = operation["operationId"]
        assert status in documented, f"{name} answered {status}: {answer.get_data(as_text=True)}"
        content = documented[status].get("content")
        if content is None:
            assert answer.get_data() == b"", f"{name}: a body where none is documented"
            return
        self.check_body(answer, content, name)
        self.check_headers(answer, documented[status])

    def operation(self, answer: TestResponse) -> dict[str, Any] | None:
        adapter = self.app.url_map.bind("localhost")
        method = "GET" if answer.request.method == "HEAD" else answer.request.method
        try:
            endpoint, _ = adapter.match(answer.request.path, method=method)
        except HTTPException:
            return None
        return self.operations.get(str(endpoint))

    def check_body(self, answer: TestResponse, content: dict[str, Any], name: str) -> None:
        media = answer.mimetype or ""
        schema = content.get(media) or content.get("*/*")
        assert schema, f"{name} answered {media}, documented: {list(content)}"
        if media.endswith("json") and schema["schema"].get("format") != "binary":
            whole = {**schema["schema"], "components": self.document["components"]}
            OAS31Validator(whole).validate(json.loads(answer.get_data()))

    def check_headers(self, answer: TestResponse, documented: dict[str, Any]) -> None:
        for header in ("ETag", "Location"):
            if header in answer.headers and (answer.mimetype or "").endswith("json"):
                assert header in documented.get("headers", {}), f"{header} is not documented"


@cache
def read(document: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The closed document and its operations by id, read once a process."""
    found = closed(json.loads(document))
    paths = found["paths"].values()
    return found, {each["operationId"]: each for path in paths for each in path.values()}


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """The same document, its objects holding nothing that is not named."""
    found = deepcopy(document)
    for name, schema in found["components"]["schemas"].items():
        if "properties" in schema and name not in OPEN:
            schema.setdefault("additionalProperties", False)
    return found
