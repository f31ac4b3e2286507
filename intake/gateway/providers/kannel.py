"""Kannel, an SMS gateway of one's own. It cannot sign, so it must come over loopback with a shared secret.

get-url = "http://127.0.0.1:8080/sms/kannel?key=SECRET&from=%p&to=%P&text=%b&charset=%C&id=%I"
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from intake.gateway.providers import Inbound, NotSent, Unsigned
from intake.gateway.segments import segments

SECONDS = 10.0


class Kannel:
    """One Kannel.

    Args:
        secret: the `key` in the address that Kannel calls.
        url: its sendsms service.
    """

    name = "kannel"
    methods: tuple[str, ...] = ("GET", "POST")

    def __init__(self, secret: str, url: str, user: str, password: str, sender: str) -> None:
        self._secret, self._url = secret, url
        self._login = {"username": user, "password": password, "from": sender}

    def read(self, request: web.Request, body: bytes) -> Inbound | None:
        """Check where the request comes from and its key, then read the message in the alphabet that it names."""
        raw = (request.rel_url.raw_query_string.encode() + b"&" + body).decode("latin-1")
        try:
            values = dict(parse_qsl(raw, keep_blank_values=True, encoding="latin-1", max_num_fields=50))
        except ValueError as error:
            raise Unsigned from error
        key = values.get("key", "").encode("latin-1")
        if not _is_loopback(request.remote) or not hmac.compare_digest(key, self._secret.encode()):
            raise Unsigned
        if not values.get("id") or not values.get("from"):
            return None
        number = values["from"].strip()  # "+" arrives as a space where it was not escaped
        return Inbound(values["id"], number if number.startswith("+") else f"+{number}", _text(values))

    def acknowledge(self) -> web.Response:
        """An empty answer: with `max-messages = 0` Kannel sends none of it."""
        return web.Response(text="")

    async def send(self, session: aiohttp.ClientSession, to: str, text: str) -> None:
        """Hand over one text; raises `NotSent`. Without `coding=2` Kannel turns characters outside GSM-7 into `?`."""
        query = {**self._login, "to": to, "text": text, "charset": "UTF-8"}
        if segments(text).alphabet == "ucs2":
            query["coding"] = "2"
        try:
            async with session.get(self._url, params=query, timeout=aiohttp.ClientTimeout(total=SECONDS)) as response:
                if response.status in (200, 202):
                    return
                raise NotSent(
                    "retry" if response.status >= 500 or response.status == 429 else "refused", str(response.status)
                )
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise NotSent("retry", type(error).__name__) from error


def _text(values: dict[str, str]) -> str:
    raw, charset = values.get("text", "").encode("latin-1"), values.get("charset") or "UTF-8"
    try:
        return raw.decode(charset)
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
