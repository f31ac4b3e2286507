"""The gateway as its own process, killed without warning again and again: nothing is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from intake.store import open_store, privacy
from intake.store.models import Conversation, Handoff, InboxMessage, OutboxMessage
from tests.gateway.conftest import SECRET, eventually, rows
from tests.gateway.phones import Phone

ROOT = Path(__file__).resolve().parents[2]
PHONES, TEXTS, KILLS = 6, 4, 3
RED_FLAG = "numb between my legs, I cannot pee"


class Process:
    """A gateway that can be killed and started again."""

    def __init__(self, folder, env, rasa, port):
        self.url, self.database = f"http://127.0.0.1:{port}", f"sqlite:///{folder}/intake.db"
        self._env = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}, **env,
            "INTAKE_MODE": "demo", "INTAKE_SECRET": SECRET, "DATABASE_URL": self.database, "INTAKE_VAR": str(folder),
            "GATEWAY_PORT": str(port), "RASA_URL": rasa.url,
        }  # fmt: skip
        self._running = None

    async def start(self):
        self._running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "intake.gateway", cwd=ROOT, env=self._env, stderr=asyncio.subprocess.DEVNULL
        )

    async def kill(self):
        self._running.send_signal(signal.SIGKILL)
        await self._running.wait()


@pytest.fixture
async def process(tmp_path, env, rasa, unused_tcp_port):
    running = Process(tmp_path, env, rasa, unused_tcp_port)
    await running.start()
    yield running
    await running.kill()


async def deliver(phone, text, sid):
    """As a provider does: again and again until the webhook is acknowledged."""
    while True:
        try:
            response = await phone.text(text, sid=sid)
            if response.status == 200:
                return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.2)


async def talk(phone, number):
    for count in range(TEXTS):
        await deliver(phone, RED_FLAG if count == 1 else f"text {count}", f"SM{number}-{count}")
        await asyncio.sleep(random.random())


async def test_texts_through_kills_are_all_answered_in_order_and_counted_once(process, api, rasa):
    async with aiohttp.ClientSession(process.url) as http:
        phones = [Phone(SimpleNamespace(client=http), api, f"+1555000{number:04d}") for number in range(PHONES)]
        talking = asyncio.gather(*(talk(phone, number) for number, phone in enumerate(phones)))
        for _ in range(KILLS):
            seen = len(rasa.got)
            await eventually(lambda seen=seen: len(rasa.got) > seen or talking.done(), 60)
            await process.kill()
            await process.start()
        await asyncio.wait_for(talking, 90)
        store = SimpleNamespace(real=open_store(process.database))
        await eventually(lambda: all(each.answered_at for each in rows(store, InboxMessage)), 60)
        await eventually(lambda: all(each.sent_at for each in rows(store, OutboxMessage)), 60)
    received = rows(store, InboxMessage)
    assert Counter(each.message_id for each in received) == {
        f"twilio:SM{number}-{count}": 1 for number in range(PHONES) for count in range(TEXTS)
    }
    assert len(rows(store, Conversation)) == PHONES
    handoffs = rows(store, Handoff)
    assert Counter(each.conversation_id for each in handoffs) == {each.conversation_id: 1 for each in received}
    by_conversation = defaultdict(list)
    for turn in rasa.got:
        if turn["metadata"]["message_id"] not in by_conversation[turn["sender"]]:
            by_conversation[turn["sender"]].append(turn["metadata"]["message_id"])
    assert len(by_conversation) == PHONES
    for given in by_conversation.values():
        assert given == sorted(given) and len(given) == TEXTS
    numbers = {each.id: privacy.unseal(SECRET, each.address_sealed) for each in rows(store, Conversation)}
    for said in rows(store, OutboxMessage):
        assert said.text in api.texts(numbers[said.conversation_id])
    assert all(any("ER" in text for text in api.texts(phone.number)) for phone in phones)
    store.real.close()


async def test_a_second_gateway_stands_by_and_takes_over_when_the_first_is_killed(
    process, api, rasa, tmp_path, env, unused_tcp_port_factory
):
    second = Process(tmp_path, env, rasa, unused_tcp_port_factory())
    async with aiohttp.ClientSession(process.url) as http, aiohttp.ClientSession(second.url) as other:
        first = Phone(SimpleNamespace(client=http), api)
        await deliver(first, "hello", "SM1")
        await first.until(1, 20)
        await second.start()
        with pytest.raises(aiohttp.ClientConnectionError):
            for _ in range(50):
                await asyncio.sleep(0.2)
                await other.get("/health")
        await process.kill()
        phone = Phone(SimpleNamespace(client=other), api)
        await asyncio.wait_for(deliver(phone, "hello", "SM1"), 60)  # the same webhook, to the other process
        await asyncio.wait_for(deliver(phone, RED_FLAG, "SM2"), 60)
        await eventually(lambda: any("ER" in text for text in api.texts()), 20)
        await eventually(lambda: len(rasa.got) == 2, 20)
        assert len({turn["sender"] for turn in rasa.got}) == 1
        await second.kill()
        await process.start()
