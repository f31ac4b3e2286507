"""A conversation in memory: what the patient said, what was said to the patient, and what is still to be answered.

The store keeps the same on disk. Memory comes first so that the advice for a red flag never waits for the store.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from intake.protocol.model import Disposition
from intake.triage.record import Turn

UNREADABLE_STEP = 1_000_000  # seq numbers start here when the store could not tell the last one used


@dataclass(frozen=True)
class Message:
    """One message to the patient."""

    seq: int  # grows within a conversation
    text: str = field(repr=False)
    at: datetime
    choices: dict[str, Any] | None = field(default=None, repr=False)
    asked: str | None = None
    disposition: Disposition | None = None
    last_words: bool = False  # goes out by SMS although the patient wants no more texts: the one confirmation

    def as_json(self) -> dict[str, Any]:
        """What a patient's browser gets; keys without a value are left out."""
        level = self.disposition and self.disposition.value
        optional = {"choices": self.choices, "asked": self.asked, "disposition": level}
        return {"seq": self.seq, "text": self.text, **{key: value for key, value in optional.items() if value}}


@dataclass(frozen=True)
class Sent:
    """One message of the patient, as shown to him again after a reload."""

    id: str
    text: str = field(repr=False)
    after: int  # seq of the last message to the patient before it

    def as_json(self) -> dict[str, Any]:
        """What a patient's browser gets."""
        return {"id": self.id, "text": self.text, "after": self.after}


@dataclass
class Pending:
    """A patient's message that Rasa has not answered yet."""

    message_id: str
    source: str
    text: str = field(repr=False)  # as Rasa gets it
    advised: bool = False  # the guard has said already what to do now
    told: bool = False  # the patient has got some answer, if only "we cannot answer"
    attempts: int = 0
    empty: int = 0  # how often Rasa answered nothing


@dataclass
class Conversation:
    """One patient on one channel. The id is made by the server and never leaves it except inside a signed token."""

    id: str
    channel: str
    turns: list[Turn] = field(default_factory=list, repr=False)
    messages: list[Message] = field(default_factory=list, repr=False)
    sent: list[Sent] = field(default_factory=list, repr=False)
    known: set[str] = field(default_factory=set)  # ids of messages received
    asked: str | None = None  # what the last question to the patient was
    question: str | None = None  # the question that choices may answer (`choices["question"]`)
    shown: Disposition | None = None  # the most urgent disposition that the patient has been shown
    loaded: bool = False  # whether the store has been read (a new conversation has nothing to read)
    outage: bool = False  # the patient has been told that we cannot answer
    muted: bool = False  # SMS: the patient wants no texts
    address: dict[str, str] | None = field(default=None, repr=False)  # SMS: {"hmac", "sealed"}
    pending: deque[Pending] = field(default_factory=deque, repr=False)
    listeners: set[Callable[[Message], None]] = field(default_factory=set, repr=False)
    echoes: set[Callable[[Sent], None]] = field(default_factory=set, repr=False)  # the patient's other tabs
    reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)  # guard, one message after the other
    storing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)  # store, in the same order
    wake: asyncio.Event = field(default_factory=asyncio.Event, repr=False)  # something new for the worker
    worker: asyncio.Task[None] | None = field(default=None, repr=False)
    used_at: float = 0.0  # loop time, for forgetting idle conversations

    @property
    def told(self) -> frozenset[str]:
        """All that was shown so far, word for word."""
        return frozenset(message.text for message in self.messages)

    @property
    def last_seq(self) -> int:
        """The highest seq used."""
        return self.messages[-1].seq if self.messages else 0

    def say(
        self,
        text: str,
        at: datetime,
        *,
        choices: dict[str, Any] | None = None,
        asked: str | None = None,
        disposition: Disposition | None = None,
        last_words: bool = False,
    ) -> Message:
        """Show the patient a message, now; whoever calls stores it."""
        seq = self.last_seq + 1 if self.loaded or self.messages else UNREADABLE_STEP
        message = Message(seq, text, at, choices, asked, disposition, last_words)
        self.messages.append(message)
        self._ask(message)
        self._show(disposition)
        for listener in list(self.listeners):
            listener(message)
        return message

    def fresh(self, now: datetime, within: timedelta) -> bool:
        """Whether the patient wrote lately (or has not written yet)."""
        return not self.turns or now - self.turns[-1].at < within

    def hear(self, turn: Turn, message_id: str) -> None:
        """Keep a message of the patient."""
        self.turns.append(turn)
        self.known.add(message_id)
        sent = Sent(message_id, turn.text, self.last_seq)
        self.sent.append(sent)
        for echo in list(self.echoes):
            echo(sent)

    def restore(self, turns: list[tuple[str, Turn]], messages: list[Message]) -> None:
        """Put what the store knows in front of what has come since."""
        new = [
            (sent.id, turn)
            for sent, turn in zip(self.sent, self.turns, strict=True)
            if sent.id not in {id for id, _ in turns}
        ]
        since = self.messages
        self.messages = [each for each in messages if not since or each.seq < since[0].seq] + since
        self.turns = [turn for _, turn in (*turns, *new)]
        self.sent = [Sent(id, turn.text, self._seq_at(turn.at)) for id, turn in (*turns, *new)]
        self.known |= {id for id, _ in turns}
        for message in messages:
            self._show(message.disposition)
        if not since:
            for message in messages:
                self._ask(message)
        self.loaded = True

    def _seq_at(self, at: datetime) -> int:
        return max((message.seq for message in self.messages if message.at < at), default=0)

    def _ask(self, message: Message) -> None:
        if message.asked or message.choices:
            self.asked = message.asked or self.asked
            self.question = (message.choices or {}).get("question") or message.asked

    def _show(self, disposition: Disposition | None) -> None:
        if disposition is not None and (self.shown is None or disposition.rank < self.shown.rank):
            self.shown = disposition


class Registry:
    """All conversations in memory; idle ones are forgotten, since the store has them."""

    def __init__(self, idle: float = 3600.0, most: int = 5000) -> None:
        self._all: dict[str, Conversation] = {}
        self._idle, self._most = idle, most

    def get(self, id: str, channel: str, *, new: bool = False) -> Conversation:
        """The conversation with this id; `new` says that the store cannot know it."""
        now = asyncio.get_running_loop().time()
        conversation = self._all.get(id)
        if conversation is None:
            self._forget(now)
            conversation = self._all[id] = Conversation(id, channel, loaded=new)
        conversation.used_at = now
        return conversation

    def __iter__(self) -> Iterator[Conversation]:
        return iter(list(self._all.values()))

    def _forget(self, now: float) -> None:
        if len(self._all) < self._most // 2:
            return
        limit = self._idle if len(self._all) < self._most else 60.0
        for id, each in list(self._all.items()):
            if not each.pending and not each.listeners and now - each.used_at > limit:
                del self._all[id]
