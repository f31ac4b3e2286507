"""A patient who falls silent by text is asked once more, and is left to a person when nothing comes back.

After advice for an emergency that waits for "are you going?": at any hour. In the middle of the safety questions: with
consent and outside quiet hours; the text tells nothing of what was said. Both at most once for a conversation.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from intake.gateway import ledger, log, quiet
from intake.gateway.guard import Guard
from intake.gateway.keeper import Keeper
from intake.gateway.metrics import Metrics
from intake.gateway.queue import Queue
from intake.gateway.sms import Sms
from intake.gateway.state import Conversation, Registry
from intake.store import Store, privacy, texts
from intake.store.models import Conversation as Row
from intake.store.models import InboxMessage, OutboxMessage

EMERGENCY_AFTER = timedelta(minutes=2)  # 3I: no reply to "are you able to go?"
NUDGE_AFTER = timedelta(minutes=10)  # 3H: no reply in the middle of the screen
LEAVE_AFTER = timedelta(hours=2)  # after the nudge: a person must continue
EVERY_SECONDS = 30.0
NUDGE, NO_REPLY = "nudge", "emergency_no_reply"  # texts of the protocol


@dataclass(frozen=True)
class Silent:
    """A conversation whose last word was a question of ours."""

    conversation: str
    asked: str | None
    since: datetime  # the patient's last message
    consent: bool
    nudged_at: datetime | None
    reachable: bool


class Nudges:
    """Looks every half minute for patients who have fallen silent."""

    def __init__(
        self, queue: Queue, keeper: Keeper, registry: Registry, guard: Guard, sms: Sms, secret: str, metrics: Metrics,
    ) -> None:  # fmt: skip
        self._queue, self._keeper, self._registry, self._guard, self._sms = queue, keeper, registry, guard, sms
        self._secret, self._metrics = secret, metrics
        self._left: set[str] = set()  # to a person
        self._complete: dict[str, datetime] = {}  # at which message of the patient

    async def run_for_ever(self) -> None:
        """Go on, whatever fails."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.run_once()
            except Exception as error:  # noqa: BLE001 - a nudge that fails is tried again
                log.failure("nudge.failed", error)

    async def run_once(self) -> None:
        """Nudge everybody whose time has come; without the protocol there is nothing to say."""
        if self._guard.protocol is None or not {NUDGE, NO_REPLY} <= self._guard.protocol.texts.keys():
            return
        now = self._queue.now()
        found = await self._keeper.read(lambda store: _silent(store, now), 10)
        ids = {silent.conversation for silent in found}
        self._left &= ids
        self._complete = {id: since for id, since in self._complete.items() if id in ids}
        for silent in found:
            try:
                await self._consider(silent, now)
            except Exception as error:  # noqa: BLE001 - the others must not wait for this one
                log.failure("nudge.failed", error, conversation=log.short(silent.conversation))

    async def _consider(self, silent: Silent, now: datetime) -> None:
        conversation = self._registry.get(silent.conversation, "sms")
        await self._queue.restore(conversation)
        if conversation.muted or conversation.pending or not conversation.loaded or conversation.address is None:
            return
        if self._waits_for_going(conversation, silent):
            if silent.nudged_at is None or silent.nudged_at < silent.since:
                await self._say(conversation, NO_REPLY, silent, now)
            return
        leave = now - (silent.nudged_at or silent.since) > LEAVE_AFTER and conversation.id not in self._left
        nudge = now - silent.since > NUDGE_AFTER and self._may_nudge(conversation.address, silent, now)
        if not (leave or nudge) or await self._is_complete(conversation, silent):
            return
        if nudge:
            await self._say(conversation, NUDGE, silent, now)
        if leave:
            self._left.add(conversation.id)
            await self._queue.leave_to_a_person_if_unfinished(conversation)

    def _may_nudge(self, address: dict[str, str], silent: Silent, now: datetime) -> bool:
        if silent.nudged_at is not None or not silent.consent or not silent.reachable:
            return False
        number = privacy.unseal(self._secret, address["sealed"])
        return quiet.may_start(number, now, self._guard.clinic.timezone)

    async def _is_complete(self, conversation: Conversation, silent: Silent) -> bool:
        """Whether the safety questions are all answered; worked out once for each message of the patient."""
        if self._complete.get(conversation.id) == silent.since:
            return True
        if await asyncio.to_thread(self._guard.unfinished, list(conversation.turns)) is not None:
            return False
        self._complete[conversation.id] = silent.since
        return True

    def _waits_for_going(self, conversation: Conversation, silent: Silent) -> bool:
        question = self._guard.protocol.question_for(silent.asked) if silent.asked else None
        emergency = conversation.shown is not None and conversation.shown.is_emergency
        return emergency and question is not None and question.slot == "able_to_go"

    async def _say(self, conversation: Conversation, id: str, silent: Silent, now: datetime) -> None:
        """Claim it in the store first: a crash or a second process must not nudge twice."""
        if await self._keeper.read(lambda store: _claim(store, silent, now)):
            self._metrics.count("nudges", id)
            self._sms.attach(conversation)
            await self._queue.say(conversation, "", id)


def _silent(store: Store, now: datetime) -> list[Silent]:
    last = func.max(InboxMessage.received_at)
    query = (
        select(Row, last).join(InboxMessage, InboxMessage.conversation_id == Row.id)
        .where(Row.channel == "sms", Row.opted_out_at.is_(None), Row.address_hmac.is_not(None))
        .group_by(Row.id).having(last.between(now - ledger.EXPIRES, now - EMERGENCY_AFTER))
    )  # fmt: skip
    with store.reading() as session:
        return [
            Silent(
                row.id, _asked(session, row.id), since, row.consent_at is not None, row.nudged_at,
                texts.reachable(session, row.id),
            )
            for row, since in session.execute(query)
        ]  # fmt: skip


def _asked(session: Session, conversation: str) -> str | None:
    query = select(OutboxMessage.asked).where(
        OutboxMessage.conversation_id == conversation, OutboxMessage.asked.is_not(None)
    )
    asked: str | None = session.scalars(query.order_by(OutboxMessage.seq.desc()).limit(1)).first()
    return asked


def _claim(store: Store, silent: Silent, now: datetime) -> bool:
    before = Row.nudged_at.is_(None) if silent.nudged_at is None else Row.nudged_at == silent.nudged_at
    with store.transaction() as session:
        done = session.execute(update(Row).where(Row.id == silent.conversation, before).values(nudged_at=now))
        return bool(done.rowcount)
