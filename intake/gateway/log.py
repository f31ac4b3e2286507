"""Log lines of event names and ids; never a patient's words, never an exception's message (it may quote them)."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import Any

_log = logging.getLogger("intake.gateway")


def event(name: str, level: int = logging.INFO, **fields: str | int | float | bool | None) -> None:
    """Log an event: a name and short fields. Conversations appear as `short(id)`, never with their id."""
    _log.log(level, "%s %s", name, " ".join(f"{key}={value}" for key, value in fields.items() if value is not None))


def failure(name: str, error: BaseException, **fields: str | int | float | bool | None) -> None:
    """Log that something failed, by the type of the error and where it came up."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{place.tb_lineno}" if place else None
    event(name, logging.WARNING, error=type(error).__name__, at=where, **fields)


def short(conversation: str) -> str:
    """A conversation's name in the log: a hash, so that a log line opens nothing."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:10]


def quiet_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Make the event loop report lost exceptions by type: its own report prints their message."""

    def report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        failure("task.failed", error) if error else event("loop.problem", logging.WARNING)

    loop.set_exception_handler(report)


def set_up() -> None:
    """Log to standard error; the web server's access log stays off (addresses of SMS webhooks hold texts)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for noisy in ("aiohttp", "asyncio", "sqlalchemy", "alembic"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
