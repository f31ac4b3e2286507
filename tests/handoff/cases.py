"""A small protocol, a record and its assessment, made by hand: what packets are tested with."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

from intake.handoff import Request
from intake.protocol.model import Course, Disposition, DispositionInfo, Fact, Finding, Header, Rule, Status, Timing
from intake.triage.assess import Assessment
from intake.triage.conditions import Evidence
from intake.triage.record import Record, Statement, Turn, Value
from intake.triage.rules import Fired

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=timezone.utc)  # Tuesday, 9:00 in New York


def finding(id: str, group: str, label: str) -> Finding:
    return Finding(id=id, label=label, patient=label, kind="symptom", group=group, tier=1)


PROTOCOL: Any = SimpleNamespace(
    version="1.2",
    header=Header(version="1.2", constants={}, order={}, minimum_screen=[], packet=[
        "age", "sex", "pain_location", "pain_duration_days", "pain_severity", "treatments_tried", "goals"]),
    findings={each.id: each for each in [
        finding("saddle_numbness", "cauda_equina", "Numb groin or saddle"),
        finding("urinary_retention", "cauda_equina", "Cannot pass urine"),
        finding("fever", "infection", "Fever"),
        finding("suicidal_ideation", "mood", "Thoughts of suicide"),
        finding("weight_loss", "cancer", "Weight loss"),
        finding("cancer_history", "cancer", "History of cancer"),
    ]},
    facts={id: Fact(id=id, label=label, kind="number", unit=unit) for id, label, unit in [
        ("age", "Age", "years"), ("sex", "Sex at birth", None), ("pain_location", "Where it hurts", None),
        ("pain_duration_days", "How long", "days"), ("pain_severity", "Pain now", None),
        ("treatments_tried", "Tried", None), ("goals", "Goals", None)]},
    rules={"R101": Rule(id="R101", title="Possible cauda equina", stage="screen", tiers=[], reason="numb groin",
                        source="GIRFT", evidence="L")},
    dispositions={Disposition.er_now: DispositionInfo(
        id="er_now", code="E2", label="Emergency now - ER", timeframe="within hours", recipient="ER", text="er_now",
        sla_minutes=5, always=True)},
    questions={"Q7": SimpleNamespace(text="Any fever?")},
)

RECORD = Record(
    turns=(
        Turn(None, "numb between my legs since yesterday", NOW),
        Turn("Q4", "I can pee fine, <b>not sure</b> about fever", NOW + timedelta(minutes=1)),
        Turn("Q9", "skip", NOW + timedelta(minutes=2)),
        Turn("Q8", "my brother had cancer", NOW + timedelta(minutes=3)),
    ),
    statements=(
        Statement("saddle_numbness", Status.present, Course.new, Timing.le72h, 0, "numb between my legs", None, NOW),
        Statement("urinary_retention", Status.absent, turn=1, words="I can pee fine", asked="Q4"),
        Statement("fever", Status.unsure, turn=1, words="<b>not sure</b> about fever", asked="Q4"),
        Statement("suicidal_ideation", Status.declined, turn=2, words="skip", asked="Q9"),
        Statement("cancer_history", Status.other_person, turn=3, words="my brother had cancer", asked="Q8"),
    ),
    values=(
        Value("age", 47, 0, "47"), Value("pain_location", ("lower_back", "leg"), 0, "low back"),
        Value("pain_duration_days", (84, None), 0, "three months"), Value("treatments_tried", ("heat",), 1, "heat"),
        Value("goals", ("sleep",), 2, "sleep"),
    ),
)

ASSESSMENT = Assessment(
    Disposition.er_now, False,
    (Fired("R101", 0, Disposition.er_now, (Evidence("saddle_numbness", "present", "numb between my legs", 0),), True),),
    unanswered=("Q7",), contradictions=("fever",),
)

TOLD = (("Go to the ER now, even at night.", NOW + timedelta(seconds=1)),)


def request(conversation_id: str, disposition: Disposition | None = Disposition.er_now, **more: Any) -> Request:
    values: dict[str, Any] = {
        "human": False, "rule_ids": ("R101",), "protocol_version": "1.2", "packet": {"label": "x", "rules": []},
        "advice": "Go to the ER now.",
    }
    return Request(conversation_id, disposition, **{**values, **more})
