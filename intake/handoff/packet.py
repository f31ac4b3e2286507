"""The hand-off packet: one page, so that nobody asks the patient again (SBAR, clinical reference 3I).

`build` gives plain JSON that is stored with the hand-off; `render` makes a page, a letter and a pager text of it. What
was denied, unclear, declined and never asked stays apart: the last three are no "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from intake.protocol.load import Protocol
from intake.protocol.model import Disposition, Status
from intake.triage.assess import Assessment
from intake.triage.record import NOT_ASKED, Record

SCHEMA = 1
WORDS = 200  # characters of the patient's own words on top of the page
STATES = {
    Status.present: "present", Status.absent: "denied", Status.unsure: "unclear", Status.declined: "declined",
    NOT_ASKED: "not asked",
}
ASIDE = {
    Status.past: "in the past", Status.other_person: "about somebody else", Status.hypothetical: "as a possibility",
}
# Which part of SBAR a fact of `protocol.yml: packet` belongs to; whatever is not named here is situation.
BACKGROUND = frozenset({
    "procedure_days", "procedure_type", "cancer_status", "device_kind", "axspa", "treatments_tried",
    "treatment_response", "failed_conservative", "past_care", "past_care_text", "medicines_allergies", "insurance",
})
RECOMMENDATION = frozenset({
    "goals", "requests", "contact", "language", "access_needs", "wants_person", "consent", "safety_net_understood",
    "able_to_go",
})


def build(
    record: Record,
    assessment: Assessment,
    protocol: Protocol,
    *,
    told: Sequence[tuple[str, datetime]] = (),
    contact: str | None = None,
    channel: str | None = None,
    language: str | None = None,
    consent: tuple[str, datetime] | None = None,
    initials: str | None = None,
) -> dict[str, Any]:
    """The packet of a record and its assessment.

    `told` is advice that the patient was shown, word for word, and when; `contact` a telephone number when the record
    has none; `consent` the version of the text that was agreed to, and when.
    """
    return {
        **_head(
            assessment.disposition, assessment.human, protocol, told, contact, channel, language, consent, initials
        ),
        "words": _own_words(record),
        "rules": [_rule(fired, record, protocol) for fired in sorted(assessment.fired, key=lambda fired: fired.rank)],
        "screen": _screen(record, protocol),
        "facts": list(_facts(record, protocol)),
        "also_said": list(_asides(record, protocol)),
        "contradictions": [_label(id, protocol) for id in assessment.contradictions],
        "unanswered": [protocol.questions[id].text for id in assessment.unanswered if id in protocol.questions],
        "turns": len(record.turns),
    }


def minimal(
    disposition: Disposition | None,
    human: bool,
    words: str,
    protocol: Protocol | None = None,
    *,
    told: Sequence[tuple[str, datetime]] = (),
    contact: str | None = None,
    channel: str | None = None,
) -> dict[str, Any]:
    """A packet when the message could not be read or judged: the patient's words and what they were told."""
    return {
        **_head(disposition, human, protocol, told, contact, channel, None, None, None),
        "words": words[:WORDS], "rules": [], "screen": [], "facts": [], "also_said": [], "contradictions": [],
        "unanswered": ["The message could not be judged by the rules: nothing here was asked or excluded."], "turns": 1,
    }


def _head(
    disposition: Disposition | None,
    human: bool,
    protocol: Protocol | None,
    told: Sequence[tuple[str, datetime]],
    contact: str | None,
    channel: str | None,
    language: str | None,
    consent: tuple[str, datetime] | None,
    initials: str | None,
) -> dict[str, Any]:
    info = protocol.dispositions.get(disposition) if protocol and disposition else None
    return {
        "schema": SCHEMA,
        "disposition": disposition and disposition.value,
        "label": info.label if info else (disposition.value if disposition else "A person must continue"),
        "code": info.code if info else None,
        "timeframe": info.timeframe if info else None,
        "recipient": info.recipient if info else None,
        "human": human,
        "protocol": {
            "version": protocol.version if protocol else "none",
            "signed_by": protocol.header.signed_by if protocol else None,
        },
        "identity": "not verified",
        "initials": initials,
        "contact": contact,
        "channel": channel,
        "language": language,
        "consent": consent and {"version": consent[0], "at": consent[1].isoformat()},
        "told": [{"text": text, "at": at.isoformat()} for text, at in told],
    }


def _own_words(record: Record) -> str:
    """What the patient wrote about the complaint, or the first message of some length; verbatim, cut at `WORDS`."""
    complaint = [value.words for value in record.values if value.id == "complaint" and value.words]
    longer = [turn.text for turn in record.turns if len(turn.text.split()) > 2]
    return next(iter(complaint + longer + [turn.text for turn in record.turns]), "")[:WORDS]


def _rule(fired: Any, record: Record, protocol: Protocol) -> dict[str, Any]:
    rule = protocol.rules.get(fired.rule)
    return {
        "id": fired.rule,
        "title": rule.title if rule else "",
        "disposition": fired.disposition and fired.disposition.value,
        "certain": fired.certain,
        "note": fired.note,
        "recipient": fired.recipient,
        "timeframe": fired.timeframe,
        "source": rule.source if rule else "",
        "signed": bool(rule and rule.signed_by),
        "evidence": [_evidence(each, record, protocol) for each in fired.evidence],
    }


def _evidence(each: Any, record: Record, protocol: Protocol) -> dict[str, Any]:
    """One reason; `words` are the patient's, so there are none where the engine worked something out (no turn)."""
    return {
        "id": each.id, "label": _label(each.id, protocol), "state": STATES.get(_status(each.status), each.status),
        "words": each.words if each.turn is not None else "", "turn": each.turn, "at": _time(record, each.turn),
    }


def _status(text: str) -> Any:
    return Status(text) if text in Status.__members__ else text


def _screen(record: Record, protocol: Protocol) -> list[dict[str, Any]]:
    """Every finding of the protocol in one of five states, by group in the protocol's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for id, finding in protocol.findings.items():
        state = record.state(id)
        item: dict[str, Any] = {"id": id, "label": finding.label, "state": STATES[state]}
        if state != NOT_ASKED:
            evidence = record.evidence(id)
            said = record.said(id)
            item |= {
                "words": evidence.words, "turn": evidence.turn, "at": _time(record, evidence.turn),
                "volunteered": all(each.asked is None for each in said),
                "timing": record.timing(id).value, "course": record.course(id).value,
            }
        groups.setdefault(finding.group, []).append(item)
    return [{"group": name.replace("_", " "), "items": items} for name, items in groups.items()]


def _facts(record: Record, protocol: Protocol) -> Iterable[dict[str, Any]]:
    for id in protocol.header.packet:
        value = record.fact(id)
        if value is None or id not in protocol.facts:
            continue
        evidence, fact = record.evidence(id), protocol.facts[id]
        part = "background" if id in BACKGROUND else "recommendation" if id in RECOMMENDATION else "situation"
        yield {
            "id": id, "part": part, "label": fact.label, "value": _readable(value, fact.unit),
            "words": evidence.words, "turn": evidence.turn, "at": _time(record, evidence.turn),
        }


def _readable(value: Any, unit: str | None) -> str:
    """A fact's value for staff: "4 to 6 days", "84 days or more", "8 (0 to 10)", "leg one above knee"."""
    tail = "" if not unit else f" ({unit})" if unit[0].isdigit() else f" {unit}"
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and isinstance(value[0], (int, float)):
            least, most = value
            if most is None:
                return f"{least}{tail} or more"
            return f"{least}{tail}" if least == most else f"{least} to {most}{tail}"
        return ", ".join(_readable(each, None) for each in value)
    return f"{value}{tail}".replace("_", " ")


def _asides(record: Record, protocol: Protocol) -> Iterable[dict[str, Any]]:
    """What was said about the past, somebody else or a possibility: it counts for no rule, but staff should see it."""
    for each in record.statements:
        if each.status in ASIDE and record.state(each.id) == NOT_ASKED:
            yield {
                "id": each.id, "label": _label(each.id, protocol), "how": ASIDE[each.status], "words": each.words,
                "turn": each.turn, "at": each.at and each.at.isoformat(),
            }


def _label(id: str, protocol: Protocol) -> str:
    entries: Mapping[str, Any] = protocol.findings if id in protocol.findings else protocol.facts
    return entries[id].label if id in entries else id.replace("_", " ")


def _time(record: Record, turn: int | None) -> str | None:
    return record.turns[turn].at.isoformat() if turn is not None and turn < len(record.turns) else None
