"""Empty databases for tests: SQLite always, PostgreSQL from a private server when its binaries are on this machine.

Other folders' conftest.py import the fixtures from here.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from intake.store import Store, open_store
from intake.store.models import Base

HOW_TO = "PostgreSQL is not installed: apt-get install postgresql (no server has to run)"
_numbers = count(1)


def _binary(name: str) -> str | None:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or next((str(path) for path in versions), None)


def has_postgresql() -> bool:
    return bool(_binary("initdb") and _binary("pg_ctl"))


@lru_cache(maxsize=1)
def server() -> str:
    """URL of a server of our own on a free port, without a database name; stopped when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="intake-pg-"))
    # initdb refuses to run as root
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, "user": user if os.geteuid() == 0 else None}
    data = folder / "data"
    subprocess.run([_binary("initdb"), "-D", data, "-U", "intake", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    subprocess.run([_binary("pg_ctl"), "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **run)

    def stop() -> None:
        subprocess.run([_binary("pg_ctl"), "-D", data, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return f"postgresql+psycopg2://intake@127.0.0.1:{port}"


def new_url(kind: str, folder: Path) -> str:
    """URL of a new, empty database."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'intake.db'}"
    name = f"test{next(_numbers)}_{os.getpid()}"
    engine = create_engine(f"{server()}/postgres", isolation_level="AUTOCOMMIT", future=True)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server()}/{name}"


@lru_cache(maxsize=1)
def _shared() -> Engine:
    """One PostgreSQL database with tables, emptied for each test: much faster than a new one."""
    store = open_store(new_url("postgresql", Path()))
    return store.engine


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    if request.param == "postgresql" and not has_postgresql():
        pytest.skip(HOW_TO)
    return request.param


@pytest.fixture
def fresh_url(kind: str, tmp_path: Path) -> str:
    """A new database without tables."""
    return new_url(kind, tmp_path)


@pytest.fixture
def url(kind: str, tmp_path: Path) -> str:
    """An empty database."""
    if kind == "sqlite":
        return new_url(kind, tmp_path)
    with _shared().begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY"))
    return _shared().url.render_as_string(hide_password=False)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store on an empty database of each kind."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A store on a new SQLite file, where the kind does not matter."""
    opened = open_store(new_url("sqlite", tmp_path))
    yield opened
    opened.close()


def race(target: Callable[..., None], arguments: list[tuple], seconds: float = 60) -> None:
    """Run `target` in one new process for each tuple of arguments, all at once; a process that fails fails the test."""
    from multiprocessing import get_context

    context = get_context("forkserver")  # a fork would share the parent's connections
    context.set_forkserver_preload(["intake.store", "intake.scheduling", "intake.handoff"])
    barrier = context.Barrier(len(arguments))
    processes = [context.Process(target=target, args=(barrier, *each)) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(seconds)
    codes = [process.exitcode for process in processes]
    for process in processes:
        if process.is_alive():
            process.kill()
    assert codes == [0] * len(codes)
