"""Says conditions in plain English, for the page that a clinician reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .conditions import UNSTATED
from .load import Protocol

BAND_WORDS = {
    "yes": "at any time",
    "new": "began or got worse in the last 14 days, or time not said",
    "recent": "began in the last 14 days, or time not said",
    "le72h": "began or got worse in the last 3 days, or time not said",
    "after72h": "4 to 14 days ago",
    "d15_90": "15 to 90 days ago, same since",
    "gt90d": "over 90 days ago, same since",
    "within90d": "within 90 days, or time not said",
    "old": "over 14 days ago, same since",
    "worse": "clearly worse",
    "itself": "itself, not something more specific",
    "unsure": "asked, and still not sure",
    "no": "clearly denied",
}
SIGNS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}


@dataclass(frozen=True)
class Group:
    """A heading ("any of", "all of") with its parts."""

    heading: str
    parts: tuple[Said, ...]


Said = str | Group


def say(condition: Any, protocol: Protocol) -> Said | None:
    """A condition as nested headings and lines; None stays None."""
    if condition is None:
        return None
    if isinstance(condition, str):
        return _finding(condition, None, protocol)
    if "of" in condition:
        return _group(f"at least {condition['at_least']} of", condition["of"], protocol)
    ((key, value),) = condition.items()
    if key in ("any", "all"):
        return _group(f"{key} of", value, protocol)
    if key == "condition":
        inner = say(protocol.conditions.get(value), protocol)
        name = value.replace("_", " ")
        return Group(f"{name}:", (inner,)) if inner is not None else name
    if key in protocol.facts:
        return _fact(key, value, protocol)
    return _finding(key, value, protocol)


def _group(heading: str, parts: list[Any], protocol: Protocol) -> Said:
    said = tuple(one for one in (say(part, protocol) for part in parts) if one is not None)
    return said[0] if len(said) == 1 and not heading.startswith("at least") else Group(heading, said)


def _finding(id: str, band: str | None, protocol: Protocol) -> str:
    finding = protocol.findings.get(id)
    label = finding.label if finding else id
    return f"{label} ({BAND_WORDS.get(band, band)})" if band and band != "yes" else label


def _fact(id: str, wanted: Any, protocol: Protocol) -> str:
    fact = protocol.facts[id]
    values = [_value(one, fact.unit) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return f"{fact.label}: {' or '.join(values)}"


def _value(value: Any, unit: str | None) -> str:
    if value == UNSTATED:
        return "not said"
    match = re.match(r"^(<=|>=|<|>)\s*(.+)$", str(value))
    if match:
        shown = unit if unit and "to" not in unit else ""
        return f"{SIGNS[match[1]]} {match[2]} {shown}".strip()
    return str(value).replace("_", " ")


def plain(said: Said | None) -> str:
    """The same on one line; named conditions by their name only."""
    if said is None:
        return ""
    if isinstance(said, str):
        return said
    if said.heading.endswith(":"):
        return said.heading[:-1]
    return f"{said.heading} ({'; '.join(map(plain, said.parts))})"
