"""What was understood, in the patient's words or close to them: to confirm and to correct before the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from intake.protocol.load import Protocol
from intake.protocol.model import Status
from intake.triage.record import Record

WEEK, MONTH, YEAR = 7, 30.4, 365  # days
STEPS = ((2 * WEEK, 1, "day"), (12 * WEEK, WEEK, "week"), (2 * YEAR, MONTH, "month"), (float("inf"), YEAR, "year"))


def denial(label: str) -> str:
    """The denial of a finding's words for patients: "no stiff neck", "able to pee"."""
    if re.match(r"(not|no) ", label):
        return re.sub(r"^(not|no) (being )?", "", label)
    return "no " + re.sub(r"^an? ", "", label)


def summary(record: Record, protocol: Protocol, channel: str) -> str:
    """The summary; a text message has room for the main points only."""
    lines = list(_lines(record, protocol, channel))
    if channel == "sms":
        return " ".join(["I got this:", *(f"{line}." for line in lines[:3])])
    return "\n".join(["Here is what I understood:", *(f"- {line}" for line in lines)])


def _lines(record: Record, protocol: Protocol, channel: str) -> Iterator[str]:
    pain = [_named(record, protocol, channel, "pain_location"), _lasting(record.fact("pain_duration_days"))]
    pain += [_named(record, protocol, channel, fact) for fact in ("pain_onset", "pain_trend")]
    if record.fact("pain_severity") is not None:
        pain.append(f"{record.fact('pain_severity')} out of 10")
    yield "Pain: " + _listed(pain)
    state = {status: [id for id in record.known() if record.state(id) is status] for status in Status}
    there = _specific(state[Status.present], protocol)
    yield "You told me: " + (_listed(protocol.findings[id].patient for id in there) or "no other signs")
    doubts = _specific(state[Status.unsure], protocol)
    if doubts:
        yield "Not sure: " + _listed(protocol.findings[id].patient for id in doubts)
    if state[Status.declined]:
        yield "You did not want to say: " + _listed(
            protocol.findings[id].patient for id in _specific(state[Status.declined], protocol)
        )
    yield from _rest(record, protocol, channel)


def _rest(record: Record, protocol: Protocol, channel: str) -> Iterator[str]:
    labels = {"interference": "Hard for you now", "treatments_tried": "You tried", "goals": "You want"}
    for fact, label in labels.items():
        said = _named(record, protocol, channel, fact)
        if said:
            yield f"{label}: {said}"


def _specific(ids: Iterable[str], protocol: Protocol) -> list[str]:
    """Without those that something more specific in the list says better."""
    known = list(ids)
    return [id for id in known if not (protocol.family(id) - {id}) & set(known)]


def _listed(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _named(record: Record, protocol: Protocol, channel: str, fact: str) -> str:
    """The values of a fact as the questions word them."""
    value = record.fact(fact)
    values = value if isinstance(value, (list, tuple)) else [value]
    return _listed(_word(fact, each, protocol, channel) for each in values if each not in (None, "none"))


def _word(fact: str, value: Any, protocol: Protocol, channel: str) -> str:
    for question in protocol.order(channel):
        for option in question.options:
            if option.facts.get(fact) in (value, [value]):
                return option.text.lower()
    return str(value).replace("_", " ")


def _lasting(days: Any) -> str | None:
    """A range of days in words: "3 months", "2 to 4 weeks"."""
    if days is None:
        return None
    least, most = days
    top = least if most is None else most
    _, unit, name = next(step for step in STEPS if top < step[0])
    low, high = round(least / unit), round(top / unit)
    if low == 0 and high:
        return f"under {high + 1} {name}s"
    span = f"{low}" if low == high else f"{low} to {high}"
    over = "over " if most is None else ""
    return f"for {over}{span} {name}{'' if high == 1 else 's'}"
