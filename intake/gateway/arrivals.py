"""Texts that were acknowledged before they were safe: on disk, sealed, until the next start takes them once more.

A provider must not wait for a slow store, and does not send again what was acknowledged. Without this a text is lost
when the process is killed in between. Taking one twice is harmless: its id is known then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from intake.gateway.providers import Inbound
from intake.store import privacy
from intake.store.spool import Spool

TAKE_UP = timedelta(hours=24)  # an older one has been taken, or its moment is over


class Arrivals:
    """A folder of such texts. Its methods block; call them in a thread."""

    def __init__(self, spool: Spool, secret: str) -> None:
        self._spool, self._secret = spool, secret

    def keep(self, provider: str, inbound: Inbound, now: datetime) -> None:
        """Keep one text; when this returns it survives a crash. Raises OSError when it cannot."""
        sealed = privacy.seal(self._secret, json.dumps(asdict(inbound)))
        self._spool.append({"provider": provider, "at": now.isoformat(), "inbound": sealed})

    def take_up(self, take: Callable[[str, Inbound], None], now: datetime) -> int:
        """Give every text to `take`, which returns once it is safe, and forget them; how many there were."""

        def apply(entry: dict[str, str]) -> None:
            if now - datetime.fromisoformat(entry["at"]) < TAKE_UP:
                take(entry["provider"], Inbound(**json.loads(privacy.unseal(self._secret, entry["inbound"]))))

        return self._spool.replay(apply)
