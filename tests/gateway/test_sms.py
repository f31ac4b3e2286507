"""Texting, through signed webhooks and a stand-in for Twilio's REST API."""

import asyncio
import logging

import pytest
from sqlalchemy import delete

from intake.gateway import outbound
from intake.store import privacy
from intake.store.models import AuditEntry, Consent, Conversation, Handoff, InboxMessage, OutboxMessage
from tests.gateway.conftest import IMPATIENT, NUMB, SECRET, eventually, rows, say
from tests.gateway.phones import PHONE, Phone


async def test_a_text_is_answered_by_one_text(phone):
    response = await phone.text("my back hurts")
    assert response.status == 200 and await response.text() == "<Response/>"
    assert await phone.until(1) == ["You said: my back hurts"]
    assert phone.gateway.rasa.got[0]["input_channel"] == "sms"


async def test_an_unsigned_text_is_refused_and_leaves_no_trace(phone, caplog):
    caplog.set_level(logging.DEBUG)
    response = await phone.gateway.client.post("/sms/twilio", data={"MessageSid": "SM1", "From": PHONE, "Body": NUMB})
    assert response.status == 403
    await asyncio.sleep(0.05)
    assert not rows(phone.gateway.store, InboxMessage) and not phone.gateway.rasa.got and not phone.api.sent
    assert "5550001111" not in caplog.text


async def test_a_red_flag_is_answered_first_and_handed_off(phone):
    phone.gateway.rasa.mode = "hung"
    await phone.text(NUMB)
    assert await phone.until(1) == ["Go to the ER now, even at night. (sms)"]
    assert [each.disposition for each in rows(phone.gateway.store, Handoff)] == ["er_now"]


async def test_a_repeated_webhook_has_one_effect(phone):
    await asyncio.gather(*(phone.text(NUMB, sid="SMsame") for _ in range(5)))
    await phone.until(2)
    await asyncio.sleep(0.1)
    assert len(phone.api.sent) == 2 and len(rows(phone.gateway.store, InboxMessage)) == len(phone.gateway.rasa.got) == 1


async def test_a_webhook_repeated_after_a_restart_too(start_sms, api):
    async with start_sms() as gateway:
        await Phone(gateway, api).text("hello", sid="SMsame")
        await Phone(gateway, api).until(1)
        await eventually(lambda: [bool(each.sent_at) for each in rows(gateway.store, OutboxMessage)] == [True])
    async with start_sms() as again:
        await Phone(again, api).text("hello", sid="SMsame")
        await asyncio.sleep(0.2)
        assert len(api.sent) == 1 and len(again.rasa.got) == 1


async def test_the_provider_is_not_kept_waiting_by_rasa(start_sms, api):
    async with start_sms(timing=IMPATIENT) as gateway:
        gateway.rasa.mode = "hung"
        phone = Phone(gateway, api)
        await asyncio.wait_for(phone.text("my back hurts"), 1)
        assert "555-555-0199" in (await phone.until(1))[0]


async def test_nor_by_the_store_nor_by_a_slow_provider(phone):
    phone.api.hold = asyncio.Event()
    await asyncio.wait_for(phone.text(NUMB), 1)
    phone.gateway.store.mode = "hung"
    await asyncio.wait_for(phone.text("my chest hurts"), 1.5)
    phone.api.hold.set()
    texts = await phone.until(2)
    assert texts[0].startswith("Go to the ER") and "Call 911 now" in "".join((await phone.until(3))[1:])


async def test_texts_of_one_phone_stay_in_order_and_of_many_apart(start_sms, api):
    async with start_sms() as gateway:
        phones = [Phone(gateway, api, f"+1555000{number:04d}") for number in range(20)]
        for round in ("one", "two"):
            await asyncio.gather(*(each.text(f"{round} {each.number[-4:]}") for each in phones))
        for each in phones:
            assert await each.until(2, 8) == [f"You said: {round} {each.number[-4:]}" for round in ("one", "two")]


async def test_a_text_that_was_acknowledged_before_it_was_safe_survives_a_crash(start_sms, api, tmp_path, monkeypatch):
    async def hang(*_):
        await asyncio.sleep(3600)

    async with start_sms() as gateway:
        monkeypatch.setattr(gateway.parts["sms"], "_take", hang)  # the store, the disk or the machine is too slow
        assert (await Phone(gateway, api).text(NUMB)).status == 200
        for task in gateway.parts["sms"]._tasks:
            task.cancel()
        assert not rows(gateway.store, InboxMessage)
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
        assert kept and b"numb" not in kept and PHONE[1:].encode() not in kept
    for _ in range(2):
        async with start_sms() as again:
            await eventually(lambda: [each.text for each in rows(again.store, InboxMessage)] == [NUMB])
            assert (await Phone(again, api).until(1))[0].startswith("Go to the ER")
            assert [each.disposition for each in rows(again.store, Handoff)] == ["er_now"]


# STOP, START, HELP


async def test_stop_is_confirmed_once_and_then_there_is_silence(phone):
    await phone.text("my back hurts")
    await phone.until(1)
    await phone.text("STOP")
    assert "opted out" in (await phone.until(2))[1]
    for text in ("STOP", "hello?", NUMB):
        await phone.text(text)
    await asyncio.sleep(0.2)
    assert len(phone.api.sent) == 2 and len(phone.gateway.rasa.got) == 1
    assert rows(phone.gateway.store, Conversation)[0].opted_out_at
    assert "sms.opted_out" in [each.action for each in rows(phone.gateway.store, AuditEntry)]
    assert [each.disposition for each in rows(phone.gateway.store, Handoff)] == ["er_now"]  # staff still learn of it


async def test_an_opt_out_outlasts_a_restart_and_start_ends_it(start_sms, api):
    async with start_sms() as gateway:
        await Phone(gateway, api).text("stop")
        await Phone(gateway, api).until(1)
    async with start_sms() as again:
        phone = Phone(again, api)
        await phone.text("hello")
        await asyncio.sleep(0.2)
        assert len(api.sent) == 1
        await phone.text("Start.")
        assert "opted in" in (await phone.until(2))[1]
        await phone.text("my back hurts")
        assert (await phone.until(3))[2] == "You said: my back hurts"
        assert rows(again.store, Conversation)[0].opted_out_at is None


async def test_an_opt_out_outlasts_the_erasure_of_all_conversations(start_sms, api):
    async with start_sms() as gateway:
        await Phone(gateway, api).text("stop")
        await Phone(gateway, api).until(1)
        await eventually(lambda: rows(gateway.store, Consent))
        with gateway.store.transaction() as session:
            session.execute(delete(Conversation))
    async with start_sms() as again:
        await Phone(again, api).text("hello")
        await asyncio.sleep(0.3)
        assert len(api.sent) == 1 and not again.rasa.got


@pytest.mark.parametrize("open_question", ["consent", "menu", "letters", "severity"])
async def test_a_red_flag_comes_before_whatever_is_open(phone, open_question):
    buttons = [{"title": "Yes", "payload": "/book{}"}, {"title": "Chest", "payload": "/deny"}]
    phone.gateway.rasa.script = [[{
        "consent": say("OK to start?", asked="Q0"), "menu": [{"text": "Book it?", "buttons": buttons}],
        "letters": say("Any?", asked="Q4"), "severity": say("How bad?", asked="Q13"),
    }[open_question]]]  # fmt: skip
    await phone.text("hello")
    await phone.until(1)
    await phone.text("1 and " + NUMB)
    assert (await phone.until(2))[1].startswith("Go to the ER")


async def test_the_wish_in_own_words_counts_and_its_red_flag_too(phone):
    await phone.text("numb groin, please stop texting me")
    texts = await phone.until(2)
    assert texts[0].startswith("Go to the ER") and "opted out" in texts[1]


async def test_pain_that_does_not_stop_is_clinical(phone):
    await phone.text("the pain doesn't stop")
    assert await phone.until(1) == ["You said: the pain doesn't stop"]


async def test_leaving_in_the_middle_of_safety_questions_goes_to_a_person(phone):
    await phone.text("I have a fever")
    await phone.until(1)
    await phone.text("STOP")
    await phone.until(2)
    await eventually(lambda: any(each.human for each in rows(phone.gateway.store, Handoff)))


async def test_help_names_911_988_and_a_person_and_is_no_turn_for_rasa(phone):
    await phone.text("HELP")
    text = (await phone.until(1))[0]
    assert "911" in text and "988" in text and "555-555-0199" in text and "STOP" in text
    assert not phone.gateway.rasa.got


async def test_yes_is_an_answer_not_an_opt_in(phone):
    await phone.text("YES")
    assert await phone.until(1) == ["You said: YES"]


@pytest.mark.parametrize("kind", ["STOP", "START", "HELP"])
async def test_what_the_provider_has_answered_is_not_answered_twice(phone, kind):
    await phone.text(kind, OptOutType=kind)
    await asyncio.sleep(0.15)
    assert not phone.api.sent and not phone.gateway.rasa.got
    await phone.text("hello")
    if kind != "STOP":
        await phone.until(1)
    await asyncio.sleep(0.15)
    assert len(phone.api.sent) == (0 if kind == "STOP" else 1)


# what is sent


async def test_refused_because_of_an_opt_out_at_the_provider(phone):
    phone.api.answers = [(400, 21610)]
    await phone.text("hello")
    await eventually(lambda: rows(phone.gateway.store, Conversation)[0].opted_out_at)
    await phone.text("hello again")
    await asyncio.sleep(0.1)
    assert not phone.api.sent and not phone.api.answers


@pytest.mark.parametrize(
    "answers, sent",
    [
        ([(429, 20429)], 1),
        ([(503, 0), (503, 0)], 1),
        ([(503, 0)] * 3, 0),
        ([(400, 21211)], 0),
        ([(400, 30007)], 0),
        ([(401, 20003)], 0),
    ],
)
async def test_attempts_are_bounded(phone, answers, sent):
    phone.api.answers = list(answers)
    await phone.text("hello")
    await eventually(lambda: not phone.api.answers)
    await asyncio.sleep(0.1)
    assert len(phone.api.sent) == sent
    await phone.text("next")
    assert (await phone.until(sent + 1))[-1] == "You said: next"


async def test_a_question_goes_out_in_its_sms_wording(phone):
    phone.gateway.rasa.script = [[say("Thanks."), say("Do you have any of these?\n- Numb", asked="Q4")]]
    await phone.text("hello")
    assert await phone.until(1) == [
        "Thanks. Any of these? A numb B cannot pee C fever. Letters, 0 for none, ? if not sure."
    ]


@pytest.mark.parametrize("reply", ["1", "1.", "one", "Uno", "yes, book"])
async def test_a_number_picks_a_button(phone, reply):
    phone.gateway.rasa.script = [
        [
            [
                {
                    "text": "Book it?",
                    "buttons": [{"title": "Yes, book", "payload": "/book{}"}, {"title": "No", "payload": "/deny"}],
                }
            ]
        ]
    ]
    await phone.text("hello")
    assert await phone.until(1) == ["Book it? Reply 1 Yes, book 2 No"]
    await phone.text(reply)
    await phone.until(2)
    assert phone.gateway.rasa.got[1]["message"] == "/book{}"


async def test_a_menu_ends_with_the_next_question_and_a_severity_is_a_number(phone):
    phone.gateway.rasa.script = [
        [[{"text": "Book it?", "buttons": [{"title": "Yes", "payload": "/book{}"}]}]],
        [say("How bad?", asked="Q13")],
    ]
    await phone.text("hello")
    await phone.until(1)
    await phone.text("what?")
    await phone.until(2)
    await phone.text("1")
    await phone.until(3)
    assert phone.gateway.rasa.got[2]["message"] == "1"


@pytest.mark.parametrize(
    "text", ["/restart", '/inform{"a": "b"}', "' OR 1=1 --", "a" * 10_000, "nul\x00byte", "¡Hola! ñ @ € 😀", "{}", "[]"]
)
async def test_anything_can_be_texted(phone, text):
    assert (await phone.text(text)).status == 200
    got = (await phone.until(1))[0]
    assert not phone.gateway.rasa.got[0]["message"].startswith("/")
    if len(text) < 50:
        assert text.replace("\x00", "").lstrip("/") in got


@pytest.mark.parametrize("fields, words", [({"NumMedia": "1"}, "photos"), ({}, "You said")])
async def test_photos_and_empty_texts_get_a_polite_answer(phone, fields, words):
    assert (await phone.text("", **fields)).status == 200
    assert words in (await phone.until(1))[0]


@pytest.mark.parametrize("sender", ["12345", "AMAZON", "", "whatsapp:+15550001111"])
async def test_senders_that_cannot_be_answered_are_left_alone(phone, sender):
    assert (await Phone(phone.gateway, phone.api, sender).text("hello")).status == 200
    await asyncio.sleep(0.05)
    assert not phone.gateway.rasa.got


# what is kept


async def test_the_number_is_kept_as_a_pseudonym_and_sealed(phone, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    await phone.text(NUMB)
    await phone.until(2)
    (conversation,) = rows(phone.gateway.store, Conversation)
    assert (
        conversation.address_hmac == privacy.pseudonym(SECRET, PHONE)
        and privacy.unseal(SECRET, conversation.address_sealed) == PHONE
    )
    assert "5550001111" not in caplog.text
    assert "5550001111" not in await (await phone.gateway.client.get("/metrics")).text()
    assert not [each for each in tmp_path.rglob("*") if each.is_file() and b"5550001111" in each.read_bytes()]


async def test_a_text_that_a_crash_kept_from_going_out_is_sent_after_the_restart(start_sms, api):
    api.hold = asyncio.Event()
    async with start_sms() as gateway:
        await Phone(gateway, api).text("hello")
        await eventually(lambda: rows(gateway.store, OutboxMessage))
    api.hold = None
    async with start_sms() as again:
        assert await Phone(again, api).until(1) == ["You said: hello"]


async def test_a_day_later_a_text_begins_a_new_conversation(phone, monkeypatch):
    await phone.text("hello")
    await phone.until(1)
    sms, queue = phone.gateway.parts["sms"], phone.gateway.parts["queue"]
    from datetime import timedelta

    later = queue.now() + timedelta(hours=25)
    monkeypatch.setattr(queue, "now", lambda: later)
    assert sms._queue is queue
    await phone.text("hello again")
    await phone.until(2)
    assert len({each["sender"] for each in phone.gateway.rasa.got}) == 2


async def test_consent_is_kept_with_its_version(phone):
    phone.gateway.parts["guard"]._reader._reader.facts = {"yes": {"consent": "yes"}}
    await phone.text("hello")
    await phone.until(1)
    assert rows(phone.gateway.store, Conversation)[0].consent_at is None
    await phone.text("yes")
    await phone.until(2)
    assert rows(phone.gateway.store, Conversation)[0].consent_version == "test"


# Kannel


@pytest.mark.parametrize(
    "query, status",
    [
        ("key=kannel-secret&from=%2B15550001111&id=k1&text=hello&charset=UTF-8", 200),
        ("key=wrong&from=%2B15550001111&id=k1&text=hello", 403),
        ("from=%2B15550001111&id=k1&text=hello", 403),
        ("key=&from=%2B15550001111&id=k1&text=hello", 403),
    ],
)
async def test_kannel_needs_its_key(phone, query, status):
    assert (await phone.gateway.client.get(f"/sms/kannel?{query}")).status == status
    await asyncio.sleep(0.1)
    assert len(phone.gateway.rasa.got) == (status == 200)


@pytest.mark.parametrize(
    "text, charset",
    [
        ("%C2%BFD%C3%B3nde%3F+%F0%9F%98%80", "UTF-8"),
        ("%00%bf%00D%00%f3%00n%00d%00e%00%3f%00%20%d8%3d%de%00", "UTF-16BE"),
    ],
)
async def test_kannels_alphabets_arrive_unchanged(phone, text, charset):
    await phone.gateway.client.get(
        f"/sms/kannel?key=kannel-secret&from=15550001111&id=k1&text={text}&charset={charset}"
    )
    await eventually(lambda: phone.gateway.rasa.got)
    assert phone.gateway.rasa.got[0]["message"] == "¿Dónde? 😀"


async def test_without_providers_there_are_no_webhooks(gateway):
    assert (await gateway.client.post("/sms/twilio")).status == 404


async def test_who_texts_too_fast_is_told_so_once_and_still_read_for_red_flags(phone):
    phone.gateway.parts["sms"]._limit._burst = 1
    for number in range(4):
        await phone.text(f"message {number}")
    await phone.text(NUMB)
    await eventually(lambda: any("ER" in text for text in phone.api.texts()))
    await asyncio.sleep(0.1)
    assert len(phone.gateway.rasa.got) == 1
    assert sum("faster than we can read" in text for text in phone.api.texts()) == 1
    assert len(rows(phone.gateway.store, InboxMessage)) == 5


async def test_what_was_texted_while_the_store_was_down_is_noted_as_sent_once_it_is_back(start_sms, api, monkeypatch):
    monkeypatch.setattr(outbound, "MARKS", tuple(each / 20 for each in outbound.MARKS))
    async with start_sms() as gateway:
        phone = Phone(gateway, api)
        gateway.store.mode = "broken"
        await phone.text(NUMB)
        await phone.until(1)
        await asyncio.sleep(0.5)
        gateway.store.mode = "ok"
        await asyncio.sleep(0.15)
        await gateway.parts["keeper"].replay()
        await eventually(lambda: rows(gateway.store, OutboxMessage))
        await eventually(lambda: all(each.sent_at for each in rows(gateway.store, OutboxMessage)), 5)
