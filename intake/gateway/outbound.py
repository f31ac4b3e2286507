"""Sends texts: for each phone in order, with a bounded number of attempts, and never to somebody who opted out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp

from intake.gateway import ledger, log
from intake.gateway.keeper import Keeper
from intake.gateway.metrics import Metrics
from intake.gateway.providers import NotSent, Provider, State, Trouble
from intake.gateway.segments import chunks
from intake.gateway.state import Conversation, Message
from intake.gateway.tasks import end
from intake.store import privacy
from intake.store.types import utc_now

PAUSES = (0.5, 2.0, 8.0, 30.0)  # seconds before the second, third ... attempt; then a text is given up
IDLE_SECONDS = 3600.0  # then a phone's worker ends; the phone's next text makes a new one
MARKS = (0.2, 1.0, 5.0, 30.0, 120.0, 600.0)  # seconds until the row of a message that went out first should be there


class Outbound:
    """One worker for each phone that something is sent to.

    `refer` makes the reference under which a provider reports on a text, `report` hears what an attempt came to;
    `Receipts` puts both in.
    """

    refer: Callable[[Conversation, Message, int], str]
    report: Callable[[Conversation, Message, int, State, Trouble | None, str | None], None]

    def __init__(self, keeper: Keeper, metrics: Metrics, secret: str, *, pauses: tuple[float, ...] = PAUSES) -> None:
        self._keeper, self._metrics, self._secret, self._pauses = keeper, metrics, secret, pauses
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[str, asyncio.Queue[Message]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Prepare for requests; needs a running event loop."""
        self._session = aiohttp.ClientSession(trust_env=False)

    def attach(self, conversation: Conversation, provider: Provider) -> None:
        """From now on, whatever is said in this conversation goes out as texts."""
        if conversation.id in self._queues:
            return
        waiting = self._queues[conversation.id] = asyncio.Queue()
        conversation.listeners.add(waiting.put_nowait)
        self._start(self._work(conversation, provider, waiting))

    def send_again(self, conversation: Conversation, seq: int) -> None:
        """Send a message that a crash kept from going out."""
        message = next((each for each in conversation.messages if each.seq == seq), None)
        if message and conversation.id in self._queues:
            self._queues[conversation.id].put_nowait(message)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, conversation: Conversation, provider: Provider, waiting: asyncio.Queue[Message]) -> None:
        while True:
            try:
                message = await asyncio.wait_for(waiting.get(), IDLE_SECONDS)
            except asyncio.TimeoutError:
                if not waiting.empty():
                    continue
                conversation.listeners.discard(waiting.put_nowait)
                del self._queues[conversation.id]
                return
            try:
                await self._send(conversation, provider, message)
            except Exception as error:  # noqa: BLE001 - the next text must still go
                self._metrics.count("sms_sent", "failed")
                log.failure("sms.failed", error, conversation=log.short(conversation.id), seq=message.seq)

    async def _send(self, conversation: Conversation, provider: Provider, message: Message) -> None:
        if conversation.muted and not message.last_words:
            self._metrics.count("sms_sent", "muted")
            if message.disposition and message.disposition.is_emergency:
                self.report(conversation, message, 0, "failed", None, "muted")
            return
        number = privacy.unseal(self._secret, (conversation.address or {})["sealed"])
        for part, text in enumerate(chunks(message.text)):
            failed = await self._try(conversation, provider, number, text, self.refer(conversation, message, part))
            if failed:
                self._metrics.count("sms_sent", failed.trouble)
                self.report(conversation, message, part, "failed", failed.trouble, failed.code)
                return
            self._metrics.count("sms_sent", "sent")
            self.report(conversation, message, part, "sent", None, None)
        self._start(self._mark(conversation, message))  # the next text does not wait for the store

    async def _try(
        self, conversation: Conversation, provider: Provider, number: str, text: str, reference: str
    ) -> NotSent | None:
        """Up to one attempt more than there are pauses; None when the provider has taken the text."""
        assert self._session
        failed = None
        for pause in (*self._pauses, None):
            try:
                await provider.send(self._session, number, text, reference)
                return None
            except NotSent as error:
                failed = error
                log.event(
                    "sms.not_sent", conversation=log.short(conversation.id), trouble=error.trouble, code=error.code
                )
                if error.trouble != "retry" or pause is None:
                    break
            await asyncio.sleep(pause)
        return failed

    async def _mark(self, conversation: Conversation, message: Message) -> None:
        """Note in the store that it went out. Advice goes out before it is stored: its row may come a little later."""
        for pause in (*MARKS, None):
            try:
                if await self._keeper.read(lambda store: ledger.sent(store, conversation.id, message.seq, utc_now())):
                    return
            except Exception as error:  # noqa: BLE001 - it has gone out; at worst it goes out twice after a crash
                log.failure("sms.not_marked", error, conversation=log.short(conversation.id))
            if pause is None:
                return
            await asyncio.sleep(pause)

    async def close(self) -> None:
        """Stop sending; what is unsent stays in the store."""
        await end(self._tasks)
        if self._session:
            await self._session.close()
