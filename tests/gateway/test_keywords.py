import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.gateway.keywords import WORDS, keyword

SHAPES = ["{}", " {} ", "{}.", "{}!!", '"{}"', "{}\n", "\u201c{}\u201d"]


@pytest.mark.parametrize("word, shape", itertools.product(WORDS, SHAPES))
def test_every_keyword_counts_in_any_case_and_with_any_punctuation(word, shape):
    for each in (word, word.lower(), word.title()):
        assert keyword(shape.format(each)) == WORDS[word]


@pytest.mark.parametrize("text", [
    "please stop texting me", "Stop texting me", "STOP TEXTING ME!!", "stop sending me texts", "quit texting me",
    "please stop these messages",
    "no more texts please", "don't text me anymore", "Do not text me again.", "dont message me",
    "do not contact me", "stop messaging this number",
    "unsubscribe me", "please opt me out", "I want to opt out", "take me off your list", "remove me from this list",
    "remove my number",
    "delete my number", "wrong number", "you have the wrong number", "I don't want these texts",
    "I no longer want to receive texts",
    "no m\u00e1s mensajes", "no mas", "deje de mandar mensajes", "ya no quiero mensajes", "no me manden mensajes",
    "leave me alone",
    "can you stop texting me", "ok stop the texts", "my pain is fine, please stop texting me",
])  # fmt: skip
def test_the_wish_for_no_more_texts_counts_in_ones_own_words(text):
    assert keyword(text) == "stop"


@pytest.mark.parametrize("text", [
    "the pain doesn't stop", "pain doesn't stop", "make it stop", "stop the pain", "please stop the pain",
    "I want it to end", "end it",
    "I want to end it all", "I can't stop shaking", "it won't stop hurting", "should I stop my blood thinner?",
    "I had to stop walking",
    "the numbness stopped", "I quit smoking", "I quit my job because of it", "cancel my appointment",
    "can I cancel", "I need help",
    "help me I fell", "help my leg is numb", "info about injections", "yes", "Y", "no", "end stage kidney disease",
    "stop sign accident",
    "I cannot stop peeing", "it starts in my back", "start at my hip", "I don't want to live",
    "do not move my neck well", "I don't text well",
    "no more pain pills", "stopped sending signals to my foot", "The nerve stopped sending messages",
])  # fmt: skip
def test_clinical_text_does_not_opt_out(text):
    assert keyword(text) is None


@given(st.text(max_size=200))
def test_it_never_raises(text):
    assert keyword(text) in (None, "stop", "start", "help")
