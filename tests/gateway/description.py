"""The OpenAPI description as a judge: what in a response is not as `docs/openapi.yml` says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aiohttp import web
from jsonschema import Draft202012Validator, RefResolver
from ruamel.yaml import YAML

FILE = Path(__file__).resolve().parents[2] / "docs" / "openapi.yml"


class Description:
    """Judges responses; `problems` is what was found."""

    def __init__(self) -> None:
        self.spec: dict[str, Any] = json.loads(json.dumps(YAML(typ="safe").load(FILE)))
        self.problems: list[str] = []
        self.judged = 0
        self._resolver = RefResolver.from_schema(self.spec)

    async def judge(self, request: web.Request, response: web.StreamResponse) -> None:
        """A signal of aiohttp, `on_response_prepare`."""
        resource = request.match_info.route.resource
        found = self.spec["paths"].get(resource.canonical if resource else "", {}).get(request.method.lower())
        if found is None:  # pages, unknown paths and methods: another test compares the routes
            return
        self.judged += 1
        where = f"{request.method} {resource.canonical} {response.status}"
        expected = self._whole(found["responses"].get(str(response.status)))
        if expected is None:
            self.problems.append(f"{where}: this status is not described")
            return
        body = getattr(response, "body", None)
        if isinstance(body, bytes) and (body or "content" in expected):
            self._judge_body(where, expected, response.content_type, body)

    def _judge_body(self, where: str, expected: dict[str, Any], kind: str, body: bytes) -> None:
        content = expected.get("content", {}).get(kind)
        if content is None:
            self.problems.append(f"{where}: {kind} is not described")
            return
        data = json.loads(body) if kind == "application/json" else body.decode()
        validator = Draft202012Validator(content["schema"], resolver=self._resolver)
        self.problems += [f"{where}: {error.message}" for error in validator.iter_errors(data)]

    def _whole(self, response: dict[str, Any] | None) -> dict[str, Any] | None:
        if response is None or "$ref" not in response:
            return response
        return dict(self._resolver.resolve(response["$ref"])[1])
