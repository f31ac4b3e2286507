"""What an SMS provider must be able to do; one module for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

import aiohttp
from aiohttp import web

# What to do about a text that was not taken or did not arrive: try again later (retry), honour an opt-out, text this
# phone no more (unreachable, landline), change the wording or ask the carrier (filtered), mend the registration or the
# account (unregistered, refused). Whatever it is, staff are paged when the text was an emergency's.
Trouble = Literal["retry", "opted_out", "unreachable", "landline", "filtered", "unregistered", "refused"]
State = Literal["sent", "delivered", "undelivered", "failed"]


class Unsigned(Exception):
    """A webhook that the provider did not sign; nothing of it is used."""


class NotSent(Exception):
    """A text that was not taken, and why."""

    def __init__(self, trouble: Trouble, code: str) -> None:
        super().__init__(trouble)
        self.trouble, self.code = trouble, code


@dataclass(frozen=True)
class Inbound:
    """One text from a phone."""

    id: str  # the provider's own id of the message
    sender: str = field(repr=False)  # E.164
    text: str = field(repr=False)
    media: int = 0  # pictures and the like that came with it
    handled: str | None = None  # STOP, START or HELP that the provider has answered itself


@dataclass(frozen=True)
class Report:
    """What became of a text."""

    reference: str = field(repr=False)  # what we gave the provider with the text
    state: State
    trouble: Trouble | None = None
    code: str | None = None


class Provider(Protocol):
    """An SMS provider."""

    name: str
    methods: tuple[str, ...]  # of its webhooks

    def read(self, request: web.Request, body: bytes) -> Inbound | None:
        """Check a webhook and read it; None when there is nothing to answer. Raises `Unsigned`."""

    def read_report(self, request: web.Request, body: bytes) -> Report | None:
        """Check a status callback and read it; None when it says nothing new. Raises `Unsigned`."""

    def acknowledge(self) -> web.Response:
        """What tells the provider that we have the message."""

    async def send(self, session: aiohttp.ClientSession, to: str, text: str, reference: str) -> None:
        """Hand over one text, and ask for reports under `reference`; raises `NotSent`."""
