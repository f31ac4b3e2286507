"""Where a conversation stands: the record, what it amounts to, and the slots that Rasa keeps of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.conversation.turns import NUMBER, Event, shown, turns
from intake.language.reader import Reader
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.protocol.model import Disposition, Question
from intake.triage.assess import Assessment, assess
from intake.triage.record import NOT_ASKED, Record, asks, fold

# Questions that the booking form asks itself, after the outcome.
AFTER_OUTCOME = frozenset({"contact", "appointment_choice"})
FACT_SLOTS = (
    "pain_location",
    "pain_onset",
    "pain_duration_days",
    "pain_severity",
    "pain_trend",
    "treatments_tried",
    "goals",
)


@dataclass(frozen=True)
class Plan:
    """A conversation folded and assessed at one moment."""

    record: Record
    assessment: Assessment
    shown: Disposition | None
    channel: str

    def next_question(self, protocol: Protocol) -> Question | None:
        """The next question of the intake, or None when it is over: all asked, an emergency, no consent, a minor."""
        if self.record.fact("consent") == "no" or self.is_minor_alone(protocol):
            return None
        if self.assessment.disposition is not None and self.assessment.disposition.is_emergency:
            asked = self.record.fact("able_to_go")
            return None if asked or not self.shown else protocol.question_for("able_to_go", self.channel)
        id = self.assessment.next_question
        question = protocol.question_for(id, self.channel) if id else None
        return None if question is None or question.slot in AFTER_OUTCOME else question

    def told_something(self) -> bool:
        """The last message said something that stands in the record now, though it may not be what was asked."""
        last = len(self.record.turns) - 1
        told = [*(each.turn for each in self.record.statements), *(each.turn for each in self.record.values)]
        return last in told and not NUMBER.match(self.record.turns[last].text)

    def is_minor_alone(self, protocol: Protocol) -> bool:
        """The patient is not grown up and writes without an adult: a guardian must go on (R137)."""
        age = self.record.fact("age")
        return age is not None and age < protocol.constants["adult_age"] and self.record.fact("reporter") != "caregiver"

    @property
    def asked_id(self) -> str | None:
        """The id to ask by; a timing follow-up names its option ("Q4t:numb")."""
        return self.assessment.next_question


def make_plan(
    events: Iterable[Event],
    protocol: Protocol,
    reader: Reader,
    clinic: Clinic,
    now: datetime,
    channel: str,
    ended: bool = False,
) -> Plan:
    """Folds and assesses the events of a tracker; `ended` = no more questions will be asked."""
    rows = list(events)
    free_text = {question.id for question in protocol.questions.values() if question.kind == "text"}
    record = fold(turns(rows, free_text), reader, protocol)
    seen = shown(rows)
    judged = assess(record, protocol, now, clinic.is_open(now), seen, channel=channel, ended=ended)
    return Plan(record, judged, seen, channel)


def slots(plan: Plan, protocol: Protocol) -> dict[str, Any]:
    """Slot values that show staff and tests what is known; triage itself never reads them."""
    record = plan.record
    values: dict[str, Any] = {slot: record.fact(slot) for slot in FACT_SLOTS}
    values["patient_age"] = record.fact("age")
    values["contact"] = record.fact("contact")
    values["findings"] = {
        id: {
            "status": getattr(record.state(id), "value", record.state(id)),
            "course": record.course(id).value,
            "timing": record.timing(id).value,
        }
        for id in record.known()
    }
    for question in protocol.questions.values():
        if (
            question.channel == plan.channel
            and question.slot not in values
            and {question.id, question.slot} & record.answered
        ):
            values[question.slot] = _answer(question, record)
    return {slot: value for slot, value in values.items() if value is not None}


def _answer(question: Question, record: Record) -> Any:
    """What is known of a question's items, as one value: positive ids, a fact, or "answered"."""
    ids = asks(question)
    if ids:
        return (
            sorted(
                id
                for id in ids
                if record.state(id) not in (NOT_ASKED,) and record.state(id).value in ("present", "unsure")
            )
            or "none"
        )
    facts = {question.fact} if question.fact else {fact for option in question.options for fact in option.facts}
    known = [record.fact(fact) for fact in sorted(facts) if record.fact(fact) is not None]
    return known[0] if known else "answered"
