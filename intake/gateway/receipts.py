"""Delivery of texts: `/sms/<provider>/status` says what became of each, and staff learn of an emergency's that failed.

The provider gets a sealed reference with each text, so that a report is understood after a restart, before the store
knows the text, and by whichever process it comes to, and so that no address holds a telephone number.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from cryptography.fernet import InvalidToken

from intake.gateway import log
from intake.gateway.keeper import Keeper
from intake.gateway.limits import LARGEST_READ
from intake.gateway.metrics import Metrics
from intake.gateway.outbound import Outbound
from intake.gateway.providers import Provider, State, Trouble, Unsigned
from intake.gateway.queue import Queue
from intake.gateway.state import Conversation, Message, Registry
from intake.gateway.tasks import end
from intake.protocol.model import Disposition
from intake.store import Store, privacy, texts

MARKS = (0.2, 1.0, 5.0, 30.0)  # seconds until the conversation of a text that went out first should be stored
AGAIN = (60.0, 300.0)  # seconds until a text is sent once more to a phone that was switched off


@dataclass(frozen=True)
class Reference:
    """Which text a report is about."""

    conversation: str
    seq: int
    part: int
    attempt: int
    level: Disposition | None  # whose advice it is


class Receipts:
    """Takes reports from providers and from our own attempts to send.

    Args:
        opted_out: called when a report says that the number wants no texts.
    """

    def __init__(
        self, queue: Queue, keeper: Keeper, registry: Registry, outbound: Outbound, providers: dict[str, Provider],
        secret: str, metrics: Metrics, *, opted_out: Callable[[Conversation], Awaitable[None]],
        again: tuple[float, ...] = AGAIN, marks: tuple[float, ...] = MARKS,
    ) -> None:  # fmt: skip
        self._queue, self._keeper, self._registry, self._outbound = queue, keeper, registry, outbound
        self._providers, self._secret, self._metrics = providers, secret, metrics
        self._opted_out, self._again, self._marks = opted_out, again, marks
        self._attempts: dict[tuple[str, int], int] = {}  # of texts that were sent more than once
        self._tasks: set[asyncio.Task[None]] = set()
        outbound.refer, outbound.report = self._refer, self._from_sending

    def routes(self) -> list[web.RouteDef]:
        """One status callback for each provider that is set up."""
        return [
            web.route(method, f"/sms/{name}/status", self._webhook(each))
            for name, each in self._providers.items()
            for method in each.methods
        ]

    def _webhook(self, provider: Provider) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def webhook(request: web.Request) -> web.Response:
            try:
                report = provider.read_report(request, await request.content.read(LARGEST_READ))
                about = self._open(report.reference) if report else None
            except (Unsigned, InvalidToken):
                self._metrics.count("refused", "signature")
                log.event("sms.unsigned", provider=provider.name)
                return web.Response(status=403)
            if report and about:
                self._start(self._take(about, report.state, report.trouble, report.code))
            return provider.acknowledge()

        return webhook

    def _refer(self, conversation: Conversation, message: Message, part: int) -> str:
        level = message.disposition and message.disposition.value
        attempt = self._attempts.get((conversation.id, message.seq), 0)
        return privacy.seal(self._secret, json.dumps([conversation.id, message.seq, part, attempt, level]))

    def _open(self, reference: str) -> Reference:
        conversation, seq, part, attempt, level = json.loads(privacy.unseal(self._secret, reference))
        return Reference(conversation, seq, part, attempt, level and Disposition(level))

    def _from_sending(
        self, conversation: Conversation, message: Message, part: int, state: State, trouble: Trouble | None,
        code: str | None,
    ) -> None:  # fmt: skip
        """What our own attempt to send came to; attempts have been repeated already."""
        attempt = self._attempts.get((conversation.id, message.seq), 0)
        about = Reference(conversation.id, message.seq, part, attempt, message.disposition)
        self._start(self._take(about, state, None if trouble == "retry" else trouble, code))

    async def _take(self, about: Reference, state: State, trouble: Trouble | None, code: str | None) -> None:
        """Page staff before anything can fail or wait; then keep the report and do what its trouble asks for."""
        conversation = self._registry.get(about.conversation, "sms")
        await self._queue.restore(conversation)
        failed = state in texts.NOT_DELIVERED
        if failed:
            log.event("sms.not_delivered", conversation=log.short(about.conversation), trouble=trouble, code=code)
            if about.level is not None and about.level.is_emergency:
                await self._queue.not_delivered(conversation, about.level)
        if not await self._is_news(about, state, code):
            return
        self._metrics.count("sms_delivery", state)
        if failed and trouble:
            self._metrics.count("sms_trouble", trouble)
        if trouble == "opted_out":
            await self._opted_out(conversation)
        if trouble == "retry":
            await self._once_more(conversation, about)

    async def _is_news(self, about: Reference, state: State, code: str | None) -> bool:
        """Keep the report; True as well when the store cannot say, since everything that follows may be repeated."""

        def write(store: Store) -> bool:
            key = (about.conversation, about.seq, about.part, about.attempt)
            with store.transaction() as session:
                return texts.note(session, key, state, code, self._queue.now())

        for pause in (*self._marks, None):
            try:
                return bool(await self._keeper.read(write))
            except Exception as error:  # noqa: BLE001 - the conversation may not be stored yet
                if pause is None:
                    log.failure("sms.receipt_failed", error, conversation=log.short(about.conversation))
                    return True
            await asyncio.sleep(pause)
        return True

    async def _once_more(self, conversation: Conversation, about: Reference) -> None:
        """Send again later, a bounded number of times, and only what is still the last word to the patient."""
        if about.attempt >= len(self._again):
            return
        self._attempts[about.conversation, about.seq] = about.attempt + 1
        await asyncio.sleep(self._again[about.attempt])
        if conversation.last_seq == about.seq and not conversation.muted:
            self._outbound.send_again(conversation, about.seq)

    def _start(self, work: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except Exception as error:  # noqa: BLE001 - a report must not end with an exception nobody sees
                log.failure("sms.report_failed", error)

        task = asyncio.get_running_loop().create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop; what is unsent or unread is staff's, who have been paged."""
        await end(self._tasks)
