"""S18: begun on the web, gone on by text, with a code that the patient texts."""

import asyncio
import logging
from datetime import timedelta

import pytest

from intake.gateway.handover import ALPHABET, code_in
from intake.store.models import AuditEntry, Conversation, HandOver, InboxMessage
from tests.gateway.conftest import NUMB, ORIGIN, eventually, rows, say
from tests.gateway.phones import PHONE, Phone


@pytest.fixture
async def patient(phone):
    """A patient on the web, who has been asked Q4."""
    patient = await phone.gateway.patient()
    phone.gateway.rasa.script = [[say("Do you have any of these?\n- Numb", asked="Q4")]]
    await patient.write("my back hurts")
    await patient.until(1)
    return patient


async def ask(patient):
    return await patient.client.post("/chat/continue", headers=patient.headers)


async def code_of(patient):
    return (await (await ask(patient)).json())["text"]


async def test_a_page_is_told_whether_it_may_offer_texting(gateway, phone):
    for each, texting in ((phone.gateway, True), (gateway, False)):
        response = await each.client.post("/chat/session", headers={"Origin": ORIGIN})
        assert (await response.json())["texting"] is texting


async def test_the_browser_gets_a_code_the_clinics_number_and_what_to_text(patient):
    body = await (await ask(patient)).json()
    assert body["number"] == "+15550009999" and body["expires_in"] == 900
    assert body["text"] == "GO " + body["code"].replace("-", "") and code_in(body["text"])


async def test_the_text_goes_on_at_the_same_question_in_its_sms_wording(patient, phone):
    phone.gateway.rasa.script = [[say("Do you have any of these?\n- Numb", asked="Q4")]]
    await phone.text(await code_of(patient))
    texts = await phone.until(2)
    assert "we go on here by text" in texts[0] and "not fully private" in texts[0]
    assert texts[1].startswith("Any of these? A numb")
    first, second = phone.gateway.rasa.got
    assert first["sender"] == second["sender"] and (second["input_channel"], second["message"]) == ("sms", "/greet")
    await phone.text("fever")
    await phone.until(3)
    turns = patient.conversation.turns
    said = [(turn.asked, turn.text) for turn in turns]
    assert said == [(None, "my back hurts"), (None, "(by text)"), ("Q4", "fever")]


async def test_the_page_still_shows_everything_and_is_still_read_for_red_flags(patient, phone):
    await phone.text(await code_of(patient))
    await phone.until(2)
    assert (await patient.write(NUMB)).status == 202
    assert any(each.get("disposition") == "er_now" for each in await patient.messages())
    assert any(text.startswith("Go to the ER") for text in await phone.until(3))


@pytest.mark.parametrize("shape", ["{}", "go {}", " Go: {} ", "go {}.", "GO {}-{}"])
async def test_a_code_may_be_typed_in_several_ways(patient, phone, shape):
    code = (await code_of(patient)).removeprefix("GO ")
    if shape == "{}":
        assert code_in(code) is None  # without GO it is a word like another
        return
    halves = (code[:4], code[4:]) if shape.count("{}") == 2 else (code.lower(),)
    await phone.text(shape.format(*halves))
    assert "we go on here" in (await phone.until(1))[0]


async def test_a_code_works_once(patient, phone, api):
    text = await code_of(patient)
    await phone.text(text)
    await phone.until(2)
    thief = Phone(phone.gateway, api, "+15550002222")
    await thief.text(text)
    assert "does not work" in (await thief.until(1))[0]
    assert rows(phone.gateway.store, HandOver) == []
    assert [each.address_hmac is not None for each in rows(phone.gateway.store, Conversation)].count(True) == 2


async def test_the_same_webhook_again_moves_once_and_complains_of_nothing(patient, phone):
    text = await code_of(patient)
    await asyncio.gather(*(phone.text(text, sid="SMsame") for _ in range(5)))
    await phone.until(2)
    await asyncio.sleep(0.1)
    assert len(phone.api.sent) == 2 and not any("does not work" in text for text in phone.api.texts())


async def test_a_code_is_short_lived_and_a_new_one_voids_the_old(patient, phone, monkeypatch):
    old, new = await code_of(patient), await code_of(patient)
    await phone.text(old)
    assert "does not work" in (await phone.until(1))[0]
    queue = phone.gateway.parts["queue"]
    later = queue.now() + timedelta(minutes=16)
    monkeypatch.setattr(queue, "now", lambda: later)
    await phone.text(new)
    assert "does not work" in (await phone.until(2))[1]


async def test_guessing_is_braked_even_when_the_guess_is_right(patient, phone):
    text = await code_of(patient)
    for number in range(5):
        await phone.text(f"GO ABCDEFG{'23467'[number]}")
        await phone.until(number + 1)
    await phone.text(text)
    assert "does not work" in (await phone.until(6))[5]
    assert phone.gateway.parts["metrics"].get("refused", "code") == 6


async def test_asking_for_codes_is_braked(patient):
    assert [(await ask(patient)).status for _ in range(6)] == [200] * 5 + [429]


async def test_only_a_session_from_an_allowed_page_gets_a_code(patient):
    for headers in ({}, {"Origin": ORIGIN}, {**patient.headers, "Origin": "https://evil.example"}):
        assert (await patient.client.post("/chat/continue", headers=headers)).status in (401, 403)


async def test_without_texting_there_is_none(gateway):
    patient = await gateway.patient()
    assert (await ask(patient)).status == 404


async def test_with_the_store_down_the_patient_is_told_to_go_on_here(patient, phone):
    phone.gateway.store.mode = "broken"
    response = await ask(patient)
    assert response.status == 503 and "go on here" in (await response.json())["text"]


async def test_with_the_store_down_a_code_can_be_texted_again(patient, phone):
    text = await code_of(patient)
    phone.gateway.store.mode = "broken"
    await phone.text(text)
    assert "cannot answer here" in (await phone.until(1))[0]
    phone.gateway.store.mode = "ok"
    await asyncio.sleep(0.15)
    await phone.text(text)
    assert "we go on here" in (await phone.until(2))[1]


async def test_neither_code_nor_number_is_kept_or_logged_readably(patient, phone, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    text = await code_of(patient)
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    await phone.text(text)
    await phone.until(2)
    stored += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (text.removeprefix("GO "), PHONE[1:]):
        assert secret not in caplog.text and not any(secret.encode() in each for each in stored)
    assert "sms.moved_here" in [each.action for each in rows(phone.gateway.store, AuditEntry)]


async def test_after_a_restart_the_phone_still_belongs_to_the_moved_conversation(start_sms, api):
    async with start_sms() as gateway:
        await Phone(gateway, api).text("hello")
        await Phone(gateway, api).until(1)
        patient, phone = await gateway.patient(), Phone(gateway, api)
        await patient.write("my back hurts")
        await patient.until(1)
        await phone.text(await code_of(patient))
        await phone.until(3)
        await eventually(lambda: len(rows(gateway.store, InboxMessage)) == 3)
    async with start_sms() as again:
        await Phone(again, api).text("and now?")
        await Phone(again, api).until(4)
        assert again.rasa.got[-1]["sender"] == patient.conversation.id and again.rasa.got[-1]["input_channel"] == "sms"


async def test_who_opted_out_is_not_texted_for_a_code(patient, phone):
    await phone.text("STOP")
    await phone.until(1)
    await phone.text(await code_of(patient))
    await asyncio.sleep(0.2)
    assert len(phone.api.sent) == 1


@pytest.mark.parametrize("text", ["go numbness", "GO", "go to the er", "K7QM4XPT", "go K7QM4XP", "go K7QM4XPT now"])
def test_other_texts_are_no_codes(text):
    assert code_in(text) is None


def test_no_letter_of_a_code_looks_like_another():
    assert not set(ALPHABET) & set("01OIS5")
