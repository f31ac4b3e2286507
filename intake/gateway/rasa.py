"""Talks to Rasa's REST channel on loopback, and pairs each text with the custom payload that Rasa sends after it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from intake.protocol.model import Disposition

DEADLINE = 8.0  # seconds until the patient is told that we cannot answer now
PATIENCE = (
    90.0  # seconds until a request is given up: Rasa may still be at it, and asking again would make a second turn
)
LARGEST_ANSWER = 256 * 1024  # bytes
REST = "/webhooks/rest/webhook"
NUMBERED = re.compile(r"^(\d) (.+)$", re.MULTILINE)  # a list of offers in a text: "1 Mon Nov 30, 9:00"


class Silent(Exception):
    """Rasa gave no usable answer; `kind` is dead, hung, error or empty."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Reply:
    """One message of the assistant."""

    text: str = field(repr=False)
    asked: str | None = None  # question id or slot that it asks
    disposition: Disposition | None = None
    buttons: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # title, payload
    offers: bool = False  # the buttons are free times for a visit


class Rasa:
    """The dialogue engine behind the gateway. It is expected to fail, and every failure is a `Silent`."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._url = url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=patience, connect=3)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Prepare for requests; needs a running event loop."""
        self._session = aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """End all requests."""
        if self._session:
            await self._session.close()

    async def turn(self, conversation: str, text: str, channel: str, message_id: str) -> list[Reply]:
        """Give Rasa one message and return what it answers; raises `Silent`, also when it answers nothing.

        `text` must have gone through `text.no_payload` unless the server itself made it.
        """
        body = {
            "sender": conversation,
            "message": text,
            "input_channel": channel,
            "metadata": {"channel": channel, "message_id": message_id},
        }
        try:
            assert self._session
            async with self._session.post(self._url + REST, json=body, timeout=self._timeout) as response:
                if response.status != 200:
                    raise Silent("error")
                raw = await response.content.read(LARGEST_ANSWER)
                replies = pair(_json(raw))
        except Silent:
            raise
        except asyncio.TimeoutError as error:
            raise Silent("hung") from error
        except aiohttp.ClientError as error:
            raise Silent("dead") from error
        except Exception as error:  # noqa: BLE001 - whatever it sends, the patient must get an answer
            raise Silent("error") from error
        if not replies:
            raise Silent("empty")
        return replies

    async def ready(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            assert self._session
            async with self._session.get(self._url + "/", timeout=aiohttp.ClientTimeout(total=1)) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False


def pair(messages: Iterable[Any]) -> list[Reply]:
    """The replies in Rasa's list.

    Rasa cuts a text at blank lines into several entries and sends the custom payload as an entry after them. So the
    texts before a custom payload are one message; texts without one stay separate.
    """
    replies: list[Reply] = []
    open_texts: list[Reply] = []
    for message in messages:
        if not isinstance(message, dict):
            continue
        text, custom = message.get("text"), message.get("custom")
        if isinstance(text, str) and text.strip():
            open_texts.append(Reply(text.strip(), buttons=_buttons(message.get("buttons"))))
        if isinstance(custom, dict) and open_texts:
            joined = "\n\n".join(each.text for each in open_texts)
            buttons = tuple(button for each in open_texts for button in each.buttons)
            offers = bool(custom.get("offers"))
            if offers and not buttons:
                buttons = tuple((title, number) for number, title in NUMBERED.findall(joined))
            asked, level = _string(custom.get("asked")), _level(custom.get("disposition"))
            replies.append(Reply(joined, asked, level, buttons, offers))
            open_texts = []
    return replies + open_texts


def _json(raw: bytes) -> list[Any]:
    data = json.loads(raw)
    return data if isinstance(data, list) else []


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _level(value: Any) -> Disposition | None:
    try:
        return Disposition(value) if value else None
    except ValueError:
        return None


def _buttons(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    buttons = [(each.get("title"), each.get("payload")) for each in value if isinstance(each, dict)]
    return tuple(
        (title, payload if isinstance(payload, str) else title) for title, payload in buttons if isinstance(title, str)
    )
