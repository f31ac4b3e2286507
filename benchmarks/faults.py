"""`make faults`: how long a patient with a red flag waits for the advice, whatever has failed behind the gateway.

    python -m benchmarks.faults            all faults; the table goes to results/faults.md
    python -m benchmarks.faults --n 20     fewer patients for each

The time runs from the moment the message is sent until the advice is on the patient's page (web), or has been handed to
the provider (text). Each patient is new, and so is each message: nothing is answered from memory.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.faulty import ROOT, SECRET, Clinic

TABLE = ROOT / "results" / "faults.md"
TARGET = 1.0  # seconds, at p99
BURST = 50
PATIENCE = 20.0  # seconds until a patient counts as left without advice
EMERGENCY = ("call_911", "crisis", "er_now")
_numbers = itertools.count(1)


@dataclass
class Times:
    """Seconds until the advice; a patient who got none counts as infinite."""

    fault: str
    channel: str
    seconds: list[float]

    @property
    def p99(self) -> float:
        """The time that at most one in a hundred exceeds (the nearest rank)."""
        return sorted(self.seconds)[math.ceil(0.99 * len(self.seconds)) - 1]

    def row(self) -> str:
        """A line of the table, in milliseconds."""
        shown = [statistics.median(self.seconds), self.p99, max(self.seconds)]
        milliseconds = " | ".join(f"{1000 * each:.0f}" for each in shown)
        return f"| {self.fault} | {self.channel} | {len(self.seconds)} | {milliseconds} |"


HEAD = "| fault | channel | n | median, ms | p99, ms | longest, ms |\n|---|---|---|---|---|---|"


class Page:
    """A patient's page with its socket open, from an address of its own."""

    def __init__(self, url: str) -> None:
        self._url, self._headers = url, {"Origin": url}

    async def open(self) -> Page:
        """Get a session; listen."""
        number = next(_numbers)
        here = f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"
        self._http = aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(local_addr=(here, 0)))
        async with self._http.post(f"{self._url}/chat/session", headers=self._headers) as response:
            self._token = (await response.json())["token"]
        await self.listen()
        return self

    async def listen(self) -> None:
        """Open the socket (again)."""
        self._socket = await self._http.ws_connect(f"{self._url}/chat/socket", headers=self._headers)
        await self._socket.send_json({"token": self._token, "after": 0})

    async def write(self, text: str) -> None:
        """Send a message; returns when it is safe, or refused."""
        body = {"id": f"m{next(_numbers)}", "text": text}
        headers = {**self._headers, "Authorization": f"Bearer {self._token}"}
        async with self._http.post(f"{self._url}/chat/messages", json=body, headers=headers) as response:
            await response.read()

    async def red_flag(self) -> float:
        """Write it; seconds until the advice has come."""
        started = time.perf_counter()
        sending = asyncio.create_task(self.write(_new_words()))
        try:
            await asyncio.wait_for(self._advice(), PATIENCE)
            return time.perf_counter() - started
        except asyncio.TimeoutError:
            return math.inf
        finally:
            await sending
            await self._http.close()

    async def _advice(self) -> None:
        while (await self._socket.receive_json()).get("disposition") not in EMERGENCY:
            continue


async def text_message(http: aiohttp.ClientSession, clinic: Clinic) -> float:
    """A new phone texts a red flag; seconds until the advice has been handed to the provider."""
    id = next(_numbers)
    number = f"+1212{id:07}"
    query = {"key": SECRET, "from": number, "text": _new_words(), "charset": "UTF-8", "id": str(id)}
    started = time.perf_counter()
    sending = asyncio.create_task(_get(http, f"{clinic.url}/sms/kannel", query))
    try:
        await asyncio.wait_for(clinic.provider.next(number), PATIENCE)
        return time.perf_counter() - started
    except asyncio.TimeoutError:
        return math.inf
    finally:
        await sending


async def _get(http: aiohttp.ClientSession, url: str, query: dict[str, str]) -> None:
    async with http.get(url, params=query) as response:
        await response.read()


def _new_words() -> str:
    return f"I am patient {next(_numbers)} and I am numb between my legs since yesterday"


Context = Callable[[Clinic], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def nothing(clinic: Clinic) -> AsyncIterator[None]:
    """All is well."""
    yield


@asynccontextmanager
async def locked(clinic: Clinic) -> AsyncIterator[None]:
    """Somebody holds the database's write lock."""
    with clinic.locked_database():
        yield


@asynccontextmanager
async def slow(clinic: Clinic) -> AsyncIterator[None]:
    """Every writer waits."""
    with clinic.slow_database():
        yield


@asynccontextmanager
async def hung_from_the_start(clinic: Clinic) -> AsyncIterator[None]:
    """The gateway starts with a database server that accepts connections and never answers."""
    clinic.end_gateway()
    await clinic.start_gateway(f"postgresql+psycopg2://nobody@127.0.0.1:{clinic.ports['black_hole']}/nothing")
    try:
        yield
    finally:
        clinic.end_gateway()
        await clinic.start_gateway()


FAULTS: dict[str, Context] = {
    "all well": nothing,
    "Rasa dead": lambda clinic: clinic.rasa.being("dead"),
    "Rasa hung": lambda clinic: clinic.rasa.being("hung"),
    "action server dead": lambda clinic: clinic.actions.being("dead"),
    "action server hung": lambda clinic: clinic.actions.being("hung"),
    "database locked (SQLite)": locked,
    "database slow, 0.5 s a write (SQLite)": slow,
    "database hung (PostgreSQL)": hung_from_the_start,
}


async def measure(clinic: Clinic, http: aiohttp.ClientSession, n: int) -> AsyncIterator[Times]:
    """All faults, one after the other."""
    for fault, context in FAULTS.items():
        async with context(clinic):
            yield Times(fault, "web", [await (await Page(clinic.url).open()).red_flag() for _ in range(n)])
            yield Times(fault, "text", [await text_message(http, clinic) for _ in range(n)])
    bursts = max(1, n // BURST)
    yield Times(f"burst of {BURST} patients", "web", [each for _ in range(bursts) for each in await web_burst(clinic)])
    texts = [await asyncio.gather(*(text_message(http, clinic) for _ in range(BURST))) for _ in range(bursts)]
    yield Times(f"burst of {BURST} patients", "text", [each for burst in texts for each in burst])
    async with clinic.provider_door.being("dead"):
        waiting = [asyncio.create_task(text_message(http, clinic)) for _ in range(BURST)]
        pages = [await Page(clinic.url).open() for _ in range(n)]
        yield Times(f"SMS provider dead, {BURST} texts waiting", "web", [await each.red_flag() for each in pages])
    await asyncio.gather(*waiting)
    yield Times("gateway killed, started with a locked database", "web", await after_a_crash(clinic, n))


async def web_burst(clinic: Clinic) -> list[float]:
    """Many write at the same moment."""
    pages = await asyncio.gather(*(Page(clinic.url).open() for _ in range(BURST)))
    return await asyncio.gather(*(each.red_flag() for each in pages))


async def after_a_crash(clinic: Clinic, n: int) -> list[float]:
    """What was said before is in the store only, and the store does not take anything."""
    pages = [await Page(clinic.url).open() for _ in range(n)]
    for each in pages:
        await each.write("my back hurts")
    clinic.end_gateway()
    with clinic.locked_database():
        await clinic.start_gateway()
        for each in pages:
            await each.listen()
        return [await each.red_flag() for each in pages]


async def run(n: int) -> list[Times]:
    """Start a clinic, measure, stop it."""
    with tempfile.TemporaryDirectory(prefix="intake-faults-") as folder:
        clinic = Clinic(Path(folder))
        try:
            await clinic.start()
            timeout = aiohttp.ClientTimeout(total=60)
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(trust_env=False, timeout=timeout, connector=connector) as http:
                await (await Page(clinic.url).open()).red_flag()  # the first one pays for what is loaded late
                found = []
                async for each in measure(clinic, http, n):
                    print(each.row(), flush=True)
                    found.append(each)
                return found
        finally:
            await clinic.stop()


def main() -> None:
    """Entry point; exit code 1 when a patient waited too long."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100, help="patients for each fault and channel")
    n = parser.parse_args().n
    print(HEAD)
    before = os.getloadavg()[1]
    found = asyncio.run(run(n))
    load = " to ".join(f"{each:.1f}" for each in (before, os.getloadavg()[1]))
    note = f"{os.cpu_count()} cores, load {load}; the target is {TARGET:.0f} s at p99. Made by `make faults`."
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(["# Time to advice", "", note, "", HEAD, *(each.row() for each in found)]) + "\n")
    late = [each for each in found if each.p99 > TARGET]
    for each in late:
        print(f"Too late: {each.fault}, {each.channel}")
    print(f"\n{TABLE.relative_to(ROOT)} written.")
    sys.exit(bool(late))


if __name__ == "__main__":
    main()
