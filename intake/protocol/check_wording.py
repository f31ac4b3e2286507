"""Every wording a patient can meet: does it fit its channel, can it be read, does it say the right thing first?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import wording
from .clinic import Clinic
from .model import Question, Text
from .source import FieldPath, Problem

if TYPE_CHECKING:
    from .load import Protocol

EMERGENCY_GRADE, TARGET_GRADE, MAXIMUM_GRADE = 4.0, 6.0, 8.0
MESSAGE_SEPTETS = 160
SPANISH_SEGMENTS = 3
FIRST_CHARACTERS = 60  # within which a safety text tells what to do
FIRST_SENTENCE_WORDS = 8
DO_THIS = re.compile(
    r"\b(call|go to|give|keep still|take|text 988|please go|reply|write again|ask|tell me)\b", re.IGNORECASE
)
HAZ_ESTO = re.compile(r"\b(llame|llámenos|vaya|dé|escriba|diga|no deje|acueste|quédese|hable)\b", re.IGNORECASE)
WILL_CALL = re.compile(
    r"\bwill (try to )?call\b|\bwill check on you\b(?=.*\bcall\b)|\bthey will call\b|\bwill reply here\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Wording:
    """One piece of text as a patient gets it."""

    kind: str  # questions or texts
    id: str
    path: FieldPath
    text: str  # filled with the clinic's names
    raw: str
    language: str = "en"
    sms: bool = False
    emergency: bool = False
    verbatim: bool = False  # a validated item: may not be reworded, whatever its grade


def wordings(protocol: Protocol, clinic: Clinic) -> Iterator[Wording]:
    """Every wording of the protocol; the report shows them too."""
    for id, question in protocol.questions.items():
        yield from _of_question(id, question, clinic)
    for id, text in protocol.texts.items():
        yield from _of_text(id, text, clinic)


def _of_question(id: str, question: Question, clinic: Clinic) -> Iterator[Wording]:
    sms = question.channel == "sms"
    verbatim = question.kind == "peg"
    yield Wording(
        "questions", id, ("text",), clinic.fill(question.text, sms), question.text, sms=sms, verbatim=verbatim
    )
    if question.why:
        yield Wording("questions", id, ("why",), clinic.fill(question.why, sms), question.why, sms=sms)
    if not sms and question.options:
        whole = ". ".join([question.text.rstrip("."), *(option.text for option in question.options)]) + "."
        yield Wording("questions", id, ("options",), clinic.fill(whole), whole)


def _of_text(id: str, text: Text, clinic: Clinic) -> Iterator[Wording]:
    emergency = bool(text.disposition and text.disposition.is_emergency)
    yield Wording("texts", id, ("web",), clinic.fill(text.web), text.web, emergency=emergency)
    for position, sms in enumerate(text.sms):
        yield Wording("texts", id, ("sms", position), clinic.fill(sms, True), sms, sms=True, emergency=emergency)
    if text.web_es:
        yield Wording("texts", id, ("web_es",), clinic.fill(text.web_es), text.web_es, "es", emergency=emergency)
    for position, sms in enumerate(text.sms_es):
        filled = clinic.fill(sms, True)
        yield Wording("texts", id, ("sms_es", position), filled, sms, "es", sms=True, emergency=emergency)


def wording_problems(protocol: Protocol, clinic: Clinic) -> Iterator[Problem]:
    """Everything wrong with any wording."""
    for one in wordings(protocol, clinic):
        for message, fix, warning in _wrong(one):
            yield protocol.problem(one.kind, one.id, one.path, message, fix=fix, warning=warning)
    for id, text in protocol.texts.items():
        for path, message, fix in _wrong_text(text, protocol):
            yield protocol.problem("texts", id, path, message, fix=fix)


Wrong = tuple[str, str, bool]


def _wrong(one: Wording) -> Iterator[Wrong]:
    for name in wording.placeholders(one.raw) - {"clinic", "phone"}:
        yield f"unknown placeholder {{{name}}}", "only {clinic} and {phone} are filled in", False
    if wording.unfinished(one.raw):
        yield "is not finished", "write the real text", False
    yield from _length(one)
    if one.language == "en":
        yield from _reading(one)


def _length(one: Wording) -> Iterator[Wrong]:
    if not one.sms or one.path[0] == "why":
        return
    if one.language == "es":
        if wording.segments(one.text) > SPANISH_SEGMENTS:
            units = len(one.text.encode("utf-16-le")) // 2
            yield (
                f"makes {wording.segments(one.text)} messages ({units} characters)",
                "shorten it to 201 characters",
                False,
            )
        return
    strange = wording.outside_gsm7(one.text)
    if strange:
        yield f"holds {strange!r}, which a plain text message cannot carry", "write straight quotes, - and ...", False
    length = wording.septets(one.text)
    if length > MESSAGE_SEPTETS:
        fix = f"shorten it by {length - MESSAGE_SEPTETS} characters"
        yield f"has {length} characters with this clinic's names, one text message holds {MESSAGE_SEPTETS}", fix, False


def _reading(one: Wording) -> Iterator[Wrong]:
    for word in wording.words_of(one.raw) & set(wording.BANNED):
        yield f"uses the hard word {word!r}", f"say: {wording.BANNED[word]}", False
    for phrase in wording.FORBIDDEN:
        if re.search(rf"\b{re.escape(phrase)}\b", one.raw, re.IGNORECASE):
            yield f"says {phrase!r}", "no text may promise or reassure", False
    grade = wording.grade(one.text)
    if grade is None or one.verbatim:
        return
    limit = EMERGENCY_GRADE if one.emergency else MAXIMUM_GRADE
    fix = "use shorter sentences and shorter words"
    if grade > limit:
        yield f"reads at grade {grade}, at most {limit:g}", fix, False
    elif grade > TARGET_GRADE:
        yield f"reads at grade {grade}, better {TARGET_GRADE:g}", fix, True


def _wrong_text(text: Text, protocol: Protocol) -> Iterator[tuple[FieldPath, str, str]]:
    emergency = bool(text.disposition and text.disposition.is_emergency)
    if emergency or text.safety:
        yield from _safety(text)
    if emergency:
        for key, said in (("web", text.web), ("sms", text.sms[0])):
            first = wording.sentences(said)[0]
            if len(first.split()) > FIRST_SENTENCE_WORDS:
                yield (key,), f"the first sentence has {len(first.split())} words", "say what to do in at most 8 words"
            if not DO_THIS.search(said[:FIRST_CHARACTERS]):
                yield (key,), "does not tell what to do at once", "begin with Call 911 now. or Go to the ER now."
    if len(text.sms_ids) > len(text.sms):
        yield ("sms_ids",), "names more texts than `sms` holds", "one id for each text message"
    promises = any(WILL_CALL.search(said) for said in (text.web, *text.sms))
    if promises and not text.promises_call:
        yield ("promises_call",), "promises a call", "write promises_call: true and name the text to send `otherwise`"
    if text.promises_call and not text.otherwise:
        yield ("otherwise",), "is missing", "name the text to send when clinic.yml names nobody who is paged"
    other = protocol.texts.get(text.otherwise or "")
    if other and (other.promises_call or (text.disposition and other.disposition != text.disposition)):
        yield (
            ("otherwise",),
            "promises a call too, or has another level",
            "name a text of the same level without a promise",
        )


def _safety(text: Text) -> Iterator[tuple[FieldPath, str, str]]:
    if not text.web_es:
        yield ("web_es",), "a safety text needs Spanish", "add web_es:"
    if not text.sms_es:
        yield ("sms_es",), "a safety text needs Spanish", "add sms_es:"
    for key, said in (("web_es", text.web_es), *(("sms_es", one) for one in text.sms_es)):
        if said and not HAZ_ESTO.search(said[:FIRST_CHARACTERS]):
            yield (
                (key,),
                f"does not tell what to do in the first {FIRST_CHARACTERS} characters",
                "begin with Llame or Vaya",
            )
