from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, CookieJar
from aiohttp.test_utils import TestClient, TestServer

from intake.desk.app import Desk
from intake.handoff import packet, raise_handoff
from intake.protocol.model import Disposition
from intake.settings import Settings
from intake.store import Store, conversations
from tests.handoff.cases import ASSESSMENT, NOW, PROTOCOL, RECORD, TOLD, request
from tests.scheduling.clinics import make_clinic
from tests.store.databases import sqlite_store

__all__ = ["sqlite_store"]

PASSWORD = "correct horse battery"


@dataclass
class Clock:
    """The desk's clock; it moves only when told."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


class Browser:
    """A staff member's browser: keeps cookies, sends forms with the token that stands in them."""

    def __init__(self, client: TestClient, store: Store, clock: Clock) -> None:
        self.client, self.store, self.clock = client, store, clock

    async def get(self, path: str, **more) -> tuple[int, str]:
        response = await self.client.get(path, allow_redirects=False, **more)
        return response.status, await response.text()

    async def post(self, path: str, data: dict | None = None, **more) -> ClientResponse:
        return await self.client.post(path, data=data or {}, allow_redirects=False, **more)

    async def sign_in(self, name: str = "Ann Nurse", password: str = PASSWORD) -> ClientResponse:
        return await self.post("/login", {"name": name, "password": password})

    async def token(self) -> str:
        _, html = await self.get("/")
        return re.search(r'name="csrf" value="(\w+)"', html)[1]

    async def act(self, id: str, verb: str, round: int = 1) -> ClientResponse:
        return await self.post(f"/handoffs/{id}/{verb}", {"csrf": await self.token(), "round": str(round)})

    def raise_(self, level: Disposition = Disposition.er_now, **more) -> str:
        found = packet.build(RECORD, ASSESSMENT, PROTOCOL, told=TOLD, contact="555-555-0142")
        with self.store.transaction() as session:
            id = conversations.start(session, "web", self.clock.now).id
            wanted = request(id, level, **{"packet": found, **more})
            return raise_handoff(session, wanted, self.clock.now).handoff.id


def settings(mode: str = "demo") -> Settings:
    return Settings.from_env({
        "INTAKE_MODE": mode, "INTAKE_SECRET": "n7Qk2vX9pL4tR8wZ1mB6cY3hJ5gF0dSa", "DESK_PASSWORD": PASSWORD,
    })


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def browser(sqlite_store: Store, clock: Clock, tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser that has not signed in yet."""
    app = Desk(settings(), sqlite_store, make_clinic(), PROTOCOL, clock).application()
    async with TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True)) as client:
        yield Browser(client, sqlite_store, clock)


@pytest.fixture
async def signed_in(browser: Browser) -> Browser:
    """A browser of somebody who has signed in."""
    assert (await browser.sign_in()).status == 303
    return browser
