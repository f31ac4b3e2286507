"""Reading YAML files and saying precisely where a mistake is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

Step = str | int
FieldPath = tuple[Step, ...]


@dataclass(frozen=True)
class Problem:
    """One mistake in a YAML file, written for the person who will correct it."""

    file: Path
    line: int  # counted from 1
    field: str  # dotted, "options.2.findings"
    message: str
    allowed: tuple[str, ...] = ()
    fix: str = ""
    warning: bool = False  # True: worth knowing, does not stop the assistant

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        text = f"{self.file}:{self.line}: {kind}{self.field}: {self.message}"
        if self.allowed:
            text += f"\n    allowed: {', '.join(self.allowed)}"
        return text + (f"\n    fix: {self.fix}" if self.fix else "")


class ProtocolError(Exception):
    """The protocol or the clinic file has mistakes; `problems` holds all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read(path: Path) -> Any:
    """Parse one YAML 1.2 file (`yes` and `no` are strings); raise `ProtocolError` when it is not YAML."""
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ProtocolError([Problem(path, 1, "file", "is missing", fix="create the file")]) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"is not valid YAML: {error.problem}"
        fix = "check indentation, colons and quotes near this line; a key may stand only once"
        raise ProtocolError([Problem(path, line, "file", message, fix=fix)]) from error


def line_of(path: Path, field: FieldPath) -> int:
    """Line (from 1) on which a field stands; the nearest line above it when the field itself is missing."""
    node: Any = _with_lines(path)  # ruamel remembers the line of each key in `lc`
    line = 1
    for step in field:
        try:
            if hasattr(node, "keys"):
                line = node.lc.key(step)[0] + 1
            else:
                line = node.lc.item(step)[0] + 1
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


@lru_cache(maxsize=64)
def _parse_with_lines(path: Path, changed: int) -> Any:
    return YAML(typ="rt").load(path.read_text(encoding="utf-8"))


def _with_lines(path: Path) -> Any:
    return _parse_with_lines(path, path.stat().st_mtime_ns)


def name_of(path: Path, field: FieldPath) -> str:
    """A field for people: "Q4.options.leak.text" where a list's entries have ids, else "tiers.0.when"."""
    node, names = _with_lines(path), []
    for step in field:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        named = isinstance(step, int) and isinstance(node, dict) and "id" in node
        names.append(str(node["id"] if named else step))
    return ".".join(names) or "file"


def problem(path: Path, field: FieldPath, message: str, **more: Any) -> Problem:
    """A problem at a field of a file, with its line looked up."""
    return Problem(path, line_of(path, field), name_of(path, field), message, **more)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A fix that names the closest known ids, or says how to find one."""
    close = difflib.get_close_matches(str(wrong), list(known), n=3, cutoff=0.6)
    return f"write {' or '.join(close)}" if close else "use a known id, or add it first"
