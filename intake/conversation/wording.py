"""Which text of the protocol to say, and its words for this clinic and channel."""

from __future__ import annotations

from datetime import datetime

from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.protocol.model import Disposition, Question, Text


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
    """A question as plain text: on SMS the options are in the text, on the web they follow as a lettered list."""
    text = clinic.fill(question.text, sms=question.channel == "sms")
    if question.channel == "sms" or not question.options:
        return text
    lines = [f"- {option.text}" for option in question.options]
    if question.kind == "batch" and question.allow_none:
        lines.append("- None of these")
    if question.allow_unsure and question.kind in ("batch", "choice"):
        lines.append("- Not sure")
    return "\n".join([text, *dict.fromkeys(lines)])
