"""Keeps what happens: in the store, and when that fails in the spool, from where it is replayed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intake.gateway import history, log
from intake.gateway.metrics import Metrics
from intake.gateway.state import Conversation, Message, Pending
from intake.handoff import Request
from intake.store import Store
from intake.store.spool import Spool
from intake.triage.record import Turn

WRITE_SECONDS = (
    2.0  # a store that takes longer counts as failed; the entry goes to the spool and is written twice at most
)
READ_SECONDS = 0.3  # the guard does not wait longer for what was said before
REST_SECONDS = 3.0  # after a failure the store is left alone this long
REPLAY_SECONDS = 3.0  # between attempts to empty the spool
TAKE_UP = timedelta(hours=24)  # older unanswered messages are not answered after a restart


@dataclass(frozen=True)
class Kept:
    """How a write went."""

    stored: bool
    duplicate: bool = False
    lost: bool = False  # neither in the store nor in the spool


class Keeper:
    """The gateway's way to the store.

    Args:
        open_store: opens the store; called again after a failure, so that the gateway can start before the database.
        idle: returns when no patient waits for advice; what can wait for that does.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        spool: Spool,
        metrics: Metrics,
        *,
        write_seconds: float = WRITE_SECONDS,
        idle: Callable[[], Awaitable[None]] | None = None,
        read_seconds: float = READ_SECONDS,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._open, self._spool, self._metrics = open_store, spool, metrics
        self._write_seconds, self._read_seconds, self._rest_seconds = write_seconds, read_seconds, rest_seconds
        self._idle = idle
        self._store: Store | None = None
        self._resting_until = 0.0
        self._pool = ThreadPoolExecutor(
            8, thread_name_prefix="store"
        )  # a hung database must not hold up the guard's threads
        self._files = ThreadPoolExecutor(2, thread_name_prefix="spool")

    async def open(self) -> bool:
        """Open the store; False when that fails now."""
        try:
            await self._in_store(self._write_seconds + 8, lambda store: store.ping())
            return True
        except Exception as error:  # noqa: BLE001
            log.failure("store.failed", error)
            return False

    async def restore(self, conversation: Conversation) -> None:
        """Read what the store knows of a conversation, unless that has been done or takes too long."""
        if conversation.loaded or self._resting:
            return
        try:
            stored = await self._in_store(self._read_seconds, lambda store: history.load(store, conversation.id))
        except Exception as error:  # noqa: BLE001
            self._rest()
            log.failure("store.unreadable", error, conversation=log.short(conversation.id))
            return
        if stored is None:
            conversation.loaded = True
            return
        conversation.restore(stored.turns, stored.messages)
        conversation.address = conversation.address or stored.address
        conversation.muted |= stored.muted
        conversation.channel = stored.channel

    async def received(
        self,
        conversation: Conversation,
        source: str,
        message_id: str,
        turn: Turn,
        said: Iterable[Message],
        request: Request | None = None,
        consent: str | None = None,
    ) -> Kept:
        """Keep a message of the patient, the advice it got and its hand-off."""
        return await self._keep(history.received(conversation, source, message_id, turn, said, request, consent))

    async def replied(
        self,
        conversation: Conversation,
        said: Iterable[Message],
        at: datetime,
        answers: Pending | None = None,
        request: Request | None = None,
    ) -> Kept:
        """Keep messages to the patient; `answers` needs no further answer."""
        return await self._keep(history.replied(conversation, said, at, answers, request))

    async def read(self, work: Callable[[Store], Any], seconds: float = WRITE_SECONDS, *, urgent: bool = False) -> Any:
        """Run `work` on the store in a thread; raises whatever it raises, or `TimeoutError`."""
        if self._idle and not urgent:
            await self._idle()
        return await self._in_store(seconds, work)

    async def unanswered(self, before: datetime) -> list[tuple[str, str, Pending]]:
        """Messages from before a moment that were left without an answer: conversation, channel, message."""
        since = before - TAKE_UP
        try:
            found: list[tuple[str, str, Pending]] = await self._in_store(
                10, lambda store: history.unanswered(store, since, before)
            )
            return found
        except Exception as error:  # noqa: BLE001
            log.failure("store.unreadable", error)
            return []

    async def replay(self) -> int:
        """Write what the spool holds to the store; returns how many entries."""
        done = await asyncio.get_running_loop().run_in_executor(self._pool, self._replay)
        if done:
            log.event("spool.replayed", entries=done)
        return done

    async def replay_for_ever(self) -> None:
        """Empty the spool whenever the store is there."""
        while True:
            await asyncio.sleep(REPLAY_SECONDS)
            try:
                if self.waiting:
                    await self.replay()
            except Exception as error:  # noqa: BLE001
                log.failure("spool.replay_failed", error)

    @property
    def waiting(self) -> int:
        """Entries in the spool."""
        return len(self._spool)

    def close(self) -> None:
        """Close the store."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._store:
            self._store.close()

    async def _keep(self, entry: dict[str, Any]) -> Kept:
        if self._idle:
            await self._idle()
        if not self._resting:
            try:
                written = await self._in_store(self._write_seconds, lambda store: history.write(store, entry))
                self._metrics.count("store", "written")
                return Kept(stored=True, duplicate=written.duplicate)
            except Exception as error:  # noqa: BLE001
                self._rest()
                log.failure("store.failed", error, conversation=log.short(entry["conversation"]))
        try:
            await asyncio.get_running_loop().run_in_executor(self._files, self._spool.append, entry)
            self._metrics.count("store", "spooled")
            return Kept(stored=False)
        except Exception as error:  # noqa: BLE001
            self._metrics.count("store", "lost")
            log.failure("spool.failed", error, conversation=log.short(entry["conversation"]))
            return Kept(stored=False, lost=True)

    async def _in_store(self, seconds: float, work: Callable[[Store], Any]) -> Any:
        return await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._pool, self._run, work), seconds)

    def _run(self, work: Callable[[Store], Any]) -> Any:
        if self._store is None:
            self._store = self._open()
        return work(self._store)

    def _replay(self) -> int:
        return self._spool.replay(lambda entry: self._run(lambda store: history.write(store, entry)))

    @property
    def _resting(self) -> bool:
        return asyncio.get_running_loop().time() < self._resting_until

    def _rest(self) -> None:
        self._resting_until = asyncio.get_running_loop().time() + self._rest_seconds
