"""The safety guard: reads each message before Rasa does and says at once what a red flag calls for.

It folds the message into what the patient has said before, and assesses. Whatever fails on the way, it falls back to a
smaller question: this message alone, then fixed keywords with fixed advice. It never raises.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from intake.conversation.wording import words
from intake.gateway import fallback, log, spanish
from intake.protocol.model import Disposition
from intake.triage import assess, record
from intake.triage.record import Record, Turn

SECONDS = 0.6  # for reading and assessing one message; then the keywords answer
IDLE_SECONDS = 1.0  # what can wait waits no longer for messages that are being judged
THREADS = 2  # judging is pure Python: more threads would only make all of them late; one may hang
HANDED_OFF = Disposition.same_day.rank  # this urgent, or a wish for a person: a hand-off row is written at once


@dataclass(frozen=True)
class Advice:
    """One text for the patient."""

    text: str = field(repr=False)
    disposition: Disposition | None
    text_id: str | None = None
    asks: str | None = None  # slot that the reply fills ("Going? Y or N")
    promise: bool = False  # the text has a form that promises a call; it holds once the hand-off row is written


@dataclass(frozen=True)
class Verdict:
    """What the guard thinks of the conversation with this message in it."""

    disposition: Disposition | None = None  # the floor: the most urgent level so far
    human: bool = False
    advice: tuple[Advice, ...] = ()  # to be sent now; empty when nothing has risen
    rules: tuple[str, ...] = ()
    record: Record | None = field(default=None, repr=False)
    assessment: Any = field(default=None, repr=False)
    degraded: str | None = None  # "alone": without the stored record; "keywords": without reader or rules

    @property
    def hands_off(self) -> bool:
        """Whether staff must know before Rasa has had its turn."""
        return self.human or (self.disposition is not None and self.disposition.rank <= HANDED_OFF)


class Guard:
    """Reads, folds, assesses; for all conversations.

    Args:
        protocol, reader: None when they could not be loaded: keywords only.
        clinic: fills {clinic} and {phone}, knows the opening hours and who is paged.
    """

    def __init__(self, protocol: Any, reader: Any, clinic: Any, seconds: float = SECONDS) -> None:
        self.protocol, self.clinic = protocol, clinic
        self._reader = None if reader is None else _Remembering(reader)
        self._seconds = seconds
        self._waiting = 0  # messages without a verdict
        self._idle = asyncio.Event()
        self._idle.set()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="guard")

    @property
    def complete(self) -> bool:
        """Whether protocol and reader are there; otherwise only keywords are looked for."""
        return self._reader is not None

    async def check(
        self, before: Sequence[Turn], turn: Turn, shown: Disposition | None, told: frozenset[str], channel: str
    ) -> Verdict:
        """Judge a message.

        Args:
            before: what the patient has said so far.
            turn: the message, with the question that it follows.
            shown: the most urgent disposition that the patient has been shown.
            told: advice that the patient has been shown, word for word; it is not repeated.
            channel: whose wording to use.
        """
        with self.ahead():
            try:
                work = asyncio.get_running_loop().run_in_executor(
                    self._pool, self.judge, before, turn, shown, told, channel
                )
                return await asyncio.wait_for(work, self._seconds)
            except Exception as error:  # noqa: BLE001 - also a full pool or a timeout
                log.failure("guard.failed", error)
                return self._keywords(turn.text, shown)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """While a message is on its way to its verdict: what can wait waits (`idle`)."""
        self._waiting += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._idle.set()

    async def idle(self) -> None:
        """Wait, but not long, until no message waits to be judged: advice comes before everything else."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._idle.wait(), IDLE_SECONDS)

    def judge(
        self, before: Sequence[Turn], turn: Turn, shown: Disposition | None, told: frozenset[str], channel: str
    ) -> Verdict:
        """`check` without the time limit."""
        if self._reader is None:
            return self._keywords(turn.text, shown)
        for turns, degraded in (((*before, turn), None), ((turn,), "alone")):
            try:
                return self._assess(turns, shown, told, channel, degraded)
            except Exception as error:  # noqa: BLE001
                log.failure("guard.degraded", error, degraded=degraded)
        return self._keywords(turn.text, shown)

    def review(self, turns: Sequence[Turn], channel: str) -> Verdict:
        """The verdict on a conversation as it stands."""
        return self.judge(turns[:-1], turns[-1], None, frozenset(), channel) if turns else Verdict()

    def fold(self, turns: Sequence[Turn]) -> Record | None:
        """The record of some turns, or None when they cannot be read."""
        try:
            return record.fold(turns, self._reader, self.protocol) if self._reader else None
        except Exception as error:  # noqa: BLE001
            log.failure("guard.degraded", error)
            return None

    def consent(self, verdict: Verdict) -> str | None:
        """Version of the protocol whose consent text the patient has agreed to, or None."""
        agreed = verdict.record is not None and verdict.record.fact("consent") == "yes"
        return self.protocol.version if agreed else None

    def unfinished(self, turns: Sequence[Turn]) -> Verdict | None:
        """The verdict on a conversation that ends before its safety questions are all answered; None when they are."""
        folded = self.fold(turns)
        if folded is None or not (folded.statements or folded.values):
            return None
        now = turns[-1].at
        judged = assess.assess(folded, self.protocol, now, self.clinic.is_open(now), ended=True)
        return (
            None
            if judged.screen_complete
            else Verdict(judged.disposition, judged.human, (), judged.rules, folded, judged)
        )

    def _assess(
        self, turns: Sequence[Turn], shown: Disposition | None, told: frozenset[str], channel: str, degraded: str | None
    ) -> Verdict:
        folded = record.fold(turns, self._reader, self.protocol)
        now = turns[-1].at
        judged = assess.floor(folded, self.protocol, now, self.clinic.is_open(now))
        level = judged.disposition
        if shown is not None and (level is None or shown.rank < level.rank):
            level = shown
        return Verdict(
            level, judged.human or spanish.ever_spoken(turns), self._advice(judged, shown, told, channel, turns),
            judged.rules, folded, judged, degraded,
        )  # fmt: skip

    def _advice(
        self, judged: Any, shown: Disposition | None, told: frozenset[str], channel: str, turns: Sequence[Turn]
    ) -> tuple[Advice, ...]:
        """The texts to send now: the emergency's when it is higher or its text new, 988 whenever it is called for.

        Whoever writes in Spanish gets them in Spanish, and hears once that there is an interpreter.
        """
        level, ids = judged.disposition, []
        if level is not None and level.is_emergency and (shown is None or level.rank <= shown.rank) and judged.advice:
            ids.append(judged.advice)
        ids += [each for each in judged.also if each not in ids]
        if level is not None and not level.is_emergency and judged.advice == "passive_death_wish":
            ids.append(judged.advice)
        in_spanish = spanish.spoken(turns)
        if in_spanish and not ids and spanish.INTERPRETER in self.protocol.texts:
            ids, level = [spanish.INTERPRETER], None
        found = (self._text(id, level, channel, in_spanish) for id in ids)
        return tuple(each for each in found if each.text not in told)

    def _text(self, id: str, level: Disposition | None, channel: str, in_spanish: bool) -> Advice:
        """One text, filled in. It goes out before anything is stored, so it promises no call ("call" instead)."""
        text = self.protocol.texts[id]
        promise = text.promises_call and text.otherwise is not None
        if promise:
            text = self.protocol.texts[text.otherwise]
        said = (spanish.twin(text, self.clinic, channel) if in_spanish else None) or words(text, self.clinic, channel)
        return Advice(said, text.disposition or level, id, text.asks, promise)

    def _keywords(self, text: str, shown: Disposition | None) -> Verdict:
        """The last resort; it cannot fail."""
        level = fallback.level(text)
        if level is None or (shown is not None and shown.rank <= level.rank):
            return Verdict(shown if shown is not None else level, degraded="keywords")
        return Verdict(
            level, advice=(Advice(fallback.ADVICE[level], level, f"fallback_{level.value}"),), degraded="keywords"
        )


class _Remembering:
    """Reads the same message under the same question only once: the record is folded anew with each message."""

    LARGEST = 4096

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._known: OrderedDict[tuple[str, str | None, date | None], Any] = OrderedDict()

    def read(self, text: str, asked: str | None = None, at: date | datetime | None = None) -> Any:
        key = (text, asked, at)
        reading = self._known.get(key)
        if reading is None:
            reading = self._known[key] = self._reader.read(text, asked, at)
            if len(self._known) > self.LARGEST:
                self._known.popitem(last=False)
        return reading
