"""A whole clinic on this machine, with a door in front of everything that may fail.

Gateway, Rasa and action server are the real ones, each a process of its own; the SMS provider is a double of Kannel.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Literal

import aiohttp
from aiohttp import web

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
SECRET = "b7Qp2Lw9Vb4Nt6Rz1Kd8Hs3Jf5Gm0Yc-"
CLINIC_NUMBER = "+15550009999"
SLOW_WRITE = 0.5  # seconds that a slow database keeps each writer waiting
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


class Door:
    """A port that leads to another one, unless it is dead (refuses) or hung (accepts and never answers)."""

    def __init__(self, port: int, to: int) -> None:
        self._port, self._to, self._mode = port, to, "open"
        self._server: asyncio.Server | None = None
        self._through: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def being(self, mode: Literal["dead", "hung"]) -> AsyncIterator[None]:
        """Fail for a while; who is inside is thrown out."""
        await self.set(mode)
        try:
            yield
        finally:
            await self.set("open")

    async def set(self, mode: Literal["open", "dead", "hung"]) -> None:
        """Begin to behave so."""
        if self._server:
            self._server.close()
            self._server = None
        for writer in list(self._through):
            writer.transport.abort()
        self._mode = mode
        if mode != "dead":
            self._server = await asyncio.start_server(self._enter, "127.0.0.1", self._port)

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._through.add(writer)
        try:
            if self._mode == "hung":
                await reader.read()
                return
            inner, out = await asyncio.open_connection("127.0.0.1", self._to)
            self._through.add(out)
            await asyncio.gather(_pass(reader, out), _pass(inner, writer))
        except OSError:
            pass
        finally:
            self._through.discard(writer)
            writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


class Provider:
    """A double of Kannel: remembers when a text for a number was handed over."""

    def __init__(self) -> None:
        self.texts: dict[str, asyncio.Queue[str]] = {}

    async def take(self, request: web.Request) -> web.Response:
        """Kannel's sendsms."""
        self.texts.setdefault(request.query["to"], asyncio.Queue()).put_nowait(request.query["text"])
        return web.Response(status=202, text="0: Accepted for delivery")

    async def next(self, number: str) -> str:
        """The next text for a number."""
        return await self.texts.setdefault(number, asyncio.Queue()).get()


class Clinic:
    """All processes; `rasa`, `actions` and `provider_door` are the doors to what the gateway and Rasa need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = ("gateway", "rasa", "rasa_door", "actions", "actions_door", "provider", "provider_door", "black_hole")
        self.ports = dict(zip(names, _free_ports(len(names)), strict=True))
        self.url = f"http://127.0.0.1:{self.ports['gateway']}"
        self.rasa = Door(self.ports["rasa_door"], self.ports["rasa"])
        self.actions = Door(self.ports["actions_door"], self.ports["actions"])
        self.provider_door = Door(self.ports["provider_door"], self.ports["provider"])
        self.black_hole = Door(self.ports["black_hole"], 0)
        self.provider = Provider()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Start everything and wait until it answers."""
        app = web.Application()
        app.router.add_get("/cgi-bin/sendsms", self.provider.take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.ports["provider"]).start()
        for door in (self.rasa, self.actions, self.provider_door):
            await door.set("open")
        await self.black_hole.set("hung")
        endpoints = self.folder / "endpoints.yml"
        endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{self.ports['actions_door']}/webhook\n")
        self._run("actions", "rasa_sdk", "--actions", "actions", "-p", str(self.ports["actions"]))
        self._run(
            "rasa", "rasa", "run", "-i", "127.0.0.1", "-p", str(self.ports["rasa"]), "--endpoints", str(endpoints),
            "--credentials", "credentials.yml", "-m", "models/intake.tar.gz",
        )  # fmt: skip
        await self.start_gateway()
        await _answers(f"http://127.0.0.1:{self.ports['actions']}/health")
        await _answers(f"http://127.0.0.1:{self.ports['rasa']}/")

    async def start_gateway(self, database: str | None = None) -> None:
        """Start the gateway, with another database if one is named."""
        self._run("gateway", "intake.gateway", **({"DATABASE_URL": database} if database else {}))
        await _answers(f"{self.url}/health")

    def end_gateway(self) -> None:
        """As a crash would."""
        self._end("gateway")

    async def stop(self) -> None:
        """End everything."""
        for name in list(self._processes):
            self._end(name)
        if self._runner:
            await self._runner.cleanup()

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "intake.db"

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Nobody else can write."""
        with sqlite3.connect(self.database, isolation_level=None) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                connection.execute("ROLLBACK")
        connection.close()

    @contextmanager
    def slow_database(self) -> Iterator[None]:
        """Every writer has to wait for half a second and more."""
        done = threading.Event()

        def hold() -> None:
            connection = sqlite3.connect(self.database, isolation_level=None, timeout=60)
            while not done.is_set():
                connection.execute("BEGIN IMMEDIATE")
                done.wait(SLOW_WRITE)
                connection.execute("ROLLBACK")
                done.wait(0.02)
            connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        try:
            yield
        finally:
            done.set()
            holder.join()

    def _run(self, name: str, module: str, *arguments: str, **more: str) -> None:
        env = {
            **os.environ, **QUIET, "INTAKE_MODE": "demo", "INTAKE_SECRET": SECRET, "INTAKE_VAR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.database}", "GATEWAY_PORT": str(self.ports["gateway"]),
            "RASA_URL": f"http://127.0.0.1:{self.ports['rasa_door']}", "KANNEL_SECRET": SECRET, "KANNEL_USER": "clinic",
            "KANNEL_PASSWORD": SECRET, "KANNEL_FROM": CLINIC_NUMBER,
            "KANNEL_SENDSMS_URL": f"http://127.0.0.1:{self.ports['provider_door']}/cgi-bin/sendsms", **more,
        }  # fmt: skip
        output = (self.folder / f"{name}.log").open("ab")
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=env, stdout=output, stderr=output
        )

    def _end(self, name: str) -> None:
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession(trust_env=False) as http:
        for _ in range(START_SECONDS * 10):
            with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with http.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise SystemExit(f"{url} does not answer.")
