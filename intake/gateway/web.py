"""Web chat: sessions, messages in, messages out. Errors carry a text for the patient."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from aiohttp import web

from intake.gateway import fallback, log, shape
from intake.gateway.door import Door, Problem, number
from intake.gateway.limits import LARGEST_BODY, LARGEST_READ, Buckets
from intake.gateway.metrics import Metrics
from intake.gateway.present import Presenter
from intake.gateway.queue import Incoming, Queue
from intake.gateway.state import Conversation, Registry
from intake.gateway.text import LONGEST, clean
from intake.gateway.tokens import Refused, Tokens
from intake.store.types import new_id

MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST_CHOICES = 40


class WebChat:
    """The web channel."""

    def __init__(
        self,
        queue: Queue,
        registry: Registry,
        tokens: Tokens,
        presenter: Presenter,
        protocol: Any,
        door: Door,
        metrics: Metrics,
        *,
        texting: bool = False,
        messages: Buckets | None = None,
        sessions: Buckets | None = None,
    ) -> None:
        self._queue, self._registry, self._tokens, self._presenter = queue, registry, tokens, presenter
        self._protocol, self._door, self._metrics, self._texting = protocol, door, metrics, texting
        self._messages = messages or Buckets(burst=20, per_second=1.0)
        self._sessions = sessions or Buckets(burst=200, per_second=5.0)  # behind a proxy all patients are one address

    def routes(self) -> list[web.RouteDef]:
        """The routes of the contract."""
        return [
            web.post("/chat/session", self.open_session),
            web.delete("/chat/session", self.end_session),
            web.post("/chat/greeting", self.greet),
            web.post("/chat/messages", self.post_message),
            web.get("/chat/messages", self.get_messages),
            web.options("/chat/{rest:.*}", self.preflight),
        ]

    async def preflight(self, request: web.Request) -> web.Response:
        """Tell a browser on an allowed origin what it may send."""
        self._door.origin(request, required=True)
        return web.Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "GET, POST, DELETE",
                "Access-Control-Allow-Headers": "authorization, content-type",
                "Access-Control-Max-Age": "600",
            },
        )

    async def open_session(self, request: web.Request) -> web.Response:
        """Begin a conversation: `{token, texting}`; `texting` = it can go on by text message."""
        origin = self._door.origin(request, required=True)
        if not self._sessions.take(request.remote or ""):
            raise Problem(429, "too_many_sessions", self._presenter.fixed(fallback.TOO_FAST))
        id = new_id()
        self._registry.get(id, "web", new=True)
        log.event("session.opened", conversation=log.short(id))
        return web.json_response({"token": self._tokens.issue(id, str(origin)), "texting": self._texting})

    async def end_session(self, request: web.Request) -> web.Response:
        """Make the token useless ("Finish and clear")."""
        self._tokens.end(self._conversation(request).id)
        return web.Response(status=204)

    async def greet(self, request: web.Request) -> web.Response:
        """Let the assistant speak first: its question whether it may start needs no word of the patient."""
        self._door.origin(request, required=True)
        await self._queue.greet(self._conversation(request))
        return web.Response(status=202)

    async def get_messages(self, request: web.Request) -> web.Response:
        """Messages to the patient after a `seq`, and what the patient has sent (for a page that was reloaded)."""
        conversation = self._conversation(request)
        after = number(request.query.get("after", "0"))
        await self._queue.restore(conversation)
        return web.json_response(
            {
                "messages": [self._presenter.for_browser(each) for each in conversation.messages if each.seq > after],
                "sent": [each.as_json() for each in conversation.sent if each.after >= after],
            }
        )

    async def post_message(self, request: web.Request) -> web.Response:
        """Take one message: 202 once it is safe. Refusals look for red flags first."""
        started = time.monotonic()
        conversation = self._conversation(request)
        raw = await _read(request)
        data, text = _parse(raw)
        if len(raw) > LARGEST_BODY or len(text) > LONGEST:
            await self._refuse(conversation, text or raw.decode(errors="replace"), 413, "too_long", fallback.TOO_LONG)
        if data is None or not isinstance(data.get("id"), str) or not MESSAGE_ID.fullmatch(data["id"]):
            raise Problem(400, "malformed", "Send {id, text} or {id, choice}.")
        incoming = await self._incoming(conversation, data, text)
        if incoming.message_id not in conversation.known and not self._messages.take(conversation.id):
            await self._refuse(conversation, incoming.text, 429, "too_fast", fallback.TOO_FAST, incoming)
        self._metrics.count("messages", "web")
        outcome = await asyncio.shield(self._queue.receive(conversation, incoming))
        self._metrics.took(time.monotonic() - started)
        if outcome.lost:
            raise Problem(503, "not_kept", self._presenter.fixed(fallback.NOT_PASSED_ON))
        return web.json_response({"id": incoming.message_id}, status=202)

    async def _incoming(self, conversation: Conversation, data: dict[str, Any], text: str) -> Incoming:
        if data.get("choice") is None:
            if not text:
                raise Problem(400, "malformed", "Write something first.")
            return Incoming(data["id"], text, conversation.id)
        choice = data["choice"]
        tokens = choice if isinstance(choice, list) else [choice]
        try:
            if not 0 < len(tokens) <= MOST_CHOICES:
                raise Refused("no choice")
            pairs = [self._tokens.read_choice(conversation.id, each) for each in tokens]
        except Refused as error:
            raise Problem(403, "foreign_choice", self._presenter.fixed(fallback.STALE_CHOICE)) from error
        question, options = pairs[0][0], [option for _, option in pairs]
        button = (
            question.startswith("buttons:") or (self._protocol is None) or self._protocol.question_for(question) is None
        )
        words = self._title(conversation, tokens[0]) if button else shape.answer(self._protocol, question, options)
        if words is None or any(each != question for each, _ in pairs):
            raise Problem(400, "malformed", self._presenter.fixed(fallback.STALE_CHOICE))
        words = "\n".join(filter(None, [words, text]))
        await self._queue.restore(conversation)
        if data["id"] not in conversation.known and question != conversation.question:
            await self._refuse(conversation, words, 409, "stale_choice", fallback.STALE_CHOICE, asked=question)
        if button:
            return Incoming(data["id"], words, conversation.id, payload=options[0])
        return Incoming(data["id"], words, conversation.id, asked=question)

    def _title(self, conversation: Conversation, token: str) -> str | None:
        """What stood on a button that Rasa offered."""
        offered = [option for each in conversation.messages for option in (each.choices or {}).get("options", ())]
        return next((option["text"] for option in offered if option.get("token") == token), None)

    async def _refuse(
        self,
        conversation: Conversation,
        text: str,
        status: int,
        code: str,
        words: str,
        incoming: Incoming | None = None,
        asked: str | None = None,
    ) -> None:
        """Refuse a message; but when it holds a new red flag, take it: the advice goes out and staff are told."""
        self._metrics.count("refused", code)
        flagged = clean(text)[:LARGEST_BODY]
        if await self._queue.scan(conversation, flagged, asked):
            kept = incoming or Incoming(f"{code}-{new_id()}", flagged, conversation.id, asked=asked, for_rasa=False)
            await asyncio.shield(self._queue.receive(conversation, kept))
        raise Problem(status, code, self._presenter.fixed(words))

    def _conversation(self, request: web.Request) -> Conversation:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        origin = self._door.origin(request, required=False)
        try:
            session = self._tokens.verify(token if scheme.lower() == "bearer" else "", origin)
        except Refused as error:
            self._metrics.count("refused", "token")
            raise Problem(
                401, "session_over", "This chat has ended. Please start a new one. Emergency? Call 911."
            ) from error
        return self._registry.get(session.conversation, "web")


async def _read(request: web.Request) -> bytes:
    """The body, at most as much as is looked through."""
    raw = bytearray()
    while len(raw) < LARGEST_READ:
        chunk = await request.content.read(LARGEST_READ - len(raw))
        if not chunk:
            break
        raw += chunk
    return bytes(raw)


def _parse(raw: bytes) -> tuple[dict[str, Any] | None, str]:
    """The request as a mapping, and its cleaned text."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(data, dict):
        return None, ""
    text = data.get("text")
    return data, clean(text) if isinstance(text, str) else ""
