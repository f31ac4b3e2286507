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

from intake.gateway.providers import Inbound, NotSent, Report, State, Unsigned
from intake.gateway.segments import segments

SECONDS = 10.0
ALL_REPORTS = "31"  # dlr-mask
# Types of delivery reports: 1 on the phone, 2 not deliverable, 4 and 8 on the way, 16 refused by the network.
STATES: dict[str, State] = {"1": "delivered", "2": "undelivered", "4": "sent", "8": "sent", "16": "failed"}


class Kannel:
    """One Kannel.

    Args:
        secret: the `key` in the addresses that Kannel calls: letters, digits, - and _, as it stands in them unescaped.
        url: its sendsms service.
        here: our own address, as Kannel on this machine reaches it with delivery reports.
    """

    name = "kannel"
    methods: tuple[str, ...] = ("GET", "POST")

    def __init__(self, secret: str, url: str, user: str, password: str, sender: str, here: str) -> None:
        self._secret, self._url, self._here = secret, url, here
        self._login = {"username": user, "password": password, "from": sender}

    def read(self, request: web.Request, body: bytes) -> Inbound | None:
        """Read a message in the alphabet that it names."""
        values = self._trusted(request, body)
        if not values.get("id") or not values.get("from"):
            return None
        number = values["from"].strip()  # "+" arrives as a space where it was not escaped
        return Inbound(values["id"], number if number.startswith("+") else f"+{number}", _text(values))

    def read_report(self, request: web.Request, body: bytes) -> Report | None:
        """Read a delivery report."""
        values = self._trusted(request, body)
        kind, reference = values.get("type", ""), values.get("ref")
        state = STATES.get(kind)
        if state is None or not reference:
            return None
        return Report(reference, state, None if state in ("sent", "delivered") else "unreachable", f"dlr{kind}")

    def _trusted(self, request: web.Request, body: bytes) -> dict[str, str]:
        """The fields of a request that comes from this machine and knows the key; raises `Unsigned`."""
        raw = (request.rel_url.raw_query_string.encode() + b"&" + body).decode("latin-1")
        try:
            values = dict(parse_qsl(raw, keep_blank_values=True, encoding="latin-1", max_num_fields=50))
        except ValueError as error:
            raise Unsigned from error
        key = values.get("key", "").encode("latin-1")
        if not _is_loopback(request.remote) or not hmac.compare_digest(key, self._secret.encode()):
            raise Unsigned
        return values

    def acknowledge(self) -> web.Response:
        """An empty answer: with `max-messages = 0` Kannel sends none of it."""
        return web.Response(text="")

    async def send(self, session: aiohttp.ClientSession, to: str, text: str, reference: str) -> None:
        """Hand over one text; raises `NotSent`. Without `coding=2` Kannel turns characters outside GSM-7 into `?`."""
        report = f"{self._here}/sms/{self.name}/status?key={self._secret}&ref={reference}&type=%d"
        query = {
            **self._login, "to": to, "text": text, "charset": "UTF-8", "dlr-mask": ALL_REPORTS, "dlr-url": report,
        }  # fmt: skip
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
