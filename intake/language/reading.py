"""What one message says: findings with status and course, and facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake.language.duration import Days
from intake.protocol.model import Course, Status, Timing


@dataclass(frozen=True)
class Mention:
    """One finding spoken of: its status and course, when it began or got worse (days before), and where the words stand."""

    id: str
    status: Status
    course: Course = Course.unknown
    timing: Timing = Timing.unknown
    since_days: Days | None = None
    start: int = 0
    end: int = 0
    text: str = ""
    explicit: bool = False  # answers the question that was asked


@dataclass(frozen=True)
class Reading:
    """All that one message says. `answered` = finding and fact ids of the asked question that it answers; `picked` = option ids."""

    mentions: tuple[Mention, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    picked: tuple[str, ...] = ()
    bare: str | None = None  # a bare none, unsure, declined, yes or no
    human: bool = False
    correction: bool = False
    opt_out: bool = False
    spans: tuple[tuple[str, str, int, int], ...] = ()  # entity, value, start, end of the facts, for annotations
