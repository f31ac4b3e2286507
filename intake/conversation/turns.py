"""The turns of a conversation and what the patient was shown, from the events of a Rasa tracker (as dictionaries)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from intake.protocol.model import Disposition
from intake.triage.record import Turn

Event = Mapping[str, Any]
CHOICE = "appointment_choice"
NUMBER = re.compile(r"\W*\d\W*$")

# Intents that never answer a question of the form: the form steps back, a rule answers, the form asks on.
ASIDE = (
    "request_human",
    "reschedule_appointment",
    "cancel_appointment",
    "request_second_opinion",
    "greet",
    "goodbye",
    "thank",
    "bot_challenge",
    "opt_out",
    "out_of_scope",
)


def _custom(event: Event) -> Mapping[str, Any]:
    data = event.get("data") or {}
    custom = data.get("custom") if isinstance(data, Mapping) else None
    return custom if isinstance(custom, Mapping) else {}


def _is_aside(event: Event) -> bool:
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
    return intent in ASIDE or intent.startswith("faq_")


def turns(events: Iterable[Event], free_text: Collection[str] = ()) -> list[Turn]:
    """Every patient message with the question it followed; from raw events, which hold what a form dropped too.

    To a question in `free_text` every text is an answer, but a question or a request of the patient's own.
    """
    found: list[Turn] = []
    asked: str | None = None
    for event in events:
        kind = event.get("event")
        if kind == "restart":
            found, asked = [], None
        elif kind == "bot" and "asked" in _custom(event):
            asked = _custom(event)["asked"] or asked
        elif kind == "user" and asked == CHOICE and NUMBER.match(event.get("text") or ""):
            continue  # picks a time: says nothing about the pain
        elif kind == "user" and event.get("text"):
            when = datetime.fromtimestamp(event.get("timestamp") or 0, timezone.utc)
            answers = asked not in free_text or not _is_aside(event)
            found.append(Turn(asked if answers else None, event["text"], when))
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
