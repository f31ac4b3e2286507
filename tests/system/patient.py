"""A patient at the gateway's HTTP interface, and what came of it in the database."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from typing import Any

import aiohttp
from sqlalchemy import select

from intake.protocol.load import load
from intake.store.database import Store
from intake.store.models import Appointment, Handoff, InboxMessage
from tests.live.scripts import Reply

ANSWER_SECONDS = 300  # a limit, no measure: on a busy machine Rasa takes long to start anew


class Patient:
    """One conversation in a browser."""

    def __init__(self, http: aiohttp.ClientSession, url: str, store: Store) -> None:
        self._http, self._url, self._store = http, url, store
        self._headers = {"Origin": url}
        self._ids = (f"{uuid.uuid4().hex}-{number}" for number in itertools.count(1))
        self._seen = 0
        self.id = ""  # of the conversation, once something was said

    async def arrive(self) -> Patient:
        """Opens the page."""
        async with self._http.post(f"{self._url}/chat/session", headers=self._headers) as response:
            self._headers["Authorization"] = f"Bearer {(await response.json())['token']}"
        return self

    async def send(self, text: str) -> str:
        """Sends a message, again while the gateway finds it too fast; its id."""
        message = {"id": next(self._ids), "text": text}
        while True:
            async with self._http.post(f"{self._url}/chat/messages", headers=self._headers, json=message) as response:
                if response.status != 429:
                    assert response.status == 202, await response.text()
                    return message["id"]
            await asyncio.sleep(0.5)

    async def hear(self) -> list[dict[str, Any]]:
        """What has come since the last look."""
        async with self._http.get(
            f"{self._url}/chat/messages", headers=self._headers, params={"after": f"{self._seen}"}
        ) as response:
            messages = (await response.json())["messages"]
        self._seen = max([self._seen, *(each["seq"] for each in messages)])
        return [{"text": each["text"], "custom": {**each, "asked": _question(each)}} for each in messages]

    async def say(self, text: str) -> Reply:
        """Sends a message and waits until it has been answered for good."""
        await self.answered(await self.send(text))
        return Reply(await self.hear())

    async def hear_of(self, words: str) -> Reply:
        """Waits for words; what came until then."""
        messages: list[dict[str, Any]] = []
        deadline = time.monotonic() + ANSWER_SECONDS
        while words not in Reply(messages).text:
            assert time.monotonic() < deadline, f"{words!r} did not come: {Reply(messages).text!r}"
            await asyncio.sleep(0.03)
            messages += await self.hear()
        return Reply(messages)

    async def answered(self, message: str) -> None:
        """Waits until the gateway has noted that a message needs no further answer."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while (row := self._inbox(message)) is None or row.answered_at is None:
            assert time.monotonic() < deadline, f"not answered within {ANSWER_SECONDS} s"
            await asyncio.sleep(0.03)
        self.id = row.conversation_id

    def find(self, message: str) -> None:
        """Learns its conversation's id from a message that is stored and may be unanswered."""
        self.id = self._inbox(message).conversation_id

    def _inbox(self, message: str) -> Any:
        with self._store.reading() as session:
            return session.scalars(select(InboxMessage).where(InboxMessage.message_id == message)).one_or_none()

    def handoffs(self) -> list[Handoff]:
        """Its hand-offs."""
        with self._store.reading() as session:
            return list(session.scalars(select(Handoff).where(Handoff.conversation_id == self.id)))

    def booked(self) -> list[Appointment]:
        """Its booked visits."""
        with self._store.reading() as session:
            rows = session.scalars(select(Appointment).where(Appointment.conversation_id == self.id))
            return [row for row in rows if row.status == "booked"]


def _question(message: dict[str, Any]) -> str | None:
    """The id of the question that a message asks; the guard gives the slot."""
    question = load().question_for(message.get("asked"))
    return question.id if question else message.get("asked")
