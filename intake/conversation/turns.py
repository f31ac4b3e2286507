"""The turns of a conversation and what the patient was shown, from the events of a Rasa tracker (as dictionaries)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from intake.protocol.model import Disposition
from intake.triage.record import NUMBER, Turn

Event = Mapping[str, Any]
CHOICE = "appointment_choice"
FORTNIGHT = timedelta(days=14)  # 3E: who writes again within it is asked what has changed; after it all is new
NUMBERS = re.compile(r"[\d\s,;.)and&+]*")

# What the patient does with the conversation itself; the intents of the model have no names for these.
WHY = "ask_why"
BACK = "correct_answer"  # a correction that names nothing goes back to the question before

SPANISH = frozenset(
    "me mi mis la el las los de del que en y con una un por para desde hace no tengo duele dolor espalda hola estoy "
    "muy mucho puedo soy se su ayuda habla hablo español espanol si como cuando pierna piernas".split()
)
SPANISH_WORDS = 3
OFF_TOPIC = "out_of_scope"

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
)
ASKS_WHY = re.compile(
    r"\bwhy\b.*\b(ask\w*|need|know|matters?|important|relevant|question|that|this|it|these)\b|^\W*why\W*$"
    r"|\bwhat(s| is|'s| are) (that|this|it|these|those) for\b|\b(got|have|has) (that |this |it )?to do with\b"
    r"|\bwhat for\W*$|\bwhats the point\b",
    re.IGNORECASE,
)
GOES_BACK = re.compile(
    r"(please|can i|can we|could i|i want to|id like to|i would like to|lets|wait|no|oops|ok)?,? *"
    r"((go|step|take me)? *back( a (step|question))?( to)?( the| my)?( one)?|undo|(change|fix|redo)( the| my)?|the)? *"
    r"((last|previous|prior) )?(one|question|answer|that)?( before)?( please)?[ .!?]*",
    re.IGNORECASE,
)


def goes_back(text: str) -> bool:
    """The message wants the last question again and says nothing else."""
    plain = text.strip().lower().replace("'", "")
    names = re.search(r"\b(back|undo|previous|prior)\b|\b(change|fix|redo) .*\b(last|answer|one|that)\b", plain)
    return bool(names and GOES_BACK.fullmatch(plain))


def current(events: Iterable[Event]) -> list[Event]:
    """The events of this visit: what came before a restart or a silence of a fortnight is another one."""
    found: list[Event] = []
    last: float | None = None
    for event in events:
        if event.get("event") == "user":
            at = event.get("timestamp") or 0
            if last is not None and at - last > FORTNIGHT.total_seconds():
                found = []
            last = at
        if event.get("event") == "restart":
            found = []
        found.append(event)
    return found


def speaks_spanish(text: str) -> bool:
    """The message is Spanish by its small words."""
    return len({word for word in re.findall(r"[a-záéíóúñ]+", text.lower()) if word in SPANISH}) >= SPANISH_WORDS


def custom(event: Event) -> Mapping[str, Any]:
    """The payload of a bot message; empty when it has none."""
    data = event.get("data") or {}
    found = data.get("custom") if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def is_aside(intent: str | None) -> bool:
    """The message is a question or a request of the patient's own."""
    return intent in (*ASIDE, OFF_TOPIC) or (intent or "").startswith("faq_")


def turns(events: Iterable[Event], free_text: Collection[str] = ()) -> list[Turn]:
    """Every patient message with the question it followed; from raw events, which hold what a form dropped too.

    To a question in `free_text` every text is an answer, but a question or a request of the patient's own.
    """
    found: list[Turn] = []
    asked: str | None = None
    numbered: list[str] = []  # options shown with numbers since the last message
    for event in events:
        kind = event.get("event")
        if kind == "restart":
            found, asked, numbered = [], None, []
        elif kind == "bot":
            asked = custom(event).get("asked") or asked
            numbered = list(custom(event).get("numbered") or numbered)
        elif kind == "user" and asked == CHOICE and NUMBER.match(event.get("text") or ""):
            continue  # picks a time: says nothing about the pain
        elif kind == "user" and event.get("text"):
            when = datetime.fromtimestamp(event.get("timestamp") or 0, timezone.utc)
            intent = _intent(event)
            answers = asked not in free_text or not (is_aside(intent) or intent == WHY)
            found.append(Turn(asked if answers else None, _picked(event["text"], numbered), when, intent))
            numbered = []
    return found


def _intent(event: Event) -> str | None:
    name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return WHY if name == "decline_to_answer" and ASKS_WHY.search(event.get("text") or "") else name


def _picked(text: str, numbered: Sequence[str]) -> str:
    """The options that numbers stand for, one a line; the text as it is when no numbers were shown."""
    if not numbered or not NUMBERS.fullmatch(text) or not re.search(r"\d", text):
        return text
    places = [int(number) for number in re.findall(r"\d+", text)]
    return "\n".join(numbered[place - 1] for place in places) if max(places) <= len(numbered) and min(places) else text


def asked_last(events: Iterable[Event]) -> str | None:
    """The question that a message written now would answer."""
    asked: str | None = None
    for event in events:
        if event.get("event") == "restart":
            asked = None
        elif event.get("event") == "bot" and custom(event).get("asked"):
            asked = custom(event)["asked"]
    return asked


def shown(events: Iterable[Event]) -> Disposition | None:
    """The most urgent disposition that a bot message has really shown (an action that ran may have shown nothing)."""
    worst: Disposition | None = None
    for event in events:
        if event.get("event") == "restart":
            worst = None
        elif event.get("event") == "bot" and custom(event).get("disposition"):
            disposition = Disposition(custom(event)["disposition"])
            if worst is None or disposition.rank < worst.rank:
                worst = disposition
    return worst
