"""Test twins of the rules: `tests/protocol/rules/<id>.yml` beside `protocol/rules/<id>.yml`.

A twin is a list of cases, written from clinical reference and not from the rule:

    name         what the case shows
    findings     ids that are present, or {id: status | [status, ...] | {status, timing, course, volunteered}}
    each         ids of which each makes the case on its own, beside `findings`
    timing       time band of what is present, where `findings` gives none
    facts        {fact: value}; ranges as [least, most]
    each_facts   list of facts, each of which makes the case on its own
    screen       clean: everything else of the minimum screen is denied, and the pain is mild, new and stable
    clinic_open  default true
    ended        the patient has left; default false
    expect       the disposition, or null: of P0 and P1 for their rules (`floor`), else of everything (`assess`)
    level        what the twin's own rule gives, when another rule gives as much (null: a note)
    rules        ids that must fire;  not_rules: ids that must not
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from intake.protocol.model import Course, Disposition, Status, Timing
from intake.triage.assess import EMERGENCY_STAGES, Assessment, assess, floor
from intake.triage.record import Record, Statement, Turn, Value, asks
from intake.triage.rules import Fired

FOLDER = Path(__file__).parents[1] / "protocol" / "rules"
NOW = datetime(2026, 11, 24, 10)
MILD = {
    "age": 40,
    "pain_location": ["lower_back"],
    "pain_duration_days": [0, 13],
    "pain_trend": "same",
    "pain_severity": 5,
    "interference": ["none"],
}
KEYS = {
    "name",
    "findings",
    "each",
    "timing",
    "facts",
    "each_facts",
    "screen",
    "clinic_open",
    "ended",
    "expect",
    "level",
    "rules",
    "not_rules",
}


@dataclass(frozen=True)
class Case:
    """One situation and what must follow."""

    rule: str
    name: str
    record: Record
    clinic_open: bool
    ended: bool
    expect: str | None
    rules: frozenset[str]
    not_rules: frozenset[str]
    level: Any = ...

    def judge(self, protocol: Any) -> Assessment:
        """Assess the case by the function that its rule belongs to."""
        if protocol.rules[self.rule].stage in EMERGENCY_STAGES:
            return floor(self.record, protocol, NOW, self.clinic_open)
        return assess(self.record, protocol, NOW, self.clinic_open, ended=self.ended)

    def wrong(self, disposition: Disposition | None, outcome: Iterable[Fired]) -> str:
        """Say how an outcome differs from what the case wants; empty when it does not."""
        fired = {each.rule: each.disposition for each in outcome}
        problems = [f"disposition {disposition}, not {self.expect}"] if disposition != self.expect else []
        problems += [f"{id} does not fire" for id in sorted(self.rules - set(fired))]
        problems += [f"{id} fires" for id in sorted(self.not_rules & set(fired))]
        if self.level is not ... and self.rule in fired and fired[self.rule] != self.level:
            problems.append(f"{self.rule} gives {fired[self.rule]}, not {self.level}")
        return "; ".join(problems)


def load_cases(protocol: Any, folder: Path = FOLDER) -> list[Case]:
    """Read all twins."""
    return [case for path in sorted(folder.glob("*.yml")) for case in _cases(path, protocol)]


def _cases(path: Path, protocol: Any) -> Iterator[Case]:
    for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
        assert set(entry) <= KEYS, f"{path.name}: {entry['name']}: unknown keys {set(entry) - KEYS}"
        findings, facts = _findings(entry.get("findings", {})), entry.get("facts", {})
        variants: list[tuple[dict[str, Any], dict[str, Any]]]
        variants = [({id: Status.present}, {}) for id in entry.get("each", [])]
        variants += [({}, variant) for variant in entry.get("each_facts", [])]
        for more, more_facts in variants or [({}, {})]:
            label = (
                f"{entry['name']} [{', '.join([*more, *map(str, more_facts.items())])}]" if variants else entry["name"]
            )
            record = build(
                {**findings, **more},
                {**facts, **more_facts},
                protocol,
                entry.get("screen") == "clean",
                entry.get("timing", "unknown"),
            )
            yield Case(
                path.stem,
                label,
                record,
                entry.get("clinic_open", True),
                entry.get("ended", False),
                entry["expect"],
                frozenset(entry.get("rules", [])),
                frozenset(entry.get("not_rules", [])),
                entry.get("level", ...),
            )


def _findings(written: Any) -> dict[str, Any]:
    return dict.fromkeys(written, Status.present) if isinstance(written, list) else dict(written)


def build(
    findings: dict[str, Any], facts: dict[str, Any], protocol: Any, clean: bool = False, timing: str = "unknown"
) -> Record:
    """Build a record in which every finding was asked for and answered."""
    if clean:
        slots = set(protocol.minimum_screen)
        denied = (id for each in protocol.order("web") if each.slot in slots for id in asks(each))
        findings = {**dict.fromkeys(denied, Status.absent), **findings}
        facts = {**MILD, **facts}
    statements = []
    for id, told in findings.items():
        assert id in protocol.findings, f"no finding {id}"
        for one in told if isinstance(told, list) else [told]:
            one = one if isinstance(one, dict) else {"status": one}
            statements.append(
                Statement(
                    id,
                    Status(one["status"]),
                    Course(one.get("course", "unknown")),
                    Timing(one.get("timing", timing)),
                    0,
                    id,
                    None if one.get("volunteered") else "twin",
                    NOW,
                )
            )
    assert set(facts) <= set(protocol.facts), f"no fact {set(facts) - set(protocol.facts)}"
    values = tuple(
        Value(id, tuple(value) if isinstance(value, list) else value, 0, id, NOW) for id, value in facts.items()
    )
    return Record((Turn("twin", "", NOW),), tuple(statements), values, (frozenset(findings),))
