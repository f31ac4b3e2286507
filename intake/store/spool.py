"""A file that takes what the database cannot take at the moment, and gives it back in order.

Each entry is one JSON line, on disk (fsync) before `append` returns. Replay moves the file aside first, so that a
patient's message never waits for a replay. Applying is idempotent, so a replay that is killed half-way is done again.
Files hold what patients wrote: only this user can read them, and they are deleted once the database has everything.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

log = logging.getLogger(__name__)

CURRENT, REJECTED, LOCK, REPLAY_LOCK = "current.jsonl", "rejected.jsonl", "lock", "replay.lock"
STORE_DOWN = (OperationalError, InterfaceError, PoolTimeout, OSError)  # every other error is the entry's own fault


class Spool:
    """A folder of entries that wait for the database. Several processes may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Keep one entry of plain JSON; when this returns it survives a crash. Raises OSError when it cannot."""
        line = json.dumps(dict(entry)).encode() + b"\n"
        with self._locked(LOCK):
            path = self.folder / CURRENT
            new = not path.exists()
            with _open_private(path) as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            if new:
                _sync_folder(self.folder)

    def __len__(self) -> int:
        """How many entries wait."""
        return sum(path.read_bytes().count(b"\n") for path in self._files())

    def replay(self, apply: Callable[[dict[str, Any]], object]) -> int:
        """Apply everything in order; stop when the database fails again and keep the rest.

        `apply` writes one entry in a transaction of its own and must be idempotent. An entry that can never be applied,
        such as the half line of a crash, goes to `rejected.jsonl` for a person to look at and does not hold up those
        behind it. Gives back how many were applied.
        """
        applied = 0
        with self._locked(REPLAY_LOCK, wait=False) as mine:
            if not mine:  # another process is at it
                return 0
            self._move_aside()
            for path in self._batches():
                for line in path.read_bytes().splitlines():
                    try:
                        apply(json.loads(line))
                        applied += 1
                    except STORE_DOWN as error:
                        log.warning("replay stopped: the database does not answer (%s)", type(error).__name__)
                        return applied
                    except Exception as error:
                        self._reject(line, error)
                path.unlink()
        return applied

    def _reject(self, line: bytes, error: Exception) -> None:
        log.error("a spool entry cannot be applied (%s); it is in %s", type(error).__name__, self.folder / REJECTED)
        with _open_private(self.folder / REJECTED) as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _move_aside(self) -> None:
        """Rename the current file to the next batch; new entries begin a new file."""
        with self._locked(LOCK):
            current = self.folder / CURRENT
            if current.exists():
                last = max((int(path.stem.rpartition("-")[2]) for path in self._batches()), default=0)
                current.rename(self.folder / f"batch-{last + 1:06d}.jsonl")
                _sync_folder(self.folder)

    def _batches(self) -> list[Path]:
        return sorted(self.folder.glob("batch-*.jsonl"))

    def _files(self) -> list[Path]:
        current = self.folder / CURRENT
        return [*self._batches(), *([current] if current.exists() else [])]

    @contextmanager
    def _locked(self, name: str, wait: bool = True) -> Iterator[bool]:
        with _open_private(self.folder / name) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


def _open_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")


def _sync_folder(folder: Path) -> None:
    """Make a new or renamed file name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
