"""Twilio: form posts signed with HMAC-SHA1 over the public address and the fields, replies over its REST API."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
from aiohttp import web

from intake.gateway.providers import Inbound, NotSent, Report, State, Trouble, Unsigned

# Twilio's error codes, from its REST answers and its status callbacks alike; 30003 is a phone that is switched off.
TROUBLE: dict[int, Trouble] = {
    20429: "retry", 30001: "retry", 30003: "retry", 30008: "retry", 21610: "opted_out", 21211: "unreachable",
    21612: "unreachable", 21614: "unreachable", 30004: "unreachable", 30005: "unreachable", 30006: "landline",
    30007: "filtered", 30034: "unregistered",
}  # fmt: skip
STATES: dict[str, State] = {
    "sent": "sent", "delivered": "delivered", "read": "delivered", "undelivered": "undelivered", "failed": "failed",
    "canceled": "failed",
}  # fmt: skip
SECONDS = 10.0


class Twilio:
    """One Twilio account.

    Args:
        public_url: under which Twilio reaches us. Signatures cover it; what a request says of its host is not used.
        sender: our number in E.164, or the id of a messaging service (MG...).
    """

    name = "twilio"
    methods: tuple[str, ...] = ("POST",)

    def __init__(
        self, account: str, token: str, sender: str, public_url: str, api: str = "https://api.twilio.com"
    ) -> None:
        self._account, self._token, self._sender = account, token, sender
        self._public_url, self._api = public_url, api

    def read(self, request: web.Request, body: bytes) -> Inbound | None:
        """Check the signature, then read the message."""
        values = self._signed(request, body)
        if not values.get("MessageSid") or not values.get("From"):
            return None
        media = int(values["NumMedia"]) if values.get("NumMedia", "").isdigit() else 0
        return Inbound(
            values["MessageSid"], values["From"], values.get("Body", ""), media, values.get("OptOutType") or None
        )

    def read_report(self, request: web.Request, body: bytes) -> Report | None:
        """Check the signature, which covers our reference in the address, then read what became of the text."""
        values = self._signed(request, body)
        state, reference = STATES.get(values.get("MessageStatus", "")), request.query.get("ref")
        if state is None or not reference:
            return None
        code = values.get("ErrorCode", "")
        trouble = TROUBLE.get(int(code) if code.isascii() and code.isdigit() else 0, "refused")
        return Report(reference, state, None if state in ("sent", "delivered") else trouble, code or None)

    def _signed(self, request: web.Request, body: bytes) -> dict[str, str]:
        """The fields of a form that Twilio has signed: over the raw body, since blank fields are signed too."""
        try:
            fields = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=500)
        except ValueError as error:
            raise Unsigned from error
        given = request.headers.get("X-Twilio-Signature", "")
        if not any(
            hmac.compare_digest(each.encode(), given.encode()) for each in self.signatures(request.path_qs, fields)
        ):
            raise Unsigned
        return dict(fields)

    def signatures(self, path: str, fields: Iterable[tuple[str, str]]) -> list[str]:
        """The signatures that are right for an address: Twilio signs it with or without the standard port."""
        signed = "".join(f"{name}{value}" for name, value in sorted(set(fields)))
        parts = urlsplit(self._public_url)
        host = parts.hostname or ""
        ports = [parts.port] if parts.port else [None, 443 if parts.scheme == "https" else 80]
        hosts = [f"{host}:{port}" if port else host for port in [*ports, *([None] if parts.port else [])]]
        urls = [f"{parts.scheme}://{each}{path}" for each in hosts]
        return [_mac(self._token, url + signed) for url in urls]

    def acknowledge(self) -> web.Response:
        """An empty answer: replies go over the REST API."""
        return web.Response(text="<Response/>", content_type="text/xml")

    async def send(self, session: aiohttp.ClientSession, to: str, text: str, reference: str) -> None:
        """Hand over one text; raises `NotSent`."""
        kind = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        url = f"{self._api}/2010-04-01/Accounts/{self._account}/Messages.json"
        try:
            callback = f"{self._public_url}/sms/{self.name}/status?{urlencode({'ref': reference})}"
            fields = {"To": to, kind: self._sender, "Body": text, "StatusCallback": callback}
            headers = {"Authorization": aiohttp.encode_basic_auth(self._account, self._token)}
            timeout = aiohttp.ClientTimeout(total=SECONDS)
            async with session.post(url, data=fields, headers=headers, timeout=timeout) as response:
                if response.status < 300:
                    return
                raise NotSent(*_trouble(response.status, await response.content.read(4096)))
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise NotSent("retry", type(error).__name__) from error


def _trouble(status: int, body: bytes) -> tuple[Trouble, str]:
    try:
        code = int(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        code = 0
    default: Trouble = "retry" if status == 429 or status >= 500 else "refused"
    return TROUBLE.get(code, default), str(code or status)


def _mac(token: str, text: str) -> str:
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
