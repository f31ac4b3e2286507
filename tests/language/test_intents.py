"""What a message is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.language.intents import IntentReader, examples_in
from intake.language.reader import Reader

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "nlu"
FOR = {
    "stop texting me": "opt_out", "take me off your list": "opt_out", "UNSUBSCRIBE": "opt_out",
    "can a nurse call me": "request_human", "i want a real person please": "request_human", "give me a person, my back hurts": "request_human",
    "book me an appointment for next week": "request_appointment", "any openings tomorrow": "request_appointment", "can i get in today": "request_appointment",
    "i need to move my appointment to friday": "reschedule_appointment", "cant make it tuesday, what else is open": "reschedule_appointment",
    "please cancel my visit": "cancel_appointment", "dont need the appointment anymore": "cancel_appointment",
    "id like a second opinion on my mri": "request_second_opinion", "is it rude to get a second opinion": "faq_second_opinion",
    "oops i meant my left leg": "correct_answer", "typo, its 5 weeks": "correct_answer",
    "what is an ablation": "faq_rfa", "does a spinal cord stimulator hurt": "faq_scs", "do you take medicare": "faq_insurance", "how much is a visit": "faq_insurance",
    "will you prescribe oxycodone": "faq_opioids", "can i take ibuprofen": "faq_medicines", "heat or ice?": "faq_heat_ice", "does acupuncture work": "faq_complementary",
    "do i need surgery": "faq_will_i_need_surgery", "what is a facet injection": "faq_facet", "are epidurals safe": "faq_esi", "what about stem cells": "faq_stem_cell",
    "should i stay in bed": "faq_rest_activity", "what do i bring to my first visit": "faq_first_visit", "what is pain management": "faq_what_is_pain_management",
    "my leg is numb": "inform_symptoms", "no fever no numbness": "inform_symptoms", "lower back": "inform_pain_location", "between my shoulder blades": "inform_pain_location",
    "3 weeks": "inform_pain_duration", "since christmas": "inform_pain_duration", "i fell off a ladder at work and hurt it": "inform_symptoms",
    "8/10": "inform_pain_severity", "its a 6 today": "inform_pain_severity", "came on slowly": "inform_pain_onset", "tried ice and ibuprofen": "inform_treatments_tried",
    "did physical therapy, no help": "inform_treatments_tried", "i just want to play with my kids again": "inform_goals", "want to get back to work": "inform_goals",
    "yes": "affirm", "nope": "deny", "not sure": "unsure", "idk": "unsure", "rather not say": "decline_to_answer", "skip": "decline_to_answer",
    "hi there": "greet", "thanks so much": "thank", "bye": "goodbye", "are you a robot": "bot_challenge", "am i talking to a real person": "bot_challenge",
    "whats the weather today": "out_of_scope",
}  # fmt: skip


@pytest.fixture(scope="module")
def intents(reader: Reader) -> IntentReader:
    return IntentReader(reader, examples_in(EXAMPLES))


@pytest.mark.parametrize(("text", "intent"), FOR.items())
def test_what_a_message_is_for(reader: Reader, intents: IntentReader, text: str, intent: str) -> None:
    assert intents.intent(text, reader.read(text), emergency=False).name == intent


@pytest.mark.parametrize(
    ("text", "slot", "intent"),
    [
        ("6", "pain_severity", "inform_pain_severity"), ("2 weeks", "pain_duration_days", "inform_pain_duration"), ("yes", "screen_mood", "affirm"),
        ("none", "screen_nerves", "deny"), ("skip", "screen_mood", "decline_to_answer"), ("not sure", "screen_limbs", "unsure"), ("neck", "pain_location", "inform_pain_location"),
    ],
)  # fmt: skip
def test_an_answer_in_context(reader: Reader, intents: IntentReader, text: str, slot: str, intent: str) -> None:
    assert intents.intent(text, reader.read(text, slot), emergency=False, slot=slot).name == intent


def test_an_emergency_decides_alone(reader: Reader, intents: IntentReader) -> None:
    text = "can i book an appointment, i cant pee and my groin is numb"
    assert intents.intent(text, reader.read(text), emergency=True).name == "report_emergency"
