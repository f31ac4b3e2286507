"""Where a conversation stands: the record, what it amounts to, and the slots that Rasa keeps of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.conversation import steps
from intake.conversation.turns import Event, current, shown, turns
from intake.protocol.clinic import Clinic
from intake.protocol.load import Protocol
from intake.protocol.model import Disposition, Question
from intake.triage import screen
from intake.triage.asking import asks
from intake.triage.assess import Assessment, assess
from intake.triage.folding import Folding
from intake.triage.record import NOT_ASKED, Record

# Slots that other forms ask for, after the outcome.
BOOKING = ("contact", "appointment_choice")
AFTER_BOOKING = (
    "failed_conservative",
    "past_care",
    "medicines_allergies",
)  # what the visit is prepared with; all can be skipped
AFTER_OUTCOME = frozenset({*BOOKING, *AFTER_BOOKING})
FACT_SLOTS = (
    "pain_location",
    "pain_onset",
    "pain_duration_days",
    "pain_severity",
    "pain_trend",
    "treatments_tried",
    "goals",
)
PERSON_AFTER = 3  # answers in a row that nobody understood (3E)


@dataclass(frozen=True)
class Plan:
    """A conversation folded and assessed at one moment."""

    record: Record
    assessment: Assessment
    shown: Disposition | None
    channel: str
    misunderstood: int = 0  # answers in a row
    stale: frozenset[str] = frozenset()  # facts that are too old to count

    def next_question(self, protocol: Protocol) -> Question | None:
        """The next question of the intake, or None when it is over: all asked, an emergency, no consent, a minor."""
        asked = self.next_asked(protocol)
        return protocol.question_for(asked) if asked else None

    def next_asked(self, protocol: Protocol) -> str | None:
        """What to ask next; a timing follow-up names its option ("Q4t:numb")."""
        if self.record.fact("consent") == "no" or self.is_minor_alone(protocol):
            return None
        if self.assessment.disposition is not None and self.assessment.disposition.is_emergency:
            asked = self.record.fact("able_to_go") or not self.shown
            return None if asked else self._of_slot("able_to_go", protocol)
        back = steps.reopened(self.record, protocol) or steps.refused(self.record, protocol)
        id = back or self.assessment.next_question
        question = protocol.question_for(id, self.channel) if id else None
        if question is not None and question.slot not in AFTER_OUTCOME:
            return id if question.id == str(id).partition(":")[0] else question.id
        slot = self._to_confirm()
        return self._of_slot(slot, protocol) if slot else None

    def next_for_visit(self, protocol: Protocol) -> str | None:
        """What to ask once a visit is booked."""
        if self.assessment.disposition is not None and self.assessment.disposition.is_emergency:
            return None
        questions = (protocol.question_for(slot, self.channel) for slot in AFTER_BOOKING)
        return next((each.id for each in questions if each and screen.due(each, self.record, protocol)), None)

    def _of_slot(self, slot: str, protocol: Protocol) -> str | None:
        question = protocol.question_for(slot, self.channel)
        return question.id if question else None

    def _to_confirm(self) -> str | None:
        """The slot that settles the summary: it is shown once, and again after each change."""
        confirmed = self.record.fact("summary") == "confirmed" and "summary" not in self.stale
        if self.assessment.disposition is None or confirmed:
            return None
        told = {each.id: each.turn for each in self.record.values if each.id in ("summary", "summary_change")}
        if "summary" in self.stale:
            return "summary"
        wrong, changed = told.get("summary"), told.get("summary_change", -1)
        return "summary_change" if wrong is not None and (changed is None or changed < wrong) else "summary"

    def told_something(self) -> bool:
        """The last message said something that stands in the record now, though it may not be what was asked."""
        return bool(self.record.turns) and steps.says_something(self.record, len(self.record.turns) - 1)

    def is_minor_alone(self, protocol: Protocol) -> bool:
        """The patient is not grown up and writes without an adult: a guardian must go on (R137)."""
        age = self.record.fact("age")
        return age is not None and age < protocol.constants["adult_age"] and self.record.fact("reporter") != "caregiver"


def make_plan(
    events: Iterable[Event], fold: Folding, clinic: Clinic, now: datetime, channel: str, ended: bool = False
) -> Plan:
    """Folds and assesses the events of a tracker; `ended` = no more questions will be asked."""
    rows, protocol = current(events), fold.protocol
    free_text = {question.id for question in protocol.questions.values() if question.kind == "text"}
    record = fold(turns(rows, free_text))
    lost = steps.misunderstood(record)
    if lost >= PERSON_AFTER:
        record = record.plus(fallbacks=lost)
    seen = shown(rows)
    judged = assess(record, protocol, now, clinic.is_open(now), seen, channel=channel, ended=ended)
    return Plan(record, judged, seen, channel, lost, record.fresh(now).stale)


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
