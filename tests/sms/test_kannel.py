"""S16: texting through a real SMS gateway, with the trained assistant, up to the booked visit or the advice."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from intake.gateway.segments import segments
from intake.gateway.spanish import twin
from intake.handoff import UNDELIVERED
from intake.store.models import Appointment, Conversation, Handoff, InboxMessage, TextReceipt
from tests.gateway.conftest import eventually
from tests.live.scripts import answer_to
from tests.sms.kannel import UNREACHABLE, Carrier, digits

NUMBERS = iter(f"+1555000{number:04d}" for number in range(1, 999))


@pytest.fixture
def number() -> str:
    return next(NUMBERS)


def conversation(clinic: Any, number: str) -> Any:
    sms = clinic.parts["sms"]
    from intake.store import privacy

    return clinic.parts["registry"].get(sms._by_phone[privacy.pseudonym(sms._secret, number)], "sms")


async def intake(clinic: Any, carrier: Carrier, number: str, answers: dict[str, str]) -> list[str]:
    """A patient who answers every question as written, until a visit or self-care; the texts that came."""
    await carrier.text(number, "hi")
    for count in range(1, 60):
        texts = await carrier.until(number, count)
        talk = conversation(clinic, number)
        await eventually(lambda talk=talk: not talk.pending, 10)
        assert len(texts) == count, f"more than one text for one answer: {texts[count - 1:]}"
        if "booked" in texts[-1] or talk.asked == "SMS-25":
            return texts
        await carrier.text(number, answers.get(talk.asked) or answer_to(talk.asked))
    raise AssertionError(f"the intake does not end: {texts[-3:]}")


async def test_a_whole_intake_ends_with_a_booked_visit(clinic, carrier, number, caplog, var):
    caplog.set_level(logging.DEBUG, "intake")
    texts = await intake(clinic, carrier, number, {"appointment_choice": "1"})
    assert "Reply YES" in texts[0] and "911" in texts[0]
    assert "booked" in texts[-1]
    id = conversation(clinic, number).id
    (visit,) = [each for each in clinic.rows(Appointment) if each.conversation_id == id]
    assert visit.status == "booked"
    assert [each.disposition for each in clinic.rows(Handoff) if each.conversation_id == id] == ["routine"]
    assert all(segments(text).alphabet == "gsm7" and segments(text).count <= 4 for text in texts)
    await eventually(lambda: _states(clinic, id) == {"delivered"})
    assert digits(number) not in caplog.text
    assert not [each for each in var.rglob("intake.db*") if digits(number).encode() in each.read_bytes()]


def _states(clinic: Any, id: str) -> set[str]:
    return {each.state for each in clinic.rows(TextReceipt) if each.conversation_id == id}


@pytest.mark.parametrize("text, text_id", [
    ("numb between my legs since yesterday and I cant pee", "er_nerve"),
    ("crushing chest pain, cant breathe", "call_911"),
    ("I am going to kill myself tonight with my pills", "crisis_no_call"),
])  # fmt: skip
async def test_an_emergency_from_kannels_own_carrier_is_advised(clinic, kannel, number, made_of, text, text_id):
    advice = made_of.clinic.fill(" ".join(made_of.protocol.texts[text_id].sms), sms=True)
    assert f"{number} text {advice}" in await kannel.fakesmsc(number, text)


@pytest.mark.parametrize("text, text_id", [
    ("no siento entre las piernas y no puedo orinar", "er_nerve"),
    ("me duele el pecho y no puedo respirar", "call_911"),
    ("ya no aguanto, quiero morir, tengo las pastillas aquí", "crisis_no_call"),
    ("AYUDA", "sms_help"), ("ALTO", "sms_stop"),
    ("hola, me duele mucho la espalda desde ayer", "interpreter"),
])  # fmt: skip
async def test_a_spanish_speaker_gets_the_safety_texts_in_spanish(clinic, carrier, number, made_of, text, text_id):
    await carrier.text(number, text)
    expected = twin(made_of.protocol.texts[text_id], made_of.clinic, "sms")
    assert expected and (await carrier.until(number, 1))[0] == expected
    if text_id not in ("sms_help", "sms_stop"):
        await eventually(lambda: any(each.human or each.urgency < 3 for each in clinic.rows(Handoff)))


async def test_every_spanish_safety_text_arrives_unchanged_in_at_most_three_parts(clinic, carrier, number, made_of):
    kannel = clinic.parts["sms"]._providers["kannel"]
    expected = [twin(text, made_of.clinic, "sms") for text in made_of.protocol.texts.values() if text.sms_es]
    assert len(expected) >= 40
    for count, text in enumerate(expected, 1):
        await kannel.send(clinic.parts["outbound"]._session, number, text, "reference")
        assert (await carrier.until(number, count))[-1] == text
    assert len(carrier.parts[number]) <= 3 * len(expected)


async def test_what_a_patient_writes_arrives_unchanged(clinic, carrier, number):
    written = ["¡Hola! ñ @ € [x]", "50% + more & less?", "😀 á é", "a" * 500]
    for count, text in enumerate(written, 1):
        await carrier.text(number, text)
        await eventually(lambda n=count: len(_inbox(clinic, number)) == n, 10)
    assert _inbox(clinic, number) == written


def _inbox(clinic: Any, number: str) -> list[str]:
    try:
        id = conversation(clinic, number).id
    except KeyError:
        return []
    return [each.text for each in clinic.rows(InboxMessage) if each.conversation_id == id]


async def test_an_undeliverable_emergency_text_pages_staff(clinic, carrier):
    number = f"{UNREACHABLE}001111"
    await carrier.text(number, "I cant pee and my groin is numb")
    await eventually(lambda: any(UNDELIVERED in each.rule_ids for each in clinic.rows(Handoff)), 15)
    assert not carrier.arrived[number]


async def test_kannel_tries_again_while_the_gateway_is_down_and_there_is_one_turn(start, carrier, number):
    await carrier.text(number, "numb groin, cannot pee")
    await asyncio.sleep(1.5)
    async with start() as clinic:
        assert "ER" in (await carrier.until(number, 1))[0]
        await asyncio.sleep(2.0)
        assert len(_inbox(clinic, number)) == 1


async def test_stop_ends_all_texts_and_start_takes_them_up(clinic, carrier, number):
    await carrier.text(number, "stop")
    assert "opted out" in (await carrier.until(number, 1))[0]
    await carrier.text(number, "hello?")
    await eventually(lambda: len(_inbox(clinic, number)) == 2)
    await asyncio.sleep(1.0)
    assert len(carrier.arrived[number]) == 1
    assert any(each.opted_out_at for each in clinic.rows(Conversation))
    await carrier.text(number, "START")
    assert "opted in" in (await carrier.until(number, 2))[1]
