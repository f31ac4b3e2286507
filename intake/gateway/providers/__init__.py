"""What an SMS provider must be able to do; one module for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

import aiohttp
from aiohttp import web

Trouble = Literal["retry", "opted_out", "unreachable", "refused"]


class Unsigned(Exception):
    """A webhook that the provider did not sign; nothing of it is used."""


class NotSent(Exception):
    """A text that was not taken; `trouble` says what to do: try again, honour an opt-out, or give up."""

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


class Provider(Protocol):
    """An SMS provider."""

    name: str
    methods: tuple[str, ...]  # of its webhook

    def read(self, request: web.Request, body: bytes) -> Inbound | None:
        """Check a webhook and read it; None when there is nothing to answer. Raises `Unsigned`."""

    def acknowledge(self) -> web.Response:
        """What tells the provider that we have the message."""

    async def send(self, session: aiohttp.ClientSession, to: str, text: str) -> None:
        """Hand over one text; raises `NotSent`."""
