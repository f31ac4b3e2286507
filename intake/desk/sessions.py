"""Who is signed in at the desk: a signed cookie, a token against forged posts, a brake on guessing the password."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from intake.store.types import utc_now

# No shorter idle limit: a list of emergencies that signs itself out in the middle of a shift is the greater danger.
LENGTH = timedelta(hours=12)
NAME_LENGTH = 60  # characters
TRIES, TRIES_WITHIN = 5, timedelta(minutes=1)  # wrong passwords from one address before it has to wait


@dataclass(frozen=True)
class Session:
    """One signed-in person."""

    name: str
    csrf: str  # must come back with every post
    token: str  # the cookie's value


class Sessions:
    """Makes and checks cookies; all state is in the cookie, except which ones were signed out."""

    def __init__(self, secret: str, clock: Callable[[], datetime] = utc_now) -> None:
        self._key = hashlib.sha256(b"desk session:" + secret.encode()).digest()
        self._clock = clock
        self._signed_out: dict[str, datetime] = {}

    def start(self, name: str) -> Session:
        """Sign somebody in."""
        payload = {"name": name, "at": self._clock().timestamp(), "nonce": secrets.token_hex(8)}
        body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode()
        token = f"{body}.{self._mac('cookie', body)}"
        return Session(name, self._mac("csrf", token), token)

    def check(self, token: str | None) -> Session | None:
        """The session of a cookie; None when it is missing, forged, too old or signed out."""
        body, _, signature = (token or "").rpartition(".")
        if not body or not hmac.compare_digest(signature.encode(), self._mac("cookie", body).encode()):
            return None
        payload = json.loads(base64.urlsafe_b64decode(body))
        began = datetime.fromtimestamp(payload["at"], timezone.utc)
        if self._clock() - began > LENGTH or token in self._signed_out:
            return None
        return Session(payload["name"], self._mac("csrf", token or ""), token or "")

    def end(self, session: Session) -> None:
        """Sign somebody out; the cookie is refused from now on."""
        now = self._clock()
        self._signed_out = {token: at for token, at in self._signed_out.items() if now - at < LENGTH}
        self._signed_out[session.token] = now

    def _mac(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


class Brake:
    """Refuses more than a few wrong passwords a minute from one address."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._wrong: dict[str, list[datetime]] = {}

    def blocked(self, address: str) -> bool:
        """Whether this address has to wait."""
        since = self._clock() - TRIES_WITHIN
        self._wrong = {key: recent for key, all in self._wrong.items() if (recent := [at for at in all if at > since])}
        return len(self._wrong.get(address, ())) >= TRIES

    def wrong(self, address: str) -> None:
        """Count a wrong password."""
        self._wrong.setdefault(address, []).append(self._clock())


def same(given: str, right: str) -> bool:
    """Compare passwords in constant time."""
    return hmac.compare_digest(given.encode(), right.encode())
