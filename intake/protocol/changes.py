"""What changed in the protocol since the last version in git (the last tag, or the last commit when there is none)."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from .load import Protocol, load
from .source import ProtocolError

KINDS = ("rules", "questions", "texts", "conditions", "findings", "facts", "dispositions")


@dataclass(frozen=True)
class Change:
    """One field of one entry that is not as it was."""

    kind: str
    id: str
    field: str  # "" when the whole entry is new or gone
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """The changes, against which version, or why there is none to compare with."""

    against: str | None
    changes: tuple[Change, ...] = ()
    why_not: str = ""


def compare(protocol: Protocol) -> Comparison:
    """The protocol as it is on disk against the last version in git."""
    repository = protocol.root.parent
    version = _git(repository, "describe", "--tags", "--abbrev=0") or _git(repository, "rev-parse", "--short", "HEAD")
    if not version:
        return Comparison(None, why_not="git holds no earlier version yet")
    archive = _git_bytes(repository, "archive", "--format=tar", version, protocol.root.name)
    if not archive:
        return Comparison(None, why_not=f"{version} holds no protocol")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder)
        if not (Path(folder) / protocol.root.name / "protocol.yml").exists():
            return Comparison(None, why_not=f"{version} holds no protocol")
        try:
            earlier = load(Path(folder) / protocol.root.name, strict=False)
        except ProtocolError as error:
            return Comparison(None, why_not=f"{version} cannot be read: {error.problems[0].message}")
    return Comparison(version, tuple(differences(earlier, protocol)))


def differences(before: Protocol, after: Protocol) -> Iterator[Change]:
    """Every entry and field that differs, rules first."""
    for kind in KINDS:
        yield from _entries(kind, getattr(before, kind), getattr(after, kind))
    yield from _fields("protocol", "protocol.yml", before.header.dict(), after.header.dict())


def _entries(kind: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Change]:
    for id in [*after, *(id for id in before if id not in after)]:
        name = getattr(id, "value", id)
        if id not in before:
            yield Change(kind, name, "", None, "new")
        elif id not in after:
            yield Change(kind, name, "", "was there", None)
        elif before[id] != after[id]:
            yield from _fields(kind, name, _plain(before[id]), _plain(after[id]))


def _plain(entry: Any) -> dict[str, Any]:
    return entry.dict() if isinstance(entry, BaseModel) else {"condition": entry}


def _fields(kind: str, id: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for field in after:
        if before.get(field) != after[field]:
            yield Change(kind, id, field, before.get(field), after[field])


def _git(folder: Path, *arguments: str) -> str:
    return _git_bytes(folder, *arguments).decode().strip()


def _git_bytes(folder: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""
