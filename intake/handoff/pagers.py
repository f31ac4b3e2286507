"""Ways to reach a person on call. None of them carries health data (`render.pager_text`)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

WEBHOOK_SECONDS = 5.0  # a pager that takes longer counts as failed and is tried again


@dataclass(frozen=True)
class Page:
    """One message to one person on call."""

    key: str  # the same key may come twice after a crash: the receiver drops the second
    name: str
    phone: str
    email: str | None
    text: str
    at: datetime


class Pager(Protocol):
    """Sends a page; any exception means that it did not go out and is tried again."""

    def send(self, page: Page) -> None:
        """Hand the page over; returns once the receiver has taken it."""


class FilePager:
    """Writes pages to a file: the demo's pager, `var/pages.log`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def send(self, page: Page) -> None:
        """Append one line."""
        line = f"{page.at.isoformat(timespec='seconds')} {page.key} to {page.name} {page.phone}: {page.text}\n"
        with os.fdopen(os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
            file.write(line)


class WebhookPager:
    """Posts pages as JSON, signed: `X-Signature: t=<unix time>,v1=<HMAC-SHA256 of "t.body">`."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self._secret = url, secret

    def send(self, page: Page) -> None:
        """Post; a status other than 2xx raises."""
        body = json.dumps({
            "key": page.key, "name": page.name, "phone": page.phone, "email": page.email, "text": page.text,
            "at": page.at.isoformat(),
        }).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(self._secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.url, body, {
            "Content-Type": "application/json", "Idempotency-Key": page.key, "X-Signature": f"t={stamp},v1={signature}",
        })
        with urllib.request.urlopen(request, timeout=WEBHOOK_SECONDS):
            pass
