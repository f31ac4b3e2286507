"""The web chat's socket: messages to the patient as they come, missed ones first, and what other tabs have sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from intake.gateway.door import Door, Problem, number
from intake.gateway.limits import LARGEST_BODY
from intake.gateway.present import Presenter
from intake.gateway.queue import Queue
from intake.gateway.state import Message, Registry, Sent
from intake.gateway.tasks import end
from intake.gateway.tokens import Refused, Tokens

PING_SECONDS = 25.0  # keeps the socket open through proxies, and the session alive while the page is open
HELLO_SECONDS = (
    10.0  # for the first message of a socket, which carries the token (never the address: addresses get logged)
)
REFUSED = 4401  # close code: get a new session
News = dict[str, Any]
LEFT = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Socket:
    """`WS /chat/socket`. The browser's first message is `{token, after}`; from then on it only listens.

    With `echo: true` it also hears `{sent: {id, text, after}}` for each message of the patient's own, so that a second
    tab shows the same.
    """

    def __init__(self, queue: Queue, registry: Registry, tokens: Tokens, presenter: Presenter, door: Door) -> None:
        self._queue, self._registry, self._tokens = queue, registry, tokens
        self._presenter, self._door = presenter, door
        self._open: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        """The route of the contract."""
        return [web.get("/chat/socket", self.socket)]

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one browser until it leaves or its session ends."""
        origin = self._door.origin(request, required=True)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS, max_msg_size=LARGEST_BODY)
        await socket.prepare(request)
        try:
            hello = await asyncio.wait_for(socket.receive_json(), HELLO_SECONDS)
            session = self._tokens.verify(hello["token"], origin)
            after, echoes = number(str(hello.get("after", 0))), bool(hello.get("echo"))
        except (Refused, Problem, asyncio.TimeoutError, ValueError, TypeError, KeyError, AttributeError):
            await socket.close(code=REFUSED)
            return socket
        conversation = self._registry.get(session.conversation, "web")
        await self._queue.restore(conversation)
        waiting: asyncio.Queue[News] = asyncio.Queue()

        def said(message: Message) -> None:
            waiting.put_nowait(self._presenter.for_browser(message))

        def echo(sent: Sent) -> None:
            waiting.put_nowait({"sent": sent.as_json()})

        if echoes:
            for sent in conversation.sent:
                if sent.after >= after:
                    echo(sent)
            conversation.echoes.add(echo)
        for message in conversation.messages:
            if message.seq > after:
                said(message)
        conversation.listeners.add(said)
        self._open.add(socket)
        try:
            await _serve(socket, waiting, lambda: self._tokens.verify(hello["token"], origin))
        finally:
            conversation.listeners.discard(said)
            conversation.echoes.discard(echo)
            self._open.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all sockets; browsers come back by themselves."""
        for socket in list(self._open):
            await socket.close(code=1012)


async def _serve(socket: web.WebSocketResponse, waiting: asyncio.Queue[News], verify: Callable[[], object]) -> None:
    sender = asyncio.create_task(_send(socket, waiting, verify))
    receiver = asyncio.create_task(_receive(socket))
    try:
        await asyncio.wait({sender, receiver}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end((sender, receiver))
        results = await asyncio.gather(sender, receiver, return_exceptions=True)
        await socket.close(code=REFUSED if any(isinstance(each, Refused) for each in results) else 1000)


async def _send(socket: web.WebSocketResponse, waiting: asyncio.Queue[News], verify: Callable[[], object]) -> None:
    while True:
        try:
            news = await asyncio.wait_for(waiting.get(), PING_SECONDS)
        except asyncio.TimeoutError:
            verify()
            continue
        await socket.send_json(news)


async def _receive(socket: web.WebSocketResponse) -> None:
    """Until the browser leaves; whatever else it says is not listened to."""
    while (await socket.receive()).type not in LEFT:
        continue
