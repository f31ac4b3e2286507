"""The whole way of a text: phone, carrier, Kannel, gateway, the trained assistant with its real actions, and back."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from sqlalchemy import select

from intake.gateway.app import PARTS, Parts, build, parts
from intake.gateway.options import Options
from intake.settings import Settings
from intake.store import Store, open_store
from intake.store.spool import Spool
from tests.live.harness import InProcessActions, load_agent
from tests.sms.kannel import CLINIC, HOW_TO, Carrier, Kannel, free_port, installed

SECRET = "x7Qp2Lw9Vb4Nt6Rz1Kd8Hs3Jf5Gm0Yc-"
KANNEL_SECRET = "k3Vb4Nt6Rz1Kd8Hs3Jf5Gm0"


@pytest.fixture(scope="session")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database lies that gateway and actions share."""
    folder: Path = tmp_path_factory.mktemp("sms")
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'intake.db'}"
    return folder


@pytest.fixture(scope="session")
def agent(var: Path) -> Any:
    return load_agent(InProcessActions())


@pytest.fixture(scope="session")
def settings(var: Path) -> Settings:
    return Settings.from_env({
        "INTAKE_MODE": "demo", "INTAKE_SECRET": SECRET, "DATABASE_URL": os.environ["DATABASE_URL"],
        "INTAKE_VAR": str(var), "GATEWAY_PORT": str(free_port()), "RASA_PORT": str(free_port()),
    })


@pytest.fixture(scope="session")
def made_of(settings: Settings) -> Parts:
    """Protocol, reader and clinic of the project itself."""
    return parts(settings)


@pytest.fixture(scope="session")
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings.database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def kannel(var: Path, settings: Settings) -> Iterator[Kannel]:
    if not installed():
        pytest.skip(HOW_TO)
    running = Kannel(var, settings.gateway_port, KANNEL_SECRET)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@dataclass
class Clinic:
    """The running gateway."""

    app: web.Application
    store: Store

    @property
    def parts(self) -> dict[str, Any]:
        return self.app[PARTS]

    def rows(self, table: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.scalars(select(table)))


@pytest.fixture
async def rasa(agent: Any, settings: Settings) -> AsyncIterator[None]:
    """Rasa's REST channel with the trained agent behind it."""

    async def turn(request: web.Request) -> web.Response:
        body = await request.json()
        output = CollectingOutputChannel()
        await agent.handle_message(UserMessage(
            body["message"], output, body["sender"], input_channel=body["input_channel"], metadata=body["metadata"]
        ))  # fmt: skip
        return web.json_response(output.messages)

    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", turn)
    app.router.add_get("/", lambda _: web.Response())
    async with _serving(app, int(settings.rasa_url.rpartition(":")[2])):
        yield


@pytest.fixture
def start(made_of: Parts, settings: Settings, store: Store, kannel: Kannel, rasa: None) -> Any:
    """`async with start() as clinic`; a second call finds the same database, as after a restart."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Clinic]:
        options = Options.from_env(settings, {
            "KANNEL_SECRET": KANNEL_SECRET, "KANNEL_SENDSMS_URL": kannel.sendsms_url, "KANNEL_USER": "clinic",
            "KANNEL_PASSWORD": KANNEL_SECRET, "KANNEL_FROM": CLINIC,
        })  # fmt: skip
        app = build(settings, options, Parts(
            made_of.protocol, made_of.reader, made_of.clinic, made_of.open_store, Spool(settings.var / "spool")
        ))  # fmt: skip
        async with _serving(app, settings.gateway_port):
            yield Clinic(app, store)

    return run


@pytest.fixture
async def clinic(start: Any) -> AsyncIterator[Clinic]:
    async with start() as running:
        yield running


@pytest.fixture
async def carrier(kannel: Kannel) -> AsyncIterator[Carrier]:
    async with Carrier(kannel.ports["carrier"]) as phones:
        yield phones


@asynccontextmanager
async def _serving(app: web.Application, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    try:
        yield
    finally:
        await runner.cleanup()
