"""Whatever fails behind the gateway, the red-flag advice comes, and it comes first."""

import asyncio
import json
import logging
import threading

import pytest

from intake.store.models import Handoff, InboxMessage, OutboxMessage
from tests.gateway.conftest import IMPATIENT, NUMB, eventually, rows

ADVICE = "Go to the ER now, even at night."


def kinds(messages):
    return [each.get("disposition") or each["text"][:14] for each in messages]


@pytest.fixture
async def gateway(start):
    async with start(timing=IMPATIENT) as running:
        yield running


@pytest.fixture(params=["killed", "hung", "empty", "broken", "refusing"])
async def broken_rasa(request, gateway):
    if request.param == "killed":
        await gateway.rasa.stop()
    elif request.param == "refusing":
        gateway.rasa.script = [[[{"recipient_id": "x"}]]] * 99
    else:
        gateway.rasa.mode = request.param
    return request.param


async def test_the_advice_comes_before_the_message_is_acknowledged(broken_rasa, patient):
    assert (await patient.write(NUMB)).status == 202
    assert kinds(await patient.messages()) == ["er_now"]


async def test_staff_have_their_row_by_then(broken_rasa, gateway, patient):
    await patient.write(NUMB)
    assert [each.disposition for each in rows(gateway.store, Handoff)] == ["er_now"]


async def test_an_ordinary_message_gets_what_to_do_now_and_whom_to_call(broken_rasa, patient):
    await patient.write("my back hurts")
    (message,) = await patient.until(1)
    assert "911" in message["text"] and "988" in message["text"] and "555-555-0199" in message["text"]


async def test_each_further_message_gets_an_answer_too(broken_rasa, patient):
    await patient.write("my back hurts")
    await patient.until(1)
    await patient.write("hello?")
    got = await patient.until(2)
    assert "still cannot answer" in got[1]["text"]


async def test_after_advice_nothing_milder_is_added(broken_rasa, patient):
    await patient.write(NUMB)
    await asyncio.sleep(0.6)
    assert kinds(await patient.messages()) == ["er_now"]


async def test_the_message_is_answered_once_rasa_is_back(start, rasa):
    rasa.mode = "broken"
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.write("one")
        await patient.until(1)
        await patient.write("two")
        await patient.until(2)
        rasa.mode = "ok"
        got = await patient.until(4)
        assert [each["text"] for each in got[2:]] == ["You said: one", "You said: two"]
        await eventually(lambda: all(each.answered_at for each in rows(gateway.store, InboxMessage)))


async def test_a_hung_rasa_that_wakes_up_has_one_turn_only(gateway, patient):
    gateway.rasa.mode = "hung"
    await patient.write("one")
    await patient.until(1)
    gateway.rasa.released.set()
    got = await patient.until(2)
    assert got[1]["text"] == "You said: one" and len(gateway.rasa.got) == 1


async def test_the_advice_does_not_wait_for_the_message_before_it(gateway, patient):
    gateway.rasa.mode = "hung"
    await patient.write("my back hurts")
    await patient.write(NUMB)
    assert kinds(await patient.messages()) == ["er_now"]


async def test_a_message_that_rasa_never_answers_goes_to_a_person(gateway, patient):
    gateway.rasa.mode = "empty"
    await patient.write("my back hurts")
    await eventually(lambda: rows(gateway.store, Handoff) and not patient.conversation.pending)
    (handoff,) = rows(gateway.store, Handoff)
    assert handoff.human
    gateway.rasa.mode = "ok"
    await patient.write("hello")
    await patient.until(2)


async def test_after_a_crash_unanswered_messages_are_taken_up(start, rasa):
    rasa.mode = "broken"
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.write("one")
        await patient.write("two")
    rasa.mode = "ok"
    async with start() as again:
        patient.client, patient.gateway = again.client, again
        await eventually(
            lambda: [each.text for each in patient.conversation.messages if each.text.startswith("You said")]
            == ["You said: one", "You said: two"]
        )


# the store


@pytest.mark.parametrize("mode", ["broken", "hung"])
async def test_with_the_store_down_the_advice_comes_and_says_call_not_told(gateway, patient, mode):
    gateway.store.mode = mode
    assert (await patient.write(NUMB)).status == 202
    got = await patient.messages()
    assert got[0]["disposition"] == "er_now"
    assert "could not pass this on" in got[1]["text"] and "555-555-0199" in got[1]["text"]
    assert "told our team" not in json.dumps(got)


async def test_the_hand_off_is_replayed_when_the_store_is_back(start):
    async with start() as gateway:
        patient = await gateway.patient()
        gateway.store.mode = "broken"
        await patient.write(NUMB)
        await patient.until(3)
        assert gateway.parts["keeper"].waiting
        gateway.store.mode = "ok"
        await gateway.parts["keeper"].replay()
        assert [each.disposition for each in rows(gateway.store, Handoff)] == ["er_now"]
        assert [each.text for each in rows(gateway.store, InboxMessage)] == [NUMB]
        assert [each.seq for each in rows(gateway.store, OutboxMessage)] == [1, 2, 3]
        assert gateway.parts["keeper"].waiting == 0
        assert await gateway.parts["keeper"].replay() == 0


async def test_the_hand_off_survives_a_crash_in_the_spool(start):
    async with start() as gateway:
        patient = await gateway.patient()
        gateway.store.mode = "broken"
        await patient.write(NUMB)
        await patient.until(2)
    async with start() as again:
        await eventually(lambda: rows(again.store, Handoff))
        assert [each.disposition for each in rows(again.store, Handoff)] == ["er_now"]


async def test_a_write_that_was_only_slow_is_not_doubled(start):
    class Slow:
        """Commits, but later than anybody waits."""

        def __init__(self, store):
            self.store, self.real = store, store.real

        def __call__(self):
            return self

        def __getattr__(self, name):
            return getattr(self.store, name)

        def transaction(self):
            import time

            time.sleep(0.4)
            return self.store.transaction()

    from tests.gateway.conftest import BreakableStore

    async with start() as first:
        store = BreakableStore(first.store.url)
    async with start(store=Slow(store), timing={"Keeper": {"write_seconds": 0.2}}) as gateway:
        patient = await gateway.patient()
        await patient.write(NUMB)
        await asyncio.sleep(1.0)
        await gateway.parts["keeper"].replay()
        assert len(rows(gateway.store, InboxMessage)) == len(rows(gateway.store, Handoff)) == 1


async def test_with_store_and_spool_down_the_patient_must_send_again(gateway, patient, monkeypatch):
    def full(entry):
        raise OSError("disk full")

    gateway.store.mode = "broken"
    monkeypatch.setattr(gateway.parts["keeper"]._spool, "append", full)
    response = await patient.write(NUMB, id="same")
    assert response.status == 503 and "call" in (await response.json())["text"].lower()
    assert kinds(await patient.messages())[0] == "er_now"
    monkeypatch.undo()
    gateway.store.mode = "ok"
    await asyncio.sleep(0.15)
    assert (await patient.write(NUMB, id="same")).status == 202
    assert len(rows(gateway.store, Handoff)) == 1


async def test_after_a_restart_with_the_store_down_the_chat_goes_on(start):
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.write("hello")
        (first,) = await patient.until(1)
    async with start() as again:
        again.store.mode = "broken"
        patient.client, patient.gateway = again.client, again
        await patient.write(NUMB)
        got = await patient.messages(after=first["seq"])
        assert got[0]["disposition"] == "er_now" and got[0]["seq"] > first["seq"]
        again.store.mode = "ok"
        await asyncio.sleep(0.15)
        await patient.write("and now?")
        await patient.until(4)
        assert [each["seq"] for each in await patient.messages()][0] == first["seq"]
        assert [turn.text for turn in patient.conversation.turns][:2] == ["hello", NUMB]


@pytest.mark.parametrize("fault", ["reader", "rasa and store"])
async def test_faults_together(start, rasa, fault):
    class Broken:
        def read(self, *_):
            raise RuntimeError

    if fault == "rasa and store":
        await rasa.stop()
    async with start(**({"reader": Broken()} if fault == "reader" else {})) as gateway:
        patient = await gateway.patient()
        if fault != "reader":
            gateway.store.mode = "broken"
        assert (await patient.write("I can't pee, numb between legs")).status == 202
        assert (await patient.messages())[0]["disposition"] == "er_now"
        assert gateway.parts["keeper"].waiting or rows(gateway.store, Handoff)


# what is not logged

CANARY = "Zebediah Quux"


async def test_no_log_line_holds_what_a_patient_wrote(start, rasa, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    async with start() as gateway:
        patient = await gateway.patient()
        await patient.write(f"{CANARY} numb between legs")
        await patient.until(1)
        for mode in ("broken", "empty", "hung"):
            rasa.mode = mode
            await patient.write(f"{CANARY} {mode}")
        await patient.post({"id": "x", "choice": CANARY})
        await patient.client.post("/chat/messages", data=f'{{"id": "{CANARY}"'.encode(), headers=patient.headers)
        gateway.store.mode = "broken"
        await patient.write(f"{CANARY} chest pain")
        await patient.write(f"{CANARY} " * 400)
        await asyncio.sleep(0.4)
    out, err = capfd.readouterr()
    lines = "\n".join(
        record.getMessage() + str(record.exc_text or "") + str(record.exc_info or "") for record in caplog.records
    )
    for words in (CANARY, "Zebediah", patient.token, patient.conversation.id):
        assert words not in lines + out + err
    assert "guard.advice" in lines


# many at once


async def test_in_a_burst_everybody_is_judged_before_anything_is_stored(start, reader):
    events, all_there = [], threading.Event()

    class Waits:
        """Judges nobody until everybody has written."""

        def read(self, *arguments):
            all_there.wait(5)
            events.append("judged")
            return reader.read(*arguments)

    async with start(reader=Waits()) as gateway:
        gateway.parts["guard"]._seconds = 10
        transaction = gateway.store.real.transaction

        def noted():
            events.append("stored")
            return transaction()

        gateway.store.real.transaction = noted
        patients = [await gateway.patient() for _ in range(6)]
        events.clear()
        writing = [asyncio.create_task(each.write(f"{NUMB}, {number}")) for number, each in enumerate(patients)]
        await eventually(lambda: all(each.conversation.turns for each in patients))
        all_there.set()
        assert {(await each).status for each in writing} == {202}
        assert events[:6] == ["judged"] * 6
        assert all([(await each.messages())[0]["disposition"] == "er_now" for each in patients])


async def test_what_is_judged_for_long_does_not_keep_others_from_being_stored(start, reader):
    hung = threading.Event()

    class Hangs:
        def read(self, text, *arguments):
            if "poison" in text:
                hung.wait(5)
            return reader.read(text, *arguments)

    async with start(reader=Hangs()) as gateway:
        gateway.parts["guard"]._seconds = 0.2
        one, other = await gateway.patient(), await gateway.patient()
        writing = asyncio.create_task(one.write("poison"))
        await eventually(lambda: one.conversation.turns)
        assert (await other.write(NUMB)).status == 202
        assert len(rows(gateway.store, Handoff)) == 1
        hung.set()
        await writing
