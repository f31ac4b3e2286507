"""One message understood: what it says, the floor it sets alone, and its intent; for Rasa and `explain` alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from intake.conversation.turns import ASKS_WHY, BACK, goes_back
from intake.language.intents import Intent, IntentReader
from intake.language.reader import Reader, Reading, uncollected
from intake.protocol.load import Protocol
from intake.triage.assess import Assessment, floor
from intake.triage.record import Turn, fold

SHORT = 80  # characters of a question about the question
REACHES = re.compile(r"\S@\S|(\d\D{0,2}){7}")  # an address or a phone number


@dataclass(frozen=True)
class Understanding:
    """What a message says (`reading`), what it demands by P0 and P1 alone (`floor`), what it is for (`intent`)."""

    reading: Reading
    floor: Assessment
    intent: Intent

    @property
    def is_emergency(self) -> bool:
        """The message alone sets an emergency floor."""
        return self.floor.disposition is not None and self.floor.disposition.is_emergency


class Understander:
    """Understands messages by one protocol; `examples` are (intent, text) pairs for the classifier."""

    @uncollected()
    def __init__(self, protocol: Protocol, examples: Iterable[tuple[str, str]]) -> None:
        self.protocol = protocol
        self.reader = Reader(protocol)
        self._intents = IntentReader(self.reader, examples)

    def understand(self, text: str, asked: str | None, at: datetime) -> Understanding:
        """Reads and judges `text`, the answer to `asked`, written at `at` (time zone aware)."""
        reading = self.reader.read(text, asked, at.date())
        record = fold([Turn(asked, text, at)], self.reader, self.protocol)
        judged = floor(record, self.protocol, at)
        question = self.protocol.question_for(asked)
        emergency = judged.disposition is not None and judged.disposition.is_emergency
        intent = self._intents.intent(text, reading, emergency, question.slot if question else None)
        if question and question.slot == "contact" and REACHES.search(text) and not emergency:
            intent = Intent("request_appointment", 1.0, intent.ranking)  # "call me at" is no wish for a person here
        elif question and not emergency and goes_back(text):
            intent = Intent(BACK, 1.0, intent.ranking)
        elif question and not reading.mentions and not emergency and ASKS_WHY.search(text) and len(text) < SHORT:
            intent = Intent("decline_to_answer", 1.0, intent.ranking)  # "why do you ask?"
        elif "wants_person" in reading.facts and not emergency:
            intent = Intent("request_human", 1.0, intent.ranking)  # the button "Talk to a person"
        return Understanding(reading, judged, intent)
