"""The protocol's safety texts in Spanish, for patients who write in Spanish. All other texts are English only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from intake.conversation.wording import words
from intake.gateway.rasa import Reply
from intake.language.spanish import is_spanish, speaks_spanish
from intake.protocol.model import Text
from intake.triage.record import Turn

INTERPRETER = "interpreter"  # the text for whoever writes in Spanish


def spoken(turns: Iterable[Turn]) -> bool:
    """Whether the patient writes in Spanish at the moment."""
    return speaks_spanish([turn.text for turn in turns])


def ever_spoken(turns: Iterable[Turn]) -> bool:
    """Whether any message was in Spanish: from then on a person with an interpreter is wanted."""
    return any(is_spanish(turn.text) for turn in turns)


def twin(text: Text, clinic: Any, channel: str) -> str | None:
    """A text in Spanish, in the words of the channel; None when there is none."""
    if channel == "sms":
        return clinic.fill(" ".join(text.sms_es), sms=True) if text.sms_es else None
    return clinic.fill(text.web_es) if text.web_es else None


class Spanish:
    """Puts what is said to a patient into Spanish where the protocol can."""

    def __init__(self, protocol: Any, clinic: Any) -> None:
        texts = protocol.texts.values() if protocol and clinic else ()
        self._twins = {
            channel: {words(text, clinic, channel): twin(text, clinic, channel) for text in texts}
            for channel in ("web", "sms")
        }

    def of(self, text: str, channel: str) -> str:
        """A text of the protocol in Spanish; any other as it is."""
        return self._twins[channel].get(text) or text

    def replies(self, replies: Iterable[Reply], channel: str) -> list[Reply]:
        """Rasa's replies, those in Spanish that have a Spanish twin."""
        return [replace(reply, text=self.of(reply.text, channel)) for reply in replies]
