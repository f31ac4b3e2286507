"""Turns and what was shown from a tracker's events; texts by who is paged; slots of a plan."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from intake.conversation.plan import make_plan, slots
from intake.conversation.turns import asked_last, shown, turns
from intake.conversation.understanding import Understander
from intake.conversation.wording import question_words, text_for, words
from intake.language.reader import Reader
from intake.protocol import clinic as clinics
from intake.protocol.load import load
from intake.protocol.model import Disposition
from intake.triage.folding import Folding

NOW = datetime(2026, 11, 24, 15, tzinfo=timezone.utc)  # a Tuesday, 10 in the morning at the clinic
PROTOCOL, CLINIC = load(), clinics.load()
FOLD = Folding(Reader(PROTOCOL), PROTOCOL)


def asks(question: str | None, disposition: str | None = None) -> dict[str, Any]:
    return {"event": "bot", "text": "?", "data": {"custom": {"asked": question, "disposition": disposition}}}


def says(text: str, intent: str = "inform_symptoms") -> dict[str, Any]:
    return {"event": "user", "text": text, "timestamp": NOW.timestamp(), "parse_data": {"intent": {"name": intent}}}


def plan(*events: dict[str, Any], channel: str = "web") -> Any:
    return make_plan(events, FOLD, CLINIC, NOW, channel)


def test_a_turn_knows_the_question_it_followed() -> None:
    found = turns([says("hi"), asks("Q0"), says("yes"), asks(None), says("no")])
    assert [(turn.asked, turn.text) for turn in found] == [(None, "hi"), ("Q0", "yes"), ("Q0", "no")]


def test_a_restart_begins_anew() -> None:
    events = [asks("Q0", "er_now"), says("yes"), {"event": "restart"}]
    assert turns(events) == []
    assert asked_last(events) is None
    assert shown(events) is None


def test_a_question_of_the_patients_own_is_no_free_text_answer() -> None:
    found = turns([asks("Q2"), says("will it hurt?", "faq_risks"), says("my back")], {"Q2"})
    assert [turn.asked for turn in found] == [None, "Q2"]


def test_the_number_of_a_time_says_nothing_about_the_pain() -> None:
    assert turns([asks("appointment_choice"), says("2")]) == []
    assert [turn.text for turn in turns([asks("appointment_choice"), says("my crotch is numb")])] != []


def test_the_most_urgent_level_shown_counts() -> None:
    assert shown([asks(None, "same_day"), asks(None, "er_now"), asks(None, "routine")]) is Disposition.er_now
    assert shown([{"event": "bot", "text": "hi", "data": None}, {"event": "bot", "data": {"custom": "x"}}]) is None


def test_no_text_promises_a_call_when_nobody_is_paged() -> None:
    assert text_for("same_day", PROTOCOL, CLINIC, NOW).promises_call
    nobody = CLINIC.copy(update={"on_call": []})
    assert not text_for("same_day", PROTOCOL, nobody, NOW).promises_call


def test_texts_are_worded_for_the_channel() -> None:
    text = PROTOCOL.texts["call_911"]
    assert "Reply Y or N" in words(text, CLINIC, "sms")
    assert "Reply Y or N" not in words(text, CLINIC)


def test_a_web_question_lists_its_choices() -> None:
    said = question_words(PROTOCOL.questions["Q4"], CLINIC)
    assert "- None of these" in said
    assert "- Not sure" in said
    assert "- " not in question_words(PROTOCOL.questions["SMS-04"], CLINIC)


def test_the_slots_show_what_is_known_and_no_more() -> None:
    known = slots(plan(asks("Q0"), says("yes"), asks("Q2"), says("my lower back hurts, no fever")), PROTOCOL)
    assert known["consent"] == "yes"
    assert list(known["pain_location"]) == ["lower_back"]
    assert known["findings"]["fever"]["status"] == "absent"
    assert "screen_nerves" not in known
    assert "pain_severity" not in known


@pytest.mark.parametrize(("answer", "asked"), [("no", None), ("yes", "Q1"), ("hmm", "Q0"), ("Talk to a person", "Q0")])
def test_only_a_yes_is_consent(answer: str, asked: str | None) -> None:
    question = plan(asks("Q0"), says(answer)).next_question(PROTOCOL)
    assert (question.id if question else None) == asked


@pytest.mark.parametrize(
    ("who", "asked"), [("Me; 15; Male", None), ("Someone else; 15; Male", "Q2"), ("Me; 18; Male", "Q2")]
)
def test_a_minor_alone_is_asked_nothing_more(who: str, asked: str | None) -> None:
    question = plan(asks("Q0"), says("yes"), asks("Q1"), says(who)).next_question(PROTOCOL)
    assert (question.id if question else None) == asked


def test_an_old_nerve_sign_is_asked_about() -> None:
    said = {"Q0": "yes", "Q1": "Me; 45; Male", "Q2": "back", "Q3": "none"}
    start = [event for question, text in said.items() for event in (asks(question), says(text))]
    old = "I have one of these but it is old and has not changed"
    assert plan(*start, asks("Q4"), says(old)).next_question(PROTOCOL).id == "Q4o"


@pytest.mark.parametrize(
    ("asked", "text", "intent"),
    [("Q0", "Talk to a person", "request_human"), ("Q21", "call me at 555-555-0199", "request_appointment"),
     ("Q21", "555-555-0199", "request_appointment"), ("Q21", "I want to talk to a person", "request_human"),
     ("Q21", "my crotch is numb, call 555-555-0199", "report_emergency")],
)  # fmt: skip
def test_the_intent_depends_on_what_was_asked(asked: str, text: str, intent: str) -> None:
    understander = Understander(PROTOCOL, [("greet", "hello"), ("request_human", "I want to talk to a person")])
    assert understander.understand(text, asked, NOW).intent.name == intent
