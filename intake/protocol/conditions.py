"""The shape of conditions in rules, questions and `conditions.yml`: what they may contain, and their leaves.

`intake.triage` evaluates them against a record; here they are only read. The language is described in
`protocol/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .source import FieldPath

BANDS = (
    "yes",
    "itself",
    "new",
    "recent",
    "worse",
    "unsure",
    "le72h",
    "after72h",
    "d15_90",
    "gt90d",
    "within90d",
    "old",
)
DENIED = "no"  # band: explicitly denied; only under `unless`
UNSTATED = "unstated"  # fact value: nobody has said anything about it
COMPARISON = re.compile(r"^(<=|>=|<|>)\s*([a-z][a-z0-9_]*|\d+(?:\.\d+)?)$")


@dataclass(frozen=True)
class Leaf:
    """One elementary test: a finding, a fact or a named condition."""

    path: FieldPath  # where it stands below the condition
    id: str
    value: Any = None  # band, fact value(s) or comparison; None for a bare finding id
    named: bool = False  # True: `id` is a named condition


@dataclass(frozen=True)
class Malformed:
    """A piece of a condition that means nothing."""

    path: FieldPath
    message: str
    fix: str


def walk(condition: Any, path: FieldPath = ()) -> Iterator[Leaf | Malformed]:
    """Every leaf of a condition, and every piece that is not one."""
    if isinstance(condition, str):
        yield Leaf(path, condition)
    elif isinstance(condition, dict):
        yield from _walk_mapping(condition, path)
    else:
        kind = "a list" if isinstance(condition, list) else f"{condition!r}"
        yield Malformed(path, f"{kind} is not a condition", "write a finding id, or any: [...] or all: [...]")


def _walk_mapping(condition: dict[str, Any], path: FieldPath) -> Iterator[Leaf | Malformed]:
    keys = set(condition)
    if keys == {"at_least", "of"}:
        if not isinstance(condition["at_least"], int):
            yield Malformed((*path, "at_least"), "must be a whole number", "write at_least: 2")
        yield from _walk_list(condition["of"], (*path, "of"))
    elif keys in ({"any"}, {"all"}):
        (key,) = keys
        yield from _walk_list(condition[key], (*path, key))
    elif keys == {"condition"}:
        yield Leaf((*path, "condition"), condition["condition"], named=True)
    elif len(keys) == 1:
        (key,) = keys
        yield Leaf((*path, key), key, condition[key])
    else:
        fix = "write all: [...] with one entry for each (or at_least: together with of:)"
        yield Malformed(path, f"holds {len(keys)} keys: {', '.join(map(str, condition))}", fix)


def _walk_list(parts: Any, path: FieldPath) -> Iterator[Leaf | Malformed]:
    if not isinstance(parts, list) or not parts:
        yield Malformed(path, "must be a list of conditions", "write one condition on each line, after a dash")
        return
    for position, part in enumerate(parts):
        yield from walk(part, (*path, position))


def leaves(condition: Any) -> Iterator[Leaf]:
    """The leaves of a well-formed condition (None has none)."""
    if condition is not None:
        yield from (leaf for leaf in walk(condition) if isinstance(leaf, Leaf))


def replace_values(condition: Any, change: Callable[[Any], Any]) -> Any:
    """The same condition with every leaf value changed; used to put constants into comparisons."""
    if isinstance(condition, list):
        return [replace_values(part, change) for part in condition]
    if isinstance(condition, dict):
        nested = {"any", "all", "of"}
        return {
            key: replace_values(value, change) if key in nested else change(value) for key, value in condition.items()
        }
    return condition


def put_constants(condition: Any, constants: dict[str, Any]) -> Any:
    """Turn ">= few_weeks_days" into ">= 28"."""

    def change(value: Any) -> Any:
        if isinstance(value, list):
            return [change(one) for one in value]
        match = COMPARISON.match(value) if isinstance(value, str) else None
        return f"{match[1]} {constants[match[2]]}" if match and match[2] in constants else value

    return replace_values(condition, change)
