"""What the environment decides: mode, secrets, addresses and ports. The only module that reads it.

Outside demo mode a missing or guessable secret stops the start with one line that says what to set (source:
the reliability notes C4, "startup fails if default/short").
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MODES = ("demo", "production")
SECRET_LENGTH = 32  # characters; what `python -c "import secrets; print(secrets.token_urlsafe(32))"` exceeds
PASSWORD_LENGTH = 12  # characters
GUESSED_FIRST = ("password", "passwort", "changeme", "change-me", "secret", "letmein", "qwerty", "123456", "demo",
                 "admin")
DEMO_PASSWORD = "demo"  # only on loopback, only with invented patients


class SettingsError(Exception):
    """The environment is not good enough to start; the message is one line with the fix."""


@dataclass(frozen=True)
class Settings:
    """Settings of all processes. Secrets are kept out of `repr`, so that no log line can show them."""

    mode: str  # demo | production
    secret: str = field(repr=False)  # signs tokens and cookies, makes pseudonyms
    desk_password: str = field(repr=False)
    database_url: str = field(repr=False)  # may hold a password
    rasa_url: str
    gateway_port: int
    desk_port: int
    desk_url: str  # how staff reach the desk; pages to people on call link to it
    pager_url: str | None = field(repr=False)  # where pages are posted; None = the file var/pages.log (demo only)
    var: Path  # spool, pages.log, the default database

    @property
    def demo(self) -> bool:
        """Whether every page must say DEMO."""
        return self.mode == "demo"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check the environment; raise `SettingsError` when a value is missing, weak or malformed."""
        env = os.environ if environ is None else environ
        mode = env.get("INTAKE_MODE") or "production"
        if mode not in MODES:
            raise SettingsError(f"INTAKE_MODE is {mode!r}: set it to one of {', '.join(MODES)}.")
        desk_port = _port(env, "DESK_PORT", 8081)
        settings = cls(
            mode=mode,
            secret=env.get("INTAKE_SECRET") or (secrets.token_urlsafe(SECRET_LENGTH) if mode == "demo" else ""),
            desk_password=env.get("DESK_PASSWORD") or (DEMO_PASSWORD if mode == "demo" else ""),
            database_url=env.get("DATABASE_URL") or "sqlite:///var/intake.db",
            rasa_url=(env.get("RASA_URL") or f"http://127.0.0.1:{_port(env, 'RASA_PORT', 5005)}").rstrip("/"),
            gateway_port=_port(env, "GATEWAY_PORT", 8080),
            desk_port=desk_port,
            desk_url=(env.get("DESK_URL") or f"http://127.0.0.1:{desk_port}").rstrip("/"),
            pager_url=env.get("PAGER_URL") or None,
            var=Path(env.get("INTAKE_VAR") or "var"),
        )
        if mode != "demo":
            _refuse_weak("INTAKE_SECRET", settings.secret, SECRET_LENGTH)
            _refuse_weak("DESK_PASSWORD", settings.desk_password, PASSWORD_LENGTH)
            if settings.secret == settings.desk_password:
                raise SettingsError("DESK_PASSWORD is the same as INTAKE_SECRET: give each its own value.")
        return settings


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(f"{name} is {text!r}: set it to a port number between 1 and 65535.")
    return int(text)


def _refuse_weak(name: str, value: str, length: int) -> None:
    """Stop on a secret that is missing, short, repetitive or one of the first that anybody would try."""
    command = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
    fix = f"Set {name} to {length} or more random characters, for example from: {command}"
    if not value:
        raise SettingsError(f"{name} is missing. {fix}")
    if len(value) < length:
        raise SettingsError(f"{name} is too short. {fix}")
    if len(set(value)) < 8 or any(word in value.lower() for word in GUESSED_FIRST):
        raise SettingsError(f"{name} is easy to guess. {fix}")
