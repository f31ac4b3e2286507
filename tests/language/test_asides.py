"""Greetings, thanks, names and the like are left out, and only where they stand as such."""

from __future__ import annotations

import pytest

from intake.language.asides import Asides
from intake.language.reader import Reader
from intake.language.text import SENTENCE, Words
from intake.protocol.load import load
from intake.protocol.model import Status

ASIDES = Asides(load().language["asides"])


def left(reader: Reader, text: str, *, person: bool = False) -> Words:
    return ASIDES.without(reader.splitter.split(text), person)


@pytest.mark.parametrize(
    "text",
    (
        "Hi. leg numb",
        "hello there leg numb",
        "Good morning! leg numb",
        "leg numb lol",
        "leg numb. Thank you so much for your time.",
        "My name is Rosa Delgado. leg numb",
        "I don't have insurance. leg numb",
        "leg numb. Good night",
        "It's 2 am here. leg numb",
        "Hey doc. My name is Al. sorry to bother you. leg numb, thanks!",
    ),
)
def test_what_is_beside_the_matter_is_left_out(reader: Reader, text: str) -> None:
    assert left(reader, text).norms == ("leg", "numb")


@pytest.mark.parametrize(
    "text",
    (
        "never had a good night since",
        "the morning is the worst",
        "pain wakes me at 2 am",
        "its 2 am and my chest hurts",
        "i have medicare and no feeling in my leg",
        "my name is not the problem my leg is numb",
        "i dont want to live",
        "not a big deal breaker but my foot drops",
        "thanks to the fall my back is broken",
    ),
)
def test_words_that_say_more_stay(reader: Reader, text: str) -> None:
    words = reader.splitter.split(text)
    assert ASIDES.without(words) == words


def test_the_stop_after_an_aside_stays(reader: Reader) -> None:
    assert left(reader, "my leg hurts lol. no fever").breaks[3] == SENTENCE


def test_words_keep_their_places_in_the_text(reader: Reader) -> None:
    text = "Hi. no fever"
    words = left(reader, text)
    assert [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)] == ["no", "fever"]


def test_age_and_sex_stay_unless_they_are_not_wanted(reader: Reader) -> None:
    assert left(reader, "I'm 44. leg numb").norms == ("im", "44", "leg", "numb")
    assert left(reader, "I'm 44. leg numb", person=True).norms == ("leg", "numb")


def test_who_says_to_be_a_woman_speaks_of_herself(reader: Reader) -> None:
    mentions = {each.id: each.status for each in reader.read("I'm a woman. chest pain").mentions}
    assert mentions["chest_pain"] is Status.present


@pytest.mark.parametrize("text", ("hi", "thanks", "lol", "Good night", ""))
def test_a_message_of_nothing_else_says_nothing(reader: Reader, text: str) -> None:
    assert reader.read(text).mentions == ()
