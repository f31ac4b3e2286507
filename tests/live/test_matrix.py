"""One phrase of each family of danger that must never be missed, at every question of the web intake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.harness import Conversation
from tests.live.scripts import Reply, answer_to

TWINS = Path(__file__).resolve().parents[1] / "protocol" / "findings"
QUESTIONS = ["Q0", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q14", "Q15", "Q17", "Q20", "Q-summary", "Q21",
             "appointment_choice"]  # fmt: skip
# Finding, a phrase of its twin, the advice in full: the response of the domain.
FAMILIES = {
    "saddle_numbness": ("my crotch is numb", "utter_er_nerve"),
    "urinary_retention": ("no I haven't been able to pee", "utter_er_nerve"),
    "urinary_incontinence": ("leaking pee since my back went out", "utter_er_nerve"),
    "bowel_incontinence": ("lost control of my bowels", "utter_er_nerve"),
    "bilateral_leg_weakness": ("my legs keep giving out", "utter_er_nerve"),
    "progressive_weakness": ("leg is getting weaker every day", "utter_er_nerve"),
    "leg_paralysis": ("can't move my legs", "utter_call_911"),
    "chest_pain": ("pressure in my chest", "utter_call_911"),
    "stroke_signs": ("one side of my face is droopy", "utter_call_911"),
    "tearing_pain": ("ripping pain in my back", "utter_call_911"),
    "pulsatile_abdomen": ("pulsing lump in my belly", "utter_call_911"),
    "anaphylaxis": ("my throat is closing", "utter_call_911"),
    "vomiting_blood": ("throwing up blood", "utter_call_911"),
    "pregnancy_warning_sign": ("pregnant and bleeding", "utter_er_pregnancy"),
    "overdose_excess": ("took 20 norcos", "utter_overdose_excess"),
    "suicidal_plan": ("gonna end it tonight", "utter_crisis_no_call"),
}


@pytest.fixture(scope="module")
async def at_question(agent: Any) -> dict[str, Any]:
    """The tracker of a patient to whom each question has just been asked."""
    conversation = Conversation(agent, "matrix")
    reply, trackers = Reply(await conversation.say("hello")), {}
    for _ in range(40):
        trackers[str(reply.asked)] = await conversation.tracker()
        if reply.asked == QUESTIONS[-1]:
            break
        reply = Reply(await conversation.say(answer_to(reply.asked)))
    return trackers


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("family", FAMILIES)
async def test_danger_is_advised_at_every_question(
    agent: Any, at_question: dict[str, Any], question: str, family: str
) -> None:
    phrase, response = FAMILIES[family]
    conversation = Conversation(agent, f"matrix-{family}-{question}")
    await conversation.take_over(at_question[question])
    messages = await conversation.say(phrase)
    advice = agent.domain.responses[response][0]
    assert messages[0].get("text") == advice["text"]
    assert Reply(messages).disposition == advice["custom"]["disposition"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_phrases_are_those_of_the_twins(family: str) -> None:
    said = yaml.safe_load((TWINS / f"{family}.yml").read_text(encoding="utf-8"))["present"]
    assert FAMILIES[family][0] in said
