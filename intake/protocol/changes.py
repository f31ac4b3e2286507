"""What changed in the protocol since its last version in git.

That is the last tag, or else the last commit with another `version` in protocol.yml, or else the last commit.
"""

from __future__ import annotations

import difflib
import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

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

    @property
    def lines(self) -> tuple[str, ...]:
        """What is gone ("- ...") and what is new ("+ ..."), line by line as in the YAML, with the lines around it."""
        return tuple(
            line for line in difflib.unified_diff(_yaml(self.before), _yaml(self.after), lineterm="", n=2)
            if not line.startswith(("---", "+++", "@@"))
        )  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """The changes, against which version, or why there is none to compare with."""

    against: str | None  # tag or commit
    earlier: Protocol | None = None  # the protocol as it was
    changes: tuple[Change, ...] = ()
    why_not: str = ""


def compare(protocol: Protocol) -> Comparison:
    """The protocol as it is on disk against the last version in git."""
    repository = protocol.root.parent
    version = _git(repository, "describe", "--tags", "--abbrev=0") or _other_version(repository, protocol)
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
    return Comparison(version, earlier, tuple(differences(earlier, protocol)))


def _other_version(repository: Path, protocol: Protocol) -> str:
    """The last commit in which protocol.yml has another `version`, or the last one; "" when there is none."""
    header, own = f"{protocol.root.name}/protocol.yml", f'version: "{protocol.version}"'
    raised = _git(repository, "log", "-1", "--format=%h", f"-S{own}", "--", header)
    if not raised or own not in _git(repository, "show", f"HEAD:{header}"):
        return _git(repository, "rev-parse", "--short", "HEAD")
    return _git(repository, "rev-parse", "--short", f"{raised}^") or raised


def differences(before: Protocol, after: Protocol) -> Iterator[Change]:
    """Every entry and field that differs, rules first."""
    for kind in KINDS:
        yield from _entries(kind, getattr(before, kind), getattr(after, kind))
    yield from _fields("protocol", "protocol.yml", _plain(before.header), _plain(after.header))


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
    plain: dict[str, Any] = {"condition": entry}
    return json.loads(entry.json(exclude_defaults=True)) if isinstance(entry, BaseModel) else plain


def _yaml(value: Any) -> list[str]:
    """A value as it stands in a file, in lines."""
    if value is None or isinstance(value, (str, int, float)):
        return [] if value is None else str(value).splitlines()
    text = io.StringIO()
    writer = YAML()
    writer.width = 100
    writer.dump(value, text)
    return text.getvalue().splitlines()


def _fields(kind: str, id: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for field in {**after, **before}:
        if before.get(field) != after.get(field):
            yield Change(kind, id, field, before.get(field), after.get(field))


def _git(folder: Path, *arguments: str) -> str:
    return _git_bytes(folder, *arguments).decode().strip()


def _git_bytes(folder: Path, *arguments: str) -> bytes:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""
