"""From the web to the phone: `POST /chat/continue` gives a one-time code, which the patient texts to the clinic.

The patient's own text proves the phone, consents to texts and names the number, so that no number is typed into a page,
stands in an address or is texted unasked. Codes are short-lived, used once, and kept as a hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from aiohttp import web

from intake.gateway import log
from intake.gateway.door import Door, Problem
from intake.gateway.keeper import Keeper
from intake.gateway.limits import Buckets
from intake.gateway.metrics import Metrics
from intake.gateway.present import Presenter
from intake.gateway.queue import Queue
from intake.gateway.tokens import Refused, Tokens
from intake.store import Store, conversations, hand_overs

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"  # without the pairs that look alike: 0 O, 1 I, 5 S
LENGTH = 8  # 39 bits: a phone may try five in an hour
VALID = timedelta(minutes=15)
CODE = re.compile(rf"\s*(?:go|ir)[\s:]+([{ALPHABET}]{{4}})[\s-]?([{ALPHABET}]{{4}})\W*", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """The code of a text such as "GO K7QM-4XPT"; every code holds a digit, so that "go numbness" is none."""
    match = CODE.fullmatch(text)
    code = "".join(match.groups()).upper() if match else ""
    return code if any(each.isdigit() for each in code) else None


class HandOver:
    """Makes codes for browsers and takes them from phones.

    Args:
        number: the clinic's number that patients text to; None when there is no texting.
    """

    def __init__(
        self, queue: Queue, keeper: Keeper, tokens: Tokens, door: Door, presenter: Presenter, secret: str,
        metrics: Metrics, number: str | None,
    ) -> None:  # fmt: skip
        self._queue, self._keeper, self._tokens, self._door, self._presenter = queue, keeper, tokens, door, presenter
        self._secret, self._metrics, self._number = secret, metrics, number
        self._asking = Buckets(burst=5, per_second=1 / 120)
        self._trying = Buckets(burst=5, per_second=1 / 720)

    def routes(self) -> list[web.RouteDef]:
        """One route for browsers; the code itself comes in as a text."""
        return [web.post("/chat/continue", self.offer)]

    async def offer(self, request: web.Request) -> web.Response:
        """A code for the conversation of the session: `{code, number, text, expires_in}`."""
        conversation = self._conversation(request)
        if self._number is None:
            raise Problem(404, "no_texting", self._presenter.fixed("This clinic has no texting. Please go on here."))
        if not self._asking.take(conversation):
            raise Problem(429, "too_many_codes", "Please wait a few minutes before you ask for another code.")
        code, now = _new_code(), self._queue.now()

        def write(store: Store) -> None:
            with store.transaction() as session:
                conversations.start(session, "web", now, id=conversation)
                hand_overs.offer(session, conversation, self._hash(code), now + VALID, now)

        try:
            await self._keeper.read(write)
        except Exception as error:  # noqa: BLE001 - the chat itself goes on
            log.failure("code.not_kept", error, conversation=log.short(conversation))
            text = self._presenter.fixed("We cannot make a code right now. Please go on here, or call {phone}.")
            raise Problem(503, "not_kept", text) from error
        log.event("code.made", conversation=log.short(conversation))
        return web.json_response({
            "code": f"{code[:4]}-{code[4:]}", "number": self._number, "text": f"GO {code}",
            "expires_in": int(VALID.total_seconds()),
        })  # fmt: skip

    async def take(self, code: str, address: dict[str, str]) -> str | None:
        """The conversation that a code from a phone opens, from now on the phone's; None when it opens none."""
        if not self._trying.take(address["hmac"]):
            self._metrics.count("refused", "code")
            return None
        now = self._queue.now()

        def write(store: Store) -> str | None:
            with store.transaction() as session:
                return hand_overs.take(session, self._hash(code), address["hmac"], address["sealed"], now)

        found: str | None = await self._keeper.read(write)
        if found is None:
            self._metrics.count("refused", "code")
        return found

    def _hash(self, code: str) -> str:
        return hmac.new(self._secret.encode(), b"hand-over:" + code.encode(), hashlib.sha256).hexdigest()

    def _conversation(self, request: web.Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        origin = self._door.origin(request, required=True)
        try:
            return self._tokens.verify(token if scheme.lower() == "bearer" else "", origin).conversation
        except Refused as error:
            self._metrics.count("refused", "token")
            text = "This chat has ended. Please start a new one. Emergency? Call 911."
            raise Problem(401, "session_over", text) from error


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if any(each.isdigit() for each in code) and not code.isdigit():
            return code
