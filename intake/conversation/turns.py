"""The turns of a conversation and what the patient was shown, from the events of a Rasa tracker (as dictionaries)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from intake.protocol.model import Disposition
from intake.triage.record import Turn

Event = Mapping[str, Any]


def _custom(event: Event) -> Mapping[str, Any]:
    data = event.get("data") or {}
    custom = data.get("custom") if isinstance(data, Mapping) else None
    return custom if isinstance(custom, Mapping) else {}


def turns(events: Iterable[Event]) -> list[Turn]:
    """Every patient message with the question it followed; from raw events, which hold what a form dropped too."""
    found: list[Turn] = []
    asked: str | None = None
    for event in events:
        kind = event.get("event")
        if kind == "restart":
            found, asked = [], None
        elif kind == "bot" and "asked" in _custom(event):
            asked = _custom(event)["asked"] or asked
        elif kind == "user" and event.get("text"):
            when = datetime.fromtimestamp(event.get("timestamp") or 0, timezone.utc)
            found.append(Turn(asked, event["text"], when))
    return found


def asked_last(events: Iterable[Event]) -> str | None:
    """The question that a message written now would answer."""
    asked: str | None = None
    for event in events:
        if event.get("event") == "restart":
            asked = None
        elif event.get("event") == "bot" and _custom(event).get("asked"):
            asked = _custom(event)["asked"]
    return asked


def shown(events: Iterable[Event]) -> Disposition | None:
    """The most urgent disposition that a bot message has really shown (an action that ran may have shown nothing)."""
    worst: Disposition | None = None
    for event in events:
        if event.get("event") == "restart":
            worst = None
        elif event.get("event") == "bot" and _custom(event).get("disposition"):
            disposition = Disposition(_custom(event)["disposition"])
            if worst is None or disposition.rank < worst.rank:
                worst = disposition
    return worst
