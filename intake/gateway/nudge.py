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
        self._left: set[str] = set()

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
        for silent in await self._keeper.read(lambda store: _silent(store, now), 10):
            conversation = self._registry.get(silent.conversation, "sms")
            await self._queue.restore(conversation)
            if not conversation.muted and not conversation.pending:
                await self._consider(conversation, silent, now)

    async def _consider(self, conversation: Conversation, silent: Silent, now: datetime) -> None:
        if self._waits_for_going(conversation, silent):
            if silent.nudged_at is None or silent.nudged_at < silent.since:
                await self._say(conversation, NO_REPLY, silent, now)
            return
        if now - silent.since < NUDGE_AFTER or self._guard.unfinished(conversation.turns) is None:
            return
        if silent.nudged_at is None:
            number = privacy.unseal(self._secret, (conversation.address or {})["sealed"])
            if silent.consent and silent.reachable and quiet.may_start(number, now, self._guard.clinic.timezone):
                await self._say(conversation, NUDGE, silent, now)
        if now - (silent.nudged_at or silent.since) > LEAVE_AFTER and conversation.id not in self._left:
            self._left.add(conversation.id)
            await self._queue.leave_to_a_person_if_unfinished(conversation)

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
