import pytest

from intake.gateway import shape
from intake.gateway.rasa import Reply
from intake.triage.record import Turn, fold
from tests.gateway.conftest import NOW


def choices(protocol, asked, record=None):
    return shape.choices(protocol, asked, record, NOW, lambda question, option: f"{question}|{option}")


def texts(offered):
    return [each["text"] for each in offered["options"]]


def test_a_batch_offers_its_options_and_the_answers_that_the_channel_adds(protocol):
    offered = choices(protocol, "Q4")
    assert offered["kind"] == "many" and offered["question"] == "Q4"
    assert texts(offered) == [
        "Numb between my legs, or when I wipe",
        "Cannot pee",
        "Fever",
        "None of these",
        "Not sure",
        "Skip",
    ]
    assert [each.get("only") for each in offered["options"]] == [None, None, None, True, True, True]
    assert offered["options"][3]["token"] == "Q4|none!"


def test_a_slot_name_asks_the_web_question(protocol):
    assert texts(choices(protocol, "screen_nerves"))[0] == "Numb between my legs, or when I wipe"


def test_what_is_answered_is_not_offered_again(protocol, reader):
    record = fold([Turn(None, "I have a fever", NOW)], reader, protocol)
    assert "Fever" not in texts(choices(protocol, "Q4", record))


def test_when_everything_is_answered_everything_is_offered(protocol, reader):
    record = fold([Turn("Q4", "none", NOW)], reader, protocol)
    assert "Fever" in texts(choices(protocol, "Q4", record))


def test_a_number_is_a_scale(protocol):
    offered = choices(protocol, "Q13")
    assert offered["kind"] == "scale" and texts(offered)[:11] == [str(number) for number in range(11)]


def test_a_form_has_groups_and_a_number(protocol):
    offered = choices(protocol, "Q1")
    assert offered["kind"] == "form" and offered["number"] == {"min": 0, "max": 120}
    assert {each["group"] for each in offered["options"]} == {"Who"}


@pytest.mark.parametrize("asked", [None, "", "Q2", "unknown"])
def test_questions_answered_in_words_offer_nothing(protocol, asked):
    assert choices(protocol, asked) is None


@pytest.mark.parametrize(
    "asked, picked, words",
    [
        ("Q4", ["numb"], "Numb between my legs, or when I wipe"),
        ("Q4", ["numb", "fever"], "Numb between my legs, or when I wipe\nFever"),
        ("Q4", ["none!"], "None of these"),
        ("Q4", ["numb", "none!"], "Numb between my legs, or when I wipe"),
        ("Q4", ["unsure!"], "Not sure"),
        ("Q13", ["7"], "7"),
        ("Q4", ["doom"], None),
        ("nothing", ["numb"], None),
    ],
)
def test_picked_options_become_words(protocol, asked, picked, words):
    assert shape.answer(protocol, asked, picked) == words


def test_a_turn_is_one_text_with_the_question_in_its_sms_wording(protocol):
    text = shape.for_sms(
        [Reply("Thanks \u2013 that\u2019s noted."), Reply("Do you have any of these?\n- Numb", "Q4")], protocol, str
    )
    assert (
        text == "Thanks - that's noted. Any of these? A numb B cannot pee C fever. Letters, 0 for none, ? if not sure."
    )


def test_buttons_are_numbered_in_a_text(protocol):
    assert (
        shape.for_sms([Reply("When?", buttons=(("Mon", "/a"), ("Tue", "/b")))], protocol, str)
        == "When? Reply 1 Mon 2 Tue"
    )
    assert shape.numbered(Reply("When?", buttons=(("Mon", "/a"),)), "k")["options"] == [
        {"number": 1, "text": "Mon", "payload": "/a"}
    ]
