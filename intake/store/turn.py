"""One at a time: of several processes on one database one works, and the others stand by until it ends.

A turn ends with its process, whatever kills it: it hangs on a locked file beside an SQLite database, or on a connection
to PostgreSQL.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from intake.store.database import CONNECT_SECONDS

KEYS = {"gateway": 7_283_105_412}  # any fixed numbers


class Turn:
    """The turn of one kind of process."""

    def __init__(self, url: str, name: str) -> None:
        self._url, self._name = url, name
        self._held: Any = None  # what the lock hangs on; closed, it is free

    def take(self) -> bool:
        """Whether it is ours now; raises an SQLAlchemy error or OSError when nobody can tell."""
        if make_url(self._url).get_backend_name() == "sqlite":
            return self._take_file()
        engine = create_engine(self._url, future=True, connect_args={"connect_timeout": CONNECT_SECONDS})
        connection = engine.connect()
        if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEYS[self._name]}).scalar():
            connection.commit()  # the lock belongs to the connection, not to a transaction
            self._held = connection
            return True
        connection.close()
        engine.dispose()
        return False

    def _take_file(self) -> bool:
        path = Path(make_url(self._url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_name(f"{path.name}.{self._name}").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._held = file
        return True

    def give_up(self) -> None:
        """Let the next one work."""
        if self._held is not None:
            if hasattr(self._held, "invalidate"):
                self._held.invalidate()  # close for good: a pooled connection would keep the lock
            self._held.close()
            self._held = None
