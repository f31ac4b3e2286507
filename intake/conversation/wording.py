"""Which text of the protocol to say, and its words for this clinic and channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from intake.conversation.summary import denial, summary
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.protocol.model import Disposition, Option, Question, Status, Text
from intake.protocol.wording import septets
from intake.triage.asking import dated_options, open_options
from intake.triage.record import Record

NONE, UNSURE = "None of these", "Not sure"
TEXT_MESSAGE = 160  # septets


def text_for(id: str, protocol: Protocol, clinic: Clinic, now: datetime) -> Text:
    """The text `id`, or the one to say instead when nobody is paged at `now`: no text may promise a call then."""
    text = protocol.texts[id]
    disposition = text.disposition or Disposition.same_day
    if text.promises_call and text.otherwise and not clinic.pages(disposition, now):
        return protocol.texts[text.otherwise]
    return text


def words(text: Text, clinic: Clinic, channel: str = "web") -> str:
    """A text in the words of the channel, the clinic's name and phone filled in."""
    if channel == "sms":
        return clinic.fill(" ".join(text.sms), sms=True)
    return clinic.fill(text.web)


def question_words(question: Question, clinic: Clinic) -> str:
    """A question in full, as plain text: on SMS the options are in the text, on the web they follow as a list."""
    text = clinic.fill(question.text, sms=question.channel == "sms")
    return text if question.channel == "sms" else "\n".join([text, *(f"- {each}" for each in choices(question))])


def choices(question: Question, options: Sequence[Option] | None = None) -> list[str]:
    """What can be picked, with what the channel adds; `options` = those that are still open."""
    texts = [option.text for option in (question.options if options is None else options)]
    if texts and question.kind == "batch" and question.allow_none:
        texts.append(NONE)
    if texts and question.allow_unsure and question.kind in ("batch", "choice"):
        texts.append(UNSURE)
    return list(dict.fromkeys(texts))


def asked_words(asked: str, record: Record, protocol: Protocol, clinic: Clinic, numbered: bool = False) -> str:
    """A question as this patient is asked it: without what is known already, which is shown as understood.

    `asked` may name the option that a timing follow-up is about ("Q4t:numb"); `numbered` shows numbers to pick by.
    """
    question = protocol.questions[asked.partition(":")[0]]
    left = open_options(question, record, protocol)
    said = understood(question, left, record, protocol)
    text = clinic.fill(question.text, sms=question.channel == "sms")
    if question.each and ":" in asked:
        said = "; ".join(option.text for option in dated_options(question, asked, protocol)[:1])
    if question.slot == "summary":
        return f"{summary(record, protocol, question.channel)}\n{text}"
    if question.channel == "sms":
        return _text_message(question, text, left, said)
    listed = choices(question, left)
    marks = (
        [f"{number} {each}" for number, each in enumerate(listed, 1)] if numbered else [f"- {each}" for each in listed]
    )
    return "\n".join([f"You said: {said}. {text}" if said else text, *marks])


def understood(question: Question, left: Iterable[Option], record: Record, protocol: Protocol) -> str:
    """What the patient has said about the options that are not asked any more: "fever, no weight loss"."""
    open_ = list(left)
    ids = dict.fromkeys(id for option in question.options if option not in open_ for id in option.findings)
    there = [protocol.findings[id].patient for id in ids if record.state(id) is Status.present]
    denied = [denial(protocol.findings[id].patient) for id in ids if record.state(id) is Status.absent]
    return ", ".join([*there, *denied])


def _text_message(question: Question, text: str, left: Sequence[Option], said: str) -> str:
    """A text message without the options that are known; letters stay as they are, since the answers name them."""
    known = [option for option in question.options if option not in left]
    short = without(text, question, known) if known else text
    told = f"You said: {said}. {short}" if said else short
    return told if septets(told) <= TEXT_MESSAGE else short


def without(text: str, question: Question, known: Iterable[Option]) -> str:
    """The text of an SMS question without some of its lettered options."""
    places, start = [], 0
    for option in question.options:
        found = re.compile(rf"(?<!\w){re.escape(option.id)} ").search(text, start)
        if found is None:
            return text
        places.append(found.start())
        start = found.end()
    end = re.compile(r"[.] ").search(text, start)
    last = end.start() if end else len(text)
    parts = [text[at:to].strip(" ,.") for at, to in zip(places, [*places[1:], last], strict=True)]
    dropped = {option.id for option in known}
    kept = [part for option, part in zip(question.options, parts, strict=True) if option.id not in dropped]
    return " ".join([text[: places[0]].strip(), *kept]) + text[last:]
