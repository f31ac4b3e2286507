"""Session tokens and signed choices: everything a browser holds that the server must be able to trust.

A token is issued by the server, names a conversation that the server made, and works only from the origin that it was
issued to (ASVS 5.0 7.2, 7.3). A choice is bound to the conversation, the question and the option that it stands for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

IDLE_SECONDS = 30 * 60.0  # without any request, an open page asks now and then
ABSOLUTE_SECONDS = 12 * 3600.0
LONGEST_TOKEN = 2048  # characters


class Refused(Exception):
    """A token or choice that is not ours, not this conversation's, or no longer valid; the message holds no secret."""


@dataclass(frozen=True)
class Session:
    """What a valid token says."""

    conversation: str
    origin: str
    issued_at: float  # seconds since 1970


class Tokens:
    """Issues and checks tokens with keys derived from one secret."""

    def __init__(
        self,
        secret: str,
        idle: float = IDLE_SECONDS,
        absolute: float = ABSOLUTE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._session_key = _derive(secret, "gateway session")
        self._choice_key = _derive(secret, "gateway choice")
        self._idle, self._absolute, self._clock = idle, absolute, clock
        self._seen: dict[
            str, float
        ] = {}  # conversation -> last request; lost at a restart, then the token's age counts
        self._ended: dict[str, float] = {}  # conversation -> when

    def issue(self, conversation: str, origin: str) -> str:
        """A token for a conversation, for use from one origin."""
        now = self._clock()
        self._seen[conversation] = now
        return _sign(self._session_key, [conversation, origin, round(now, 3)])

    def verify(self, token: str, origin: str | None) -> Session:
        """The session of a token.

        `origin` is what the browser says; None where browsers say nothing (same-origin GET), which is then not checked.

        Raises:
            Refused: forged, from a foreign origin, idle too long or too old.
        """
        session = Session(*_open(self._session_key, token, (str, str, (int, float))))
        if origin is not None and origin != session.origin:
            raise Refused("foreign origin")
        now = self._clock()
        last = max(self._seen.get(session.conversation, 0.0), session.issued_at)
        over = now - session.issued_at > self._absolute or now - last > self._idle
        if over or session.conversation in self._ended:
            raise Refused("expired")
        self._seen[session.conversation] = now
        self._forget(now)
        return session

    def end(self, conversation: str) -> None:
        """Make every token of a conversation useless from now on (until a restart: then the idle time does it)."""
        self._ended[conversation] = self._clock()

    def choice(self, conversation: str, question: str, option: str) -> str:
        """A signed choice of an option of a question."""
        return _sign(self._choice_key, [question, option], conversation)

    def read_choice(self, conversation: str, choice: str) -> tuple[str, str]:
        """Question and option of a signed choice; raises `Refused` when it is not this conversation's."""
        question, option = _open(self._choice_key, choice, (str, str), conversation)
        return question, option

    def _forget(self, now: float) -> None:
        """Drop what has expired anyway, now and then."""
        if len(self._seen) > 10_000:
            self._seen = {id: seen for id, seen in self._seen.items() if now - seen <= self._absolute}
            self._ended = {id: at for id, at in self._ended.items() if now - at <= self._absolute}


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def _mac(key: bytes, body: str, context: str) -> str:
    return _encode(hmac.new(key, f"{len(context)}:{context}{body}".encode(), hashlib.sha256).digest())


def _sign(key: bytes, fields: list[object], context: str = "") -> str:
    body = _encode(json.dumps(fields, separators=(",", ":")).encode())
    return f"{body}.{_mac(key, body, context)}"


def _open(key: bytes, token: str, types: tuple[Any, ...], context: str = "") -> list[Any]:
    """The fields of a token whose signature holds."""
    body, dot, mac = token.partition(".") if isinstance(token, str) and len(token) <= LONGEST_TOKEN else ("", "", "")
    if not dot or not hmac.compare_digest(_mac(key, body, context).encode(), mac.encode(errors="replace")):
        raise Refused("not signed by us")
    try:
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError as error:
        raise Refused("not readable") from error
    if (
        not isinstance(fields, list)
        or len(fields) != len(types)
        or not all(isinstance(*each) for each in zip(fields, types, strict=True))
    ):
        raise Refused("not readable")
    return fields


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
