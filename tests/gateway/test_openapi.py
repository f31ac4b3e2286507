"""The description in docs/openapi.yml is what runs. conftest.py judges every response of this folder's tests by it."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.gateway.site import Site
from tests.gateway.description import Description

METHODS = {"get", "post", "put", "patch", "delete"}


def described(spec):
    return {(method, path) for path, item in spec["paths"].items() for method in item if method in METHODS}


async def test_the_routes_are_those_that_run(phone):
    app = phone.gateway.client.server.app
    running = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if not isinstance(getattr(route.handler, "__self__", None), Site)
    }
    assert described(Description().spec) == {each for each in running if each[0] in METHODS}


def test_every_reference_leads_somewhere():
    description = Description()
    text = json.dumps(description.spec)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        description._resolver.resolve(reference)


async def test_every_kind_of_answer_is_judged(phone):
    gateway = phone.gateway
    patient = await gateway.patient()
    await patient.write("hello")
    await patient.until(1)
    for method, path in (("GET", "/health"), ("GET", "/ready"), ("GET", "/metrics"), ("POST", "/chat/continue"),
                         ("DELETE", "/chat/session")):  # fmt: skip
        response = await gateway.client.request(method, path, headers=patient.headers)
        assert response.status in (200, 204)
    await phone.text("hello")
    assert gateway.description.judged >= 9 and not gateway.description.problems


@pytest.mark.parametrize("body, status, problem", [
    ({"token": "x", "texting": True, "phone": "y"}, 200, "Additional properties"),
    ({"texting": True}, 200, "'token' is a required property"),
    ({"token": 1, "texting": True}, 200, "is not of type 'string'"),
    ({"error": "x"}, 418, "this status is not described"),
])  # fmt: skip
async def test_an_answer_that_is_not_as_described_is_found(judged, body, status, problem):
    description = await judged(web.json_response(body, status=status))
    assert len(description.problems) == 1 and problem in description.problems[0]


@pytest.fixture
def judged():
    """The judge on a response of our making to POST /chat/session."""

    async def judge(response):
        async def answer(request):
            return response

        app, description = web.Application(), Description()
        app.router.add_post("/chat/session", answer)
        app.on_response_prepare.append(description.judge)
        async with TestClient(TestServer(app)) as client:
            await client.post("/chat/session")
        return description

    return judge
