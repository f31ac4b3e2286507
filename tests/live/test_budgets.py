"""How many messages a patient needs after consent, when the first tells where, how long, how it began and how bad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from actions.surroundings import clinic, folding, now
from intake.conversation.plan import make_plan
from tests.live.harness import Conversation
from tests.live.scripts import Reply, answer_to

Start = Callable[..., Conversation]
NEW = "my low back has hurt for 4 days, it came on slowly, 3 out of 10"
LASTING = "my low back has hurt for 3 months, it came on slowly, 5 out of 10"
# At most this many messages to a complete screen, to self-care, to a booked visit.
MOST = {"web": (9, 13, 20), "sms": (15, 20, 28)}
CONSENT = ("Q0", "SMS-00")
# The longest way to a visit: under 45 with chronic pain, PT that helped little.
LONG = {"Q1": "Me; 38; Female", "Q17": "Exercise or PT", "Q15": "Sleep; Work or school", "SMS-01": "38", "SMS-17": "A"}
MILD = {"Q11b": "Better", "Q15": "none", "SMS-11b": "1", "SMS-16": "0"}


@dataclass
class Walk:
    """A conversation to its end: what was asked, and after how many messages since consent something held."""

    asked: list[str] = field(default_factory=list)
    complete: int | None = None
    self_care: int | None = None
    booked: int | None = None


async def walk(conversation: Conversation, channel: str, first: str, answers: dict[str, str]) -> Walk:
    """Answers every question until the visit is booked or self-care is told."""
    found, sent = Walk(), 0
    reply = Reply(await conversation.say(first))
    for _ in range(50):
        question = reply.asked or ""
        found.asked.append(question)
        answer = "1" if question == "appointment_choice" else answers.get(question, answer_to(question))
        reply = Reply(await conversation.say(answer))
        sent += question not in CONSENT
        events = [event.as_dict() for event in (await conversation.tracker()).events]
        judged = make_plan(events, folding(), clinic(), now(), channel).assessment
        found.complete = found.complete or (sent if judged.screen_complete else None)
        found.self_care = found.self_care or (sent if reply.disposition == "self_care" else None)
        found.booked = found.booked or (sent if await conversation.slot("appointment_id") else None)
        if found.self_care or found.booked:
            return found
    raise AssertionError(f"no end after {found.asked}")


@pytest.mark.parametrize("channel", MOST)
async def test_new_mild_pain_comes_to_self_care_soon(patient: Start, channel: str) -> None:
    found = await walk(patient(channel), channel, NEW, MILD)
    complete, self_care, _ = MOST[channel]
    assert found.complete is not None and found.complete <= complete
    assert found.self_care is not None and found.self_care <= self_care


@pytest.mark.parametrize("channel", MOST)
@pytest.mark.parametrize("answers", [{}, LONG], ids=["plain", "long"])
async def test_lasting_pain_comes_to_a_booked_visit_soon(patient: Start, channel: str, answers: dict[str, str]) -> None:
    found = await walk(patient(channel), channel, LASTING, answers)
    complete, _, booked = MOST[channel]
    assert found.complete is not None and found.complete <= complete
    assert found.booked is not None and found.booked <= booked, found.asked


@pytest.mark.parametrize("channel", MOST)
async def test_nothing_is_asked_twice(patient: Start, channel: str) -> None:
    found = await walk(patient(channel), channel, LASTING, LONG)
    assert len(found.asked) == len(set(found.asked))
    told = {"Q2", "Q10", "Q11", "Q12", "Q13", "SMS-02", "SMS-10", "SMS-11", "SMS-12"}
    assert not told & set(found.asked), "told in the first message"
