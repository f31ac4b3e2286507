"""A small protocol, a reader that knows a few words, a Rasa that can be hung or killed, and a gateway made of them."""

from __future__ import annotations

import asyncio
import itertools
import re
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from intake.gateway.app import PARTS, Parts, build
from intake.gateway.options import Options
from intake.language.reader import Mention, Reading
from intake.protocol import clinic as clinics
from intake.protocol.load import load
from intake.protocol.model import Status
from intake.settings import Settings
from intake.store import open_store
from intake.store.spool import Spool
from tests.gateway.description import Description
from tests.gateway.phones import api, env, phone, start_sms

__all__ = ["api", "env", "phone", "start_sms"]

IMPATIENT = {"Queue": {"deadline": 0.3, "backoff": (0.05, 0.1)}}  # for a Rasa that hangs
HERE = Path(__file__).parent
ORIGIN = "http://clinic.test"
SECRET = "x7Qp2Lw9Vb4Nt6Rz1Kd8Hs3Jf5Gm0Yc-"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=timezone.utc)
NUMB = "numb between my legs since yesterday"
WORDS = {
    "saddle_numbness": r"numb\b",
    "chest_pain": r"chest",
    "suicidal_plan": r"kill myself",
    "passive_death_wish": r"better off dead",
    "fever": r"fever",
}


class FakeReader:
    """Finds a few words; "none" to a batch denies the whole batch, as the real reader does."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self.facts: dict[str, dict[str, Any]] = {}  # by the whole text

    def read(self, text: str, asked: str | None = None, at: Any = None) -> Reading:
        question = self._protocol.question_for(asked) if asked else None
        asked_for = frozenset(id for option in question.options for id in option.findings) if question else frozenset()
        if asked_for and text.lower().strip(".") in ("none", "none of these", "no", "0"):
            denied = [Mention(id, Status.absent, text=text, explicit=True) for id in sorted(asked_for)]
            return Reading(tuple(denied), answered=asked_for)
        found = [
            Mention(
                id, Status.present, start=match.start(), end=match.end(), text=match.group(), explicit=id in asked_for
            )
            for id, pattern in WORDS.items()
            if (match := re.search(pattern, text.lower()))
        ]
        return Reading(
            tuple(found),
            self.facts.get(text.lower(), {}),
            human="a person" in text.lower(),
            answered=asked_for & {each.id for each in found},
        )


class FakeRasa:
    """Rasa's REST channel; `mode` says how it behaves."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.got: list[dict[str, Any]] = []
        self.script: list[list[dict[str, Any]]] = []  # answers to give, then an echo
        self.released = asyncio.Event()
        self._server: TestServer | None = None

    async def start(self) -> str:
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self.turn)
        app.router.add_get("/", self.hello)
        self._server = TestServer(app)
        await self._server.start_server()
        return str(self._server.make_url("")).rstrip("/")

    async def hello(self, request: web.Request) -> web.Response:
        return web.Response(text="Hello from fake Rasa")

    async def turn(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        if self.mode == "hung":
            await self.released.wait()
        if self.mode == "empty":
            return web.json_response([])
        if self.mode == "broken":
            return web.Response(status=500, text="boom")
        answers = self.script.pop(0) if self.script else [say("You said: " + self.got[-1]["message"], asked="Q2")]
        return web.json_response(
            list(itertools.chain.from_iterable(each if isinstance(each, list) else [each] for each in answers))
        )

    async def stop(self) -> None:
        self.released.set()
        if self._server:
            await self._server.close()


def say(text: str, asked: str | None = None, disposition: str | None = None, **more: Any) -> list[dict[str, Any]]:
    """One bot message as Rasa's REST channel gives it: the text, cut at blank lines, then the custom payload."""
    rows: list[dict[str, Any]] = [{"recipient_id": "x", "text": part} for part in text.split("\n\n")]
    return [*rows, {"recipient_id": "x", "custom": {"asked": asked, "disposition": disposition, **more}}]


class Patient:
    """A browser with a session."""

    def __init__(self, client: TestClient, token: str, gateway: Gateway) -> None:
        self.client, self.token, self.gateway = client, token, gateway
        self.headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        self._ids = itertools.count(1)

    async def post(self, body: dict[str, Any]) -> Any:
        return await self.client.post("/chat/messages", json=body, headers=self.headers)

    async def write(self, text: str, id: str | None = None) -> Any:
        return await self.post({"id": id or f"m{next(self._ids)}", "text": text})

    async def choose(self, choice: Any, id: str | None = None) -> Any:
        return await self.post({"id": id or f"m{next(self._ids)}", "choice": choice})

    async def messages(self, after: int = 0) -> list[dict[str, Any]]:
        response = await self.client.get(f"/chat/messages?after={after}", headers=self.headers)
        assert response.status == 200
        return (await response.json())["messages"]

    async def until(self, count: int, seconds: float = 3.0) -> list[dict[str, Any]]:
        """The messages, once there are `count` of them."""
        for _ in range(int(seconds / 0.02)):
            if len(got := await self.messages()) >= count:
                return got
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(got)} messages instead of {count}: {[each['text'] for each in got]}")

    @property
    def conversation(self) -> Any:
        return self.gateway.parts["registry"].get(
            self.gateway.parts["tokens"].verify(self.token, ORIGIN).conversation, "web"
        )


class Gateway:
    """A running gateway."""

    def __init__(self, client: TestClient, app: web.Application, rasa: FakeRasa, store: Any) -> None:
        self.client, self.parts, self.rasa, self.store = client, app[PARTS], rasa, store
        self.description = Description()
        app.on_response_prepare.append(self.description.judge)

    async def patient(self) -> Patient:
        response = await self.client.post("/chat/session", headers={"Origin": ORIGIN})
        assert response.status == 200
        return Patient(self.client, (await response.json())["token"], self)


class BreakableStore:
    """Opens the real store unless it is told to fail or to hang."""

    def __init__(self, url: str) -> None:
        self.url, self.mode, self.real = url, "ok", open_store(url)

    def __call__(self) -> BreakableStore:
        return self

    def _check(self) -> None:
        if self.mode == "broken":
            raise OSError("disk full")
        if self.mode == "hung":
            import time

            time.sleep(1.0)
            raise OSError("was hung")

    def transaction(self) -> Any:
        self._check()
        return self.real.transaction()

    def reading(self) -> Any:
        self._check()
        return self.real.reading()

    def ping(self) -> None:
        self._check()
        self.real.ping()

    @property
    def engine(self) -> Any:
        return self.real.engine

    def close(self) -> None:
        self.real.close()


@pytest.fixture(scope="session")
def protocol() -> Any:
    return load(HERE / "protocol", strict=False)


@pytest.fixture(scope="session")
def clinic() -> Any:
    return clinics.load(HERE / "protocol" / "clinic.yml")


@pytest.fixture
def reader(protocol: Any) -> FakeReader:
    return FakeReader(protocol)


@pytest.fixture
async def rasa() -> Any:
    fake = FakeRasa()
    fake.url = await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def start(rasa: FakeRasa, protocol: Any, clinic: Any, reader: FakeReader, tmp_path: Path) -> Any:
    """`async with start() as gateway`; a second call finds the same database and spool, as after a restart."""

    @asynccontextmanager
    async def run(**changes: Any) -> Any:
        var = tmp_path / "var"
        store = changes.pop("store", None) or BreakableStore(f"sqlite:///{var}/intake.db")
        settings = Settings.from_env(
            {
                "INTAKE_MODE": "demo",
                "INTAKE_SECRET": SECRET,
                "RASA_URL": changes.pop("rasa_url", rasa.url),
                "INTAKE_VAR": str(var),
            }
        )
        options = Options.from_env(settings, {"CHAT_ORIGINS": ORIGIN, **changes.pop("env", {})})
        made_of = Parts(
            protocol,
            changes.pop("reader", reader),
            clinic,
            store,
            Spool(var / "spool"),
            timing={
                "Queue": {"backoff": (0.05, 0.1)},
                "Keeper": {"rest_seconds": 0.1, "read_seconds": 0.8},
                **changes.pop("timing", {}),
            },
        )
        app = build(settings, options, made_of)
        client = TestClient(TestServer(app))
        gateway = Gateway(client, app, rasa, store)
        await client.start_server()
        try:
            yield gateway
        finally:
            rasa.released.set()
            await client.close()
        assert gateway.description.problems == []

    return run


@pytest.fixture
async def gateway(start: Any) -> Any:
    async with start() as running:
        yield running


@pytest.fixture
async def patient(gateway: Gateway) -> Patient:
    return await gateway.patient()


def rows(store: Any, table: Any) -> list[Any]:
    """All rows of a table."""
    from sqlalchemy import select

    with store.real.reading() as session:
        return list(session.scalars(select(table)))


async def eventually(holds: Any, seconds: float = 3.0) -> None:
    """Wait until something holds."""
    for _ in range(int(seconds / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to hold")
