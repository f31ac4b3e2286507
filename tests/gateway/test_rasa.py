import pytest

from intake.gateway.rasa import Rasa, Reply, Silent, pair
from intake.protocol.model import Disposition
from tests.gateway.conftest import say


def flat(*messages):
    return [row for message in messages for row in message]


def test_each_text_gets_the_custom_payload_behind_it():
    replies = pair(flat(say("Go to the ER.", disposition="er_now"), say("How bad is it?", asked="Q13")))
    assert replies == [Reply("Go to the ER.", None, Disposition.er_now), Reply("How bad is it?", "Q13")]


def test_a_text_cut_at_blank_lines_is_one_message_again():
    assert pair(say("First.\n\nSecond.\n- a\n- b", asked="Q4")) == [Reply("First.\n\nSecond.\n- a\n- b", "Q4")]


def test_texts_without_payload_stay_apart():
    assert pair([{"text": "a"}, {"text": "b"}]) == [Reply("a"), Reply("b")]


@pytest.mark.parametrize(
    "junk", [[], [None], ["x"], [{"text": ""}], [{"text": 7}], [{"custom": {"asked": "Q4"}}], [{"image": "http://x"}]]
)
def test_junk_is_no_reply(junk):
    assert pair(junk) == []


def test_an_unknown_disposition_is_none():
    assert pair(say("Hi", disposition="doom")) == [Reply("Hi")]


def test_buttons_and_offers_become_buttons():
    assert pair([{"text": "Yes?", "buttons": [{"title": "Yes", "payload": "/affirm"}]}])[0].buttons == (
        ("Yes", "/affirm"),
    )
    offers = pair(
        say("Free:\n1 Mon 9:00\n2 Tue 10:00\nReply with a number.", asked="appointment_choice", offers=["a", "b"])
    )
    assert offers[0].buttons == (("Mon 9:00", "1"), ("Tue 10:00", "2"))


async def test_the_turn_carries_conversation_channel_and_message_id(rasa):
    client = Rasa(rasa.url)
    await client.open()
    assert (await client.turn("c1", "hello", "sms", "m1"))[0].text == "You said: hello"
    await client.close()
    assert rasa.got == [
        {"sender": "c1", "message": "hello", "input_channel": "sms", "metadata": {"channel": "sms", "message_id": "m1"}}
    ]


@pytest.mark.parametrize("mode, kind", [("empty", "empty"), ("broken", "error"), ("hung", "hung")])
async def test_every_failure_is_silence_of_a_kind(rasa, mode, kind):
    rasa.mode = mode
    client = Rasa(rasa.url, patience=0.2)
    await client.open()
    with pytest.raises(Silent) as silent:
        await client.turn("c1", "hello", "web", "m1")
    await client.close()
    assert silent.value.kind == kind


async def test_a_dead_rasa_is_silence_too(rasa):
    await rasa.stop()
    client = Rasa(rasa.url)
    await client.open()
    with pytest.raises(Silent) as silent:
        await client.turn("c1", "hello", "web", "m1")
    assert not await client.ready()
    await client.close()
    assert silent.value.kind == "dead"
