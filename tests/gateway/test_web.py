"""The web chat's contract, over HTTP and the socket."""

import asyncio
import json

import pytest

from intake.gateway.limits import LARGEST_BODY
from intake.store.models import Handoff, InboxMessage, OutboxMessage
from tests.gateway.conftest import NUMB, ORIGIN, eventually, rows, say


async def test_a_message_is_answered_with_what_rasa_says(patient):
    assert (await patient.write("my back hurts")).status == 202
    (answer,) = await patient.until(1)
    assert answer == {
        "seq": 1,
        "text": "You said: my back hurts",
        "asked": "Q2",
        "progress": answer["progress"],
    }


async def test_rasa_gets_a_conversation_id_that_the_client_never_saw(gateway, patient):
    await patient.write("hello")
    await patient.until(1)
    assert gateway.rasa.got[0]["sender"] == patient.conversation.id
    assert gateway.rasa.got[0]["input_channel"] == "web"


async def test_advice_comes_first_and_rasas_own_is_not_shown_again(gateway, patient):
    gateway.rasa.script = [
        [
            say("Go to the ER now, even at night. Nerve trouble may need care in hours.", disposition="er_now"),
            say("How bad?", asked="Q13"),
        ]
    ]
    await patient.write(NUMB)
    got = await patient.until(2)
    assert [(each["text"][:9], each.get("disposition")) for each in got] == [
        ("Go to the", "er_now"),
        ("How bad?", None),
    ]


async def test_what_the_advice_asks_is_not_asked_again_at_once(gateway, patient):
    again = say("Are you able to do that now?", asked="Q-able")
    gateway.rasa.script = [[say("Call 911 now.", disposition="call_911"), again], [again]]
    await patient.write("my chest hurts")
    await asyncio.sleep(0.2)
    (advice,) = await patient.messages()
    assert advice["asked"] == "able_to_go" and [each["text"] for each in advice["choices"]["options"]][:2] == [
        "Yes",
        "No",
    ]
    await patient.write("what?")
    assert (await patient.until(2))[1]["text"] == "Are you able to do that now?"


async def test_a_form_that_asks_again_after_advice_is_heard(gateway, patient):
    question = say("How bad, 0 to 10?", asked="Q13")
    gateway.rasa.script = [[question], [question]]
    await patient.write("my back hurts")
    await patient.until(1)
    await patient.write(NUMB)
    assert [each.get("asked") for each in await patient.until(3)] == ["Q13", None, "Q13"]


async def test_a_milder_disposition_is_never_shown_after_an_emergency(gateway, patient):
    gateway.rasa.script = [[say("ok", asked="Q2")], [say("No warning signs. Stay active.", disposition="self_care")]]
    await patient.write(NUMB)
    await patient.until(2)
    await patient.write("am I fine?")
    got = await patient.until(3)
    assert "still holds" in got[2]["text"] and "warning signs" not in json.dumps(got)


async def test_an_emergency_that_only_rasa_sees_is_shown_and_handed_off(gateway, patient):
    gateway.rasa.script = [[say("Call 911 now.", disposition="call_911")]]
    await patient.write("it is strange")
    assert (await patient.until(1))[0]["disposition"] == "call_911"
    await eventually(lambda: [each.disposition for each in rows(gateway.store, Handoff)] == ["call_911"])


async def test_a_red_flag_has_its_row_when_the_message_is_acknowledged(gateway, patient):
    assert (await patient.write(NUMB)).status == 202
    (handoff,) = rows(gateway.store, Handoff)
    assert handoff.disposition == "er_now" and handoff.rule_ids == ["R3"] and "Go to the ER" in handoff.advice
    (message,) = rows(gateway.store, InboxMessage)
    assert message.text == NUMB and message.source == patient.conversation.id


async def test_five_copies_in_parallel_have_one_effect(gateway, patient):
    answers = await asyncio.gather(*(patient.write(NUMB, id="same") for _ in range(5)))
    assert [each.status for each in answers] == [202] * 5
    await asyncio.sleep(0.2)
    assert len(rows(gateway.store, InboxMessage)) == len(rows(gateway.store, Handoff)) == len(gateway.rasa.got) == 1
    assert len(await patient.messages()) == 2


async def test_a_copy_after_a_restart_has_no_effect(start):
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.write("hello", id="same")
        await patient.until(1)
    async with start() as again:
        patient.client, patient.gateway = again.client, again
        assert (await patient.write("hello", id="same")).status == 202
        await asyncio.sleep(0.1)
        assert len(again.rasa.got) == 1 and len(await patient.messages()) == 1


async def test_a_reload_finds_messages_and_open_choices(start):
    async with start() as gateway:
        gateway.rasa.script = [[say("Do you have any of these?", asked="Q4")]]
        patient = await gateway.patient()
        await patient.write("my back hurts")
        (before,) = await patient.until(1)
    async with start() as again:
        patient.client, patient.gateway = again.client, again
        assert await patient.messages() == [before]
        assert (await patient.choose(before["choices"]["options"][0]["token"])).status == 202
        assert (await patient.until(2))[1]["disposition"] == "er_now"


async def test_what_the_patient_sent_comes_back_too(patient):
    await patient.write("one", id="a")
    await patient.until(1)
    await patient.write("two", id="b")
    await patient.until(2)
    response = await patient.client.get("/chat/messages", headers=patient.headers)
    assert (await response.json())["sent"] == [
        {"id": "a", "text": "one", "after": 0},
        {"id": "b", "text": "two", "after": 1},
    ]


async def test_messages_are_answered_in_order(gateway, patient):
    await asyncio.gather(*(patient.write(f"number {number}") for number in range(8)))
    got = await patient.until(8)
    heard = [each["message"] for each in gateway.rasa.got]
    assert [each["text"] for each in got] == [f"You said: {each}" for each in heard]
    assert [each["seq"] for each in got] == list(range(1, 9))
    assert heard == [each.text for each in rows(gateway.store, InboxMessage)]


async def test_fifty_patients_do_not_hear_each_other(start):
    async with start() as gateway:
        patients = await asyncio.gather(*(gateway.patient() for _ in range(50)))
        await asyncio.gather(*(each.write(f"I am {number}") for number, each in enumerate(patients)))
        for number, each in enumerate(patients):
            assert [message["text"] for message in await each.until(1)] == [f"You said: I am {number}"]


# choices


async def offered(gateway, patient, asked="Q4"):
    gateway.rasa.script = [[say("Do you have any of these?", asked=asked)]]
    await patient.write("my back hurts")
    return {each["text"]: each["token"] for each in (await patient.until(1))[-1]["choices"]["options"]}


async def test_a_choice_is_read_as_the_answer_to_its_question(gateway, patient):
    choice = await offered(gateway, patient)
    assert (await patient.choose(choice["None of these"])).status == 202
    assert patient.conversation.turns[-1].asked == "Q4" and patient.conversation.turns[-1].text == "None of these"


async def test_several_choices_are_one_answer(gateway, patient):
    choice = await offered(gateway, patient)
    await patient.choose([choice["Cannot pee"], choice["Fever"]])
    assert patient.conversation.turns[-1].text == "Cannot pee\nFever"


async def test_a_choice_of_another_conversation_is_refused(gateway, patient):
    choice = await offered(gateway, patient)
    other = await gateway.patient()
    assert (await other.choose(choice["Fever"])).status == 403
    assert not other.conversation.turns


@pytest.mark.parametrize("forged", ["", "Q4", "/restart", "W10.x", ["a", "b"], [], [[]], {"a": 1}, 7])
async def test_a_forged_choice_is_refused(patient, forged):
    assert (await patient.choose(forged)).status in (400, 403)


async def test_a_choice_for_an_earlier_question_is_refused(gateway, patient):
    choice = await offered(gateway, patient)
    await patient.write("something else")
    await patient.until(2)
    response = await patient.choose(choice["None of these"])
    assert response.status == 409 and "earlier question" in (await response.json())["text"]


async def test_but_a_red_flag_on_it_is_not(gateway, patient):
    choice = await offered(gateway, patient)
    await patient.write("something else")
    await patient.until(2)
    assert (await patient.choose(choice["Cannot pee"])).status == 409
    rows_ = rows(gateway.store, Handoff)
    assert not rows_  # this reader does not know "cannot pee" without the words; numbness it does
    assert (await patient.choose(choice["Numb between my legs, or when I wipe"])).status == 409
    assert (await patient.messages())[-1]["disposition"] == "er_now" and len(rows(gateway.store, Handoff)) == 1


async def test_a_button_of_rasa_sends_its_payload_only_when_signed(gateway, patient):
    gateway.rasa.script = [[[{"text": "Book it?", "buttons": [{"title": "Yes, book", "payload": "/book{}"}]}]]]
    await patient.write("hello")
    button = (await patient.until(1))[0]["choices"]["options"][0]
    assert "/book" not in json.dumps(await patient.messages())
    await patient.choose(button["token"])
    await patient.until(2)
    assert [each["message"] for each in gateway.rasa.got] == ["hello", "/book{}"]
    assert patient.conversation.turns[-1].text == "Yes, book"


async def test_a_typed_payload_is_text(gateway, patient):
    await patient.write('/inform_symptoms{"finding": "none"}')
    await patient.until(1)
    assert gateway.rasa.got[0]["message"] == 'inform_symptoms{"finding": "none"}'


async def test_options_in_rasas_text_are_not_shown_twice(gateway, patient):
    gateway.rasa.script = [
        [
            say(
                "Do you have any of these?\n- Numb between my legs, or when I wipe\n- Cannot pee\n- None of these",
                asked="Q4",
            )
        ]
    ]
    await patient.write("hello")
    assert (await patient.until(1))[0]["text"] == "Do you have any of these?"


# who speaks first


async def test_the_assistant_asks_for_consent_before_the_patient_has_written_anything(patient, rasa):
    rasa.script = [[say("Is it OK to start?", asked="Q0")]]
    assert (await patient.client.post("/chat/greeting", headers=patient.headers)).status == 202
    (greeting,) = await patient.until(1)
    assert (greeting["text"], greeting["asked"], patient.conversation.turns) == ("Is it OK to start?", "Q0", [])


async def test_a_second_greeting_is_none_and_neither_is_one_after_the_first_word(patient, rasa):
    async def greet():
        assert (await patient.client.post("/chat/greeting", headers=patient.headers)).status == 202

    await asyncio.gather(greet(), greet())
    await patient.until(1)
    await greet()
    await patient.write("my back hurts")
    await patient.until(2)
    await greet()
    assert [each["message"] for each in rasa.got] == ["/greet", "my back hurts"]


async def test_a_greeting_survives_a_restart_and_is_not_said_again(start, rasa):
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.client.post("/chat/greeting", headers=patient.headers)
        await patient.until(1)
        await eventually(lambda: rows(gateway.store, OutboxMessage))
    async with start() as again:
        patient.client, patient.gateway = again.client, again
        await patient.client.post("/chat/greeting", headers=patient.headers)
        assert len(await patient.messages()) == len(rasa.got) == 1


async def test_an_assistant_that_cannot_greet_says_whom_to_call_and_bothers_no_person(start, rasa):
    rasa.mode = "empty"
    async with start(timing={"Queue": {"backoff": (0.01,)}}) as gateway:
        patient = await gateway.patient()
        await patient.client.post("/chat/greeting", headers=patient.headers)
        (said,) = await patient.until(1)
        await eventually(lambda: not patient.conversation.pending)
        assert "call" in said["text"] and not rows(gateway.store, Handoff)


# who may


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ORIGIN + ".evil.example"}]
)
async def test_no_session_without_an_allowed_origin(gateway, headers):
    response = await gateway.client.post("/chat/session", headers=headers)
    assert response.status == 403 and "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "change",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer x.y"},
        {"Origin": "https://evil.example"},
        {"Authorization": "Basic abc"},
    ],
)
async def test_a_stolen_or_forged_token_opens_nothing(patient, change):
    headers = {**patient.headers, **change}
    assert (await patient.client.get("/chat/messages", headers=headers)).status in (401, 403)
    assert (await patient.client.post("/chat/messages", json={"id": "a", "text": "hi"}, headers=headers)).status in (
        401,
        403,
    )


async def test_finish_and_clear_ends_the_session(patient):
    assert (await patient.client.delete("/chat/session", headers=patient.headers)).status == 204
    assert (await patient.write("hello")).status == 401


async def test_preflight_answers_allowed_origins_only(gateway):
    good = await gateway.client.options("/chat/messages", headers={"Origin": ORIGIN})
    assert (
        good.headers["Access-Control-Allow-Origin"] == ORIGIN
        and "authorization" in good.headers["Access-Control-Allow-Headers"]
    )
    assert (await gateway.client.options("/chat/messages", headers={"Origin": "https://evil.example"})).status == 403


# sizes, rates, nonsense


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"[" * 7000,
        b'{"id": 7, "text": "hi"}',
        b'{"id": "a"}',
        b'{"text": "hi"}',
        b'{"id": "a", "text": ""}',
        b'{"id": "a", "text": "\\u200b"}',
        b'{"id": "a/b", "text": "hi"}',
        b'{"id": "a", "text": null}',
        b'{"id": "a", "text": ["hi"]}',
        b"\xff\xfe",
    ],
)
async def test_nonsense_is_refused_and_answers_json(patient, body):
    response = await patient.client.post("/chat/messages", data=body, headers=patient.headers)
    assert response.status == 400 and (await response.json())["error"] == "malformed"


async def test_a_long_message_is_refused_kindly(gateway, patient):
    response = await patient.write("a" * 2001)
    assert response.status == 413 and "too long" in (await response.json())["text"]
    assert not gateway.rasa.got and not rows(gateway.store, InboxMessage)


@pytest.mark.parametrize("padding", [2000, LARGEST_BODY, 40_000])
async def test_but_its_red_flag_is_answered(gateway, patient, padding):
    response = await patient.write(NUMB + " " + "a " * (padding // 2))
    assert response.status == 413
    assert [each["disposition"] for each in await patient.messages()] == ["er_now"]
    assert len(rows(gateway.store, Handoff)) == 1 and not gateway.rasa.got


async def test_a_huge_body_is_cut_off(patient):
    response = await patient.client.post(
        "/chat/messages", data=b'{"id": "a", "text": "' + b"x" * 3_000_000 + b'"}', headers=patient.headers
    )
    assert response.status == 413


async def test_who_floods_is_slowed_down_but_a_red_flag_gets_through(gateway, patient):
    answers = [await patient.write(f"flood {number}") for number in range(30)]
    assert {each.status for each in answers} == {202, 429}
    assert (await patient.write(NUMB)).status == 429
    assert (await patient.messages())[-1].get("disposition") == "er_now" or any(
        each.get("disposition") for each in await patient.messages()
    )
    assert len(rows(gateway.store, Handoff)) == 1


async def test_the_same_id_again_is_never_too_fast(patient):
    answers = [await patient.write("hello", id="same") for _ in range(40)]
    assert {each.status for each in answers} == {202}


# the socket


async def socket(patient, after=0, token=None, origin=ORIGIN):
    ws = await patient.client.ws_connect("/chat/socket", headers={"Origin": origin})
    await ws.send_json({"token": token or patient.token, "after": after})
    return ws


async def test_the_socket_gets_missed_and_new_messages_in_order(gateway, patient):
    await patient.write("one")
    await patient.until(1)
    ws = await socket(patient)
    assert (await ws.receive_json())["seq"] == 1
    await patient.write("two")
    assert (await ws.receive_json())["text"] == "You said: two"
    await ws.close()
    await patient.write("three")
    await patient.until(3)
    ws = await socket(patient, after=2)
    assert (await ws.receive_json())["text"] == "You said: three"


async def test_two_tabs_see_the_same(patient):
    tabs = [await socket(patient) for _ in range(2)]
    await patient.write("hello")
    assert [(await each.receive_json())["seq"] for each in tabs] == [1, 1]


@pytest.mark.parametrize("hello", [{"token": "x.y"}, {}, [], "x", {"token": None}, {"token": 7, "after": "x"}])
async def test_a_socket_without_a_good_token_is_closed(patient, hello):
    ws = await patient.client.ws_connect("/chat/socket", headers={"Origin": ORIGIN})
    await ws.send_json(hello)
    await ws.receive()
    assert ws.close_code == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", None])
async def test_a_socket_from_a_foreign_page_is_refused(patient, origin):
    with pytest.raises(Exception, match="403"):
        await patient.client.ws_connect("/chat/socket", headers={"Origin": origin} if origin else {})


async def test_an_open_socket_does_not_keep_a_closing_gateway_waiting(start):
    async with start() as gateway:
        await socket(await gateway.patient())


# what the widget gets besides the contract


async def test_a_question_says_how_far_it_is_and_why_it_is_asked(gateway, patient):
    gateway.rasa.script = [[say("Do you have any of these?", asked="Q4")]]
    await patient.write("my back hurts")
    (question,) = await patient.until(1)
    assert question["progress"] == {"step": 2, "of": 6}
    assert question["why"] == "The nerves leave the low back."


async def test_advice_comes_in_spanish_too(patient):
    await patient.write("my chest hurts")
    (advice, *_) = await patient.until(1)
    assert advice["text"].startswith("Call 911 now") and advice["es"] == "Llame al 911 ahora. No maneje."


async def test_free_times_are_offered_as_times(gateway, patient):
    times = "These times are free:\n1 Tue, Dec 1, 8:00 AM EST, Dr. Ana Rivera\n2 Wed, Dec 2, 9:00 AM EST, Dr. Ruiz"
    gateway.rasa.script = [[say(times, asked="appointment_choice", offers=["a", "b"])]]
    await patient.write("I want a visit")
    (offer,) = await patient.until(1)
    assert offer["choices"]["kind"] == "slots" and len(offer["choices"]["options"]) == 2
    assert offer["text"] == "These times are free:"


async def test_a_second_tab_hears_what_the_first_has_sent_when_it_asks_for_it(patient):
    ws = await patient.client.ws_connect("/chat/socket", headers={"Origin": ORIGIN})
    await ws.send_json({"token": patient.token, "after": 0, "echo": True})
    await patient.write("hello", id="first")
    assert await ws.receive_json() == {"sent": {"id": "first", "text": "hello", "after": 0}}
    assert (await ws.receive_json())["text"] == "You said: hello"
    await ws.close()


async def test_health_readiness_and_metrics(gateway, patient):
    await patient.write(NUMB)
    assert (await gateway.client.get("/health")).status == 200
    ready = await gateway.client.get("/ready")
    assert ready.status == 200 and await ready.json() == {"reader": True, "store": True, "rasa": True, "spool": True}
    metrics = await (await gateway.client.get("/metrics")).text()
    assert (
        'intake_advice_total{disposition="er_now"} 1' in metrics and 'intake_messages_total{channel="web"} 1' in metrics
    )
    assert patient.conversation.id not in metrics and "numb" not in metrics
