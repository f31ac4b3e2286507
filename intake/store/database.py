"""Opens the database, brings its tables up to date and hands out transactions."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_SECONDS = 10.0  # how long SQLite waits for another writer
CONNECT_SECONDS = 5  # how long PostgreSQL may take to accept a connection
STATEMENT_SECONDS = 15  # longest statement or wait for a lock on PostgreSQL
UPGRADE_LOCK = 7_283_105_411  # any fixed number: processes that start together upgrade one after the other

logging.getLogger("alembic").setLevel(logging.WARNING)  # its progress at every start is of no use to anybody


class Store:
    """One database. Safe to use from several threads; each transaction has its own session."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = sessionmaker(engine, future=True, expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(read_only=True), future=True, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back when the block raises.

        On SQLite it takes the write lock at once, so that what is read first cannot change before the write.
        """
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only: on SQLite it neither waits for writers nor holds them up."""
        with self._reading.begin() as session:
            yield session

    def ping(self) -> None:
        """Raise an SQLAlchemy error when the database does not answer."""
        with self.reading() as session:
            session.execute(text("SELECT 1 FROM conversations LIMIT 1"))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at an SQLAlchemy URL, create or upgrade its tables, give back the store.

    Several processes may call this at the same moment.
    """
    engine = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return Store(engine)


def _sqlite(url: str) -> Engine:
    """SQLite with WAL (readers and one writer at a time), foreign keys, and commits that survive a power cut."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("an SQLite database needs a file: its transactions come from several connections")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,  # closing the last connection checkpoints, and Python lets no other thread run meanwhile
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; the driver's own way breaks savepoints
        for pragma in ("foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    _switch_to_wal(path)
    return engine


def _switch_to_wal(path: str) -> None:
    """Make the file use WAL; it keeps that. SQLite does not wait for other processes here, so we do."""
    Path(path).touch(mode=0o600)
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


def _postgresql(url: str) -> Engine:
    """PostgreSQL with short waits: a message that cannot be stored must reach the spool while the patient waits."""
    milliseconds = STATEMENT_SECONDS * 1000
    return create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        hide_parameters=True,  # an error message must not show what a patient wrote
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} -c timezone=UTC",
        },
    )


__all__ = ["OperationalError", "Session", "Store", "open_store"]
