"""One serial queue for each conversation: advice first, then the store, then Rasa.

A message is read by the guard as soon as it arrives, in order, and advice goes out before anything can fail or wait.
It is then stored, or kept in the spool when the store fails. A worker for each conversation gives stored messages to
Rasa one by one and tries again until Rasa answers; the patient meanwhile gets a text that says what to do now and whom
to call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from intake.gateway import fallback, log, report
from intake.gateway.guard import Guard, Verdict
from intake.gateway.keeper import Keeper
from intake.gateway.metrics import Metrics
from intake.gateway.present import Presenter
from intake.gateway.rasa import DEADLINE, Rasa, Silent
from intake.gateway.spanish import Spanish, spoken
from intake.gateway.state import Conversation, Message, Pending
from intake.gateway.tasks import end
from intake.gateway.text import LONGEST, no_payload
from intake.handoff import Request
from intake.protocol.model import Disposition
from intake.triage.assess import most_urgent
from intake.triage.record import Turn

BACKOFF = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)  # seconds between attempts to reach Rasa; the last one repeats
GREET = "/greet"  # makes Rasa say hello and ask the open question (again), in the words of the channel
MOST_EMPTY = 4  # times Rasa may answer nothing to one message; then a person must


@dataclass(frozen=True)
class Incoming:
    """One message from a patient, whatever the channel."""

    message_id: str
    text: str
    source: str  # who numbers the messages: the conversation (web) or the provider (SMS)
    asked: str | None = None  # the question that a signed choice answers; None: what was asked last
    payload: str | None = None  # what Rasa gets instead of the text, from a button that Rasa itself offered
    for_rasa: bool = True  # False: read for red flags and kept, not answered
    aside: bool = False  # answers no question, whatever was asked last


@dataclass(frozen=True)
class Outcome:
    """What became of a message."""

    duplicate: bool = False
    stored: bool = True  # False: kept in the spool only
    lost: bool = False  # kept nowhere: the patient's device must send it again
    verdict: Verdict | None = None


class Queue:
    """Takes messages in and sees to it that each is answered."""

    def __init__(
        self,
        guard: Guard,
        keeper: Keeper,
        rasa: Rasa,
        presenter: Presenter,
        metrics: Metrics,
        *,
        deadline: float = DEADLINE,
        backoff: tuple[float, ...] = BACKOFF,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._guard, self._keeper, self._rasa, self._presenter, self._metrics = guard, keeper, rasa, presenter, metrics
        self.ahead = guard.ahead  # what must be done before a message can be taken in goes ahead of what can wait
        self._deadline, self._backoff, self.now = deadline, backoff, now
        self._spanish = Spanish(guard.protocol, guard.clinic)
        self._tasks: set[asyncio.Task[Any]] = set()

    async def restore(self, conversation: Conversation) -> None:
        """Make sure that what was said before a restart is there, when the store answers."""
        await self._keeper.restore(conversation)

    async def scan(self, conversation: Conversation, text: str, asked: str | None = None) -> bool:
        """Whether a message that is to be refused holds a red flag that the patient has not been told about."""
        turn = Turn(asked or conversation.asked, text, self.now())
        verdict = await self._guard.check(
            conversation.turns, turn, conversation.shown, conversation.told, conversation.channel
        )
        return bool(verdict.advice)

    async def greet(self, conversation: Conversation) -> None:
        """Let the assistant speak first, once, while nobody has said anything yet."""
        await self.restore(conversation)
        if not (conversation.messages or conversation.turns or conversation.pending):
            self.enqueue(conversation, Pending("greeting", conversation.id, GREET))

    async def receive(self, conversation: Conversation, incoming: Incoming) -> Outcome:
        """Take a message: guard, advice, store. Returns once the message is safe; Rasa answers later."""
        await self.restore(conversation)
        async with conversation.reading:
            if incoming.message_id in conversation.known:
                return Outcome(duplicate=True)
            asked = None if incoming.aside else incoming.asked or conversation.asked
            turn = Turn(asked, incoming.text, self.now())
            before = list(conversation.turns)
            conversation.hear(turn, incoming.message_id)
            verdict = await self._guard.check(before, turn, conversation.shown, conversation.told, conversation.channel)
            said = [self._advise(conversation, each) for each in verdict.advice]
        async with conversation.storing:
            return await self._keep(conversation, incoming, turn, verdict, said)

    def _advise(self, conversation: Conversation, advice: Any) -> Message:
        """Show the advice, now."""
        self._metrics.count("advice", advice.disposition.value if advice.disposition else "none")
        log.event("guard.advice", conversation=log.short(conversation.id), text=advice.text_id)
        return self._presenter.advice(conversation, advice.text, self.now(), advice.asks, advice.disposition)

    async def _keep(
        self, conversation: Conversation, incoming: Incoming, turn: Turn, verdict: Verdict, said: list[Message]
    ) -> Outcome:
        request = None
        if verdict.hands_off:
            request = report.request(conversation, verdict, self._guard.protocol, turn.text)
        consent = self._guard.consent(verdict)
        kept = await self._keeper.received(
            conversation, incoming.source, incoming.message_id, turn, said, request, consent
        )
        if kept.duplicate:
            return Outcome(duplicate=True, verdict=verdict)
        pending = Pending(
            incoming.message_id,
            incoming.source,
            incoming.payload or no_payload(turn.text)[:LONGEST],
            advised=bool(said),
            told=bool(said),
        )
        if request is not None:
            pending.told |= await self._after_handing_off(conversation, verdict, kept.stored)
        if kept.lost:
            conversation.known.discard(incoming.message_id)
        elif incoming.for_rasa:
            self.enqueue(conversation, pending)
        return Outcome(stored=kept.stored, lost=kept.lost, verdict=verdict)

    async def _after_handing_off(self, conversation: Conversation, verdict: Verdict, stored: bool) -> bool:
        """Say what came of the hand-off, from its row: "call", or that a person will. True: something was said."""
        if not stored:
            await self.say(conversation, fallback.NOT_PASSED_ON, "not_saved")
            return True
        promised = next((each.disposition for each in verdict.advice if each.promise and each.disposition), None)
        text = self._presenter.promise(promised, conversation.channel, self.now()) if promised else None
        if text is not None:
            await self.say(conversation, text)
        return text is not None

    def enqueue(self, conversation: Conversation, pending: Pending) -> None:
        """Let Rasa answer a stored message."""
        conversation.pending.append(pending)
        conversation.wake.set()
        self._start(self._watch(conversation, pending))
        if conversation.worker is None or conversation.worker.done():
            conversation.worker = self._start(self._work(conversation))

    async def _watch(self, conversation: Conversation, pending: Pending) -> None:
        """After the deadline an unanswered patient is told what to do now."""
        await asyncio.sleep(self._deadline)
        if pending in conversation.pending:
            await self._cannot_answer(conversation, pending)

    async def _work(self, conversation: Conversation) -> None:
        """Give Rasa the pending messages in order, each until it is answered."""
        while conversation.pending:
            pending = conversation.pending[0]
            conversation.wake.clear()
            if await self._turn(conversation, pending):
                conversation.pending.popleft()
                continue
            for each in list(conversation.pending):
                await self._cannot_answer(conversation, each)
            pause = self._backoff[min(pending.attempts, len(self._backoff)) - 1]
            try:
                await asyncio.wait_for(conversation.wake.wait(), pause)
            except asyncio.TimeoutError:
                continue

    async def _turn(self, conversation: Conversation, pending: Pending) -> bool:
        """One attempt; True when the message needs no further one."""
        pending.attempts += 1
        try:
            replies = await self._rasa.turn(conversation.id, pending.text, conversation.channel, pending.message_id)
        except Silent as silent:
            self._metrics.count("rasa_silent", silent.kind)
            log.event(
                "rasa.silent", conversation=log.short(conversation.id), kind=silent.kind, attempt=pending.attempts
            )
            pending.empty += silent.kind == "empty"
            return pending.empty >= MOST_EMPTY and await self._give_up(conversation, pending)
        try:
            conversation.outage = False
            record = self._guard.fold(conversation.turns)
            if spoken(conversation.turns):
                replies = self._spanish.replies(replies, conversation.channel)
            said = self._presenter.replies(conversation, replies, record, self.now(), advised=pending.advised)
            request = None
            level = most_urgent(each.disposition for each in said)
            if level is not None and level.is_emergency:  # what Rasa alone has seen: its own hand-off may have failed
                request = self._request(conversation, pending, level=level)
            await self._keeper.replied(conversation, said, self.now(), pending, request)
        except Exception as error:  # noqa: BLE001 - one bad reply must not stop the queue
            log.failure("reply.failed", error, conversation=log.short(conversation.id))
        return True

    async def _give_up(self, conversation: Conversation, pending: Pending) -> bool:
        """Rasa stays silent on this message: a person must answer it, if the patient has said anything at all."""
        await self._cannot_answer(conversation, pending)
        if not conversation.turns:
            return True
        request = self._request(conversation, pending, human=True)
        await self._keeper.replied(conversation, [], self.now(), pending, request)
        return True

    def _request(
        self, conversation: Conversation, pending: Pending, level: Disposition | None = None, human: bool = False
    ) -> Request:
        """A hand-off for a reason that the guard has not seen."""
        verdict = self._guard.review(conversation.turns, conversation.channel)
        return report.request(conversation, verdict, self._guard.protocol, pending.text, level=level, human=human)

    async def _cannot_answer(self, conversation: Conversation, pending: Pending) -> None:
        """Tell the patient once for each message that no answer is coming now, and what to do."""
        if pending.told:
            return
        pending.told = True
        first, conversation.outage = not conversation.outage, True
        long = fallback.SILENT_SMS if conversation.channel == "sms" else fallback.SILENT_WEB
        await self.say(conversation, long if first else fallback.STILL_SILENT)

    async def leave_to_a_person_if_unfinished(self, conversation: Conversation) -> None:
        """Raise a hand-off when a patient leaves before all safety questions are answered."""
        verdict = self._guard.unfinished(conversation.turns)
        if verdict is not None:
            request = report.request(
                conversation, verdict, self._guard.protocol, conversation.turns[-1].text, human=True
            )
            await self._keeper.replied(conversation, [], self.now(), None, request)

    async def not_delivered(self, conversation: Conversation, level: Disposition) -> None:
        """Page staff anew: an emergency's text has not reached the phone. Saying it twice pages once."""
        verdict = self._guard.review(conversation.turns, conversation.channel)
        words = conversation.turns[-1].text if conversation.turns else ""
        request = report.request(conversation, verdict, self._guard.protocol, words, level=level, human=True)
        await self._keeper.replied(conversation, [], self.now(), None, report.undelivered(request))

    def said_last(self, conversation: Conversation, id: str) -> bool:
        """Whether the last thing said was the protocol's text `id`."""
        last = conversation.messages[-1].text if conversation.messages else None
        return last is not None and last == self._presenter.fixed("", id, conversation.channel)

    async def say(
        self, conversation: Conversation, text: str, id: str | None = None, *, last_words: bool = False,
        in_spanish: bool = False,
    ) -> None:  # fmt: skip
        """Show a fixed text (or the protocol's text `id`), then store that it was shown."""
        words = self._presenter.fixed(text, id, conversation.channel)
        if in_spanish or spoken(conversation.turns):
            words = self._spanish.of(words, conversation.channel)
        said = conversation.say(words, self.now(), last_words=last_words)
        await self._keeper.replied(conversation, [said], self.now())

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stop the workers; what is unanswered stays in the store and is taken up at the next start."""
        await end(self._tasks)
