"""`python -m intake explain`: how a message is read and judged, for people (plain) and programs (--json)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timezone
from pathlib import Path
from typing import Any, TextIO

from intake.conversation.understanding import Understander
from intake.language.intents import examples_in
from intake.language.reader import Reading
from intake.protocol.load import load

EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "nlu"
FACTS = ("pain_location", "pain_duration_days", "pain_onset", "pain_severity")


class Explainer:
    """Reads single messages and judges each on its own: the floor that it sets by the P0 and P1 rules."""

    def __init__(self) -> None:
        self.protocol = load()
        self._understander = Understander(self.protocol, examples_in(EXAMPLES))

    def explain(self, text: str, asked: str | None = None, at: date | None = None) -> dict[str, Any]:
        """The contract's report of one message, without its id."""
        understood = self._understander.understand(
            text, asked, datetime.combine(at or date.today(), time(12), timezone.utc)
        )
        reading, judged = understood.reading, understood.floor
        facts = {name: reading.facts.get(name) for name in FACTS}
        return {
            "findings": self._findings(reading),
            **facts,
            "pain_location": facts["pain_location"] or [],
            "pain_duration_days": list(facts["pain_duration_days"])
            if isinstance(facts["pain_duration_days"], (list, tuple))
            else None,
            "disposition": judged.disposition.value if judged.disposition else None,
            "human": judged.human or reading.human,
            "rules": [fired.rule for fired in judged.fired],
            "intent": understood.intent.name,
        }

    def _findings(self, reading: Reading) -> list[dict[str, str]]:
        """Every finding read, and the contract parent of each more specific one."""
        rows: dict[str, dict[str, str]] = {}
        for mention in reading.mentions:
            for finding in self.protocol.lineage(mention.id):
                if finding not in rows or finding == mention.id:
                    rows[finding] = {
                        "id": finding,
                        "status": mention.status.value,
                        "course": mention.course.value,
                        "text": mention.text,
                    }
        return list(rows.values())


def plain(report: dict[str, Any], text: str) -> str:
    """The report of one message for people."""
    lines = [f"> {text}"]
    for row in report["findings"]:
        lines.append(f'  {row["id"]:<28} {row["status"]:<13} {row["course"]:<14} "{row["text"]}"')
    for name in FACTS:
        if report[name] not in (None, []):
            lines.append(f"  {name:<28} {report[name]}")
    lines.append(f"  {'intent':<28} {report['intent']}")
    person = " + a person" if report["human"] else ""
    rules = ", ".join(report["rules"]) or "none"
    lines.append(f"  {'floor':<28} {report['disposition'] or 'none'}{person}   rules: {rules}")
    return "\n".join(lines)


def _request(line: str) -> dict[str, Any]:
    """One JSON line checked, or ValueError with what is wrong."""
    request = json.loads(line)
    if not isinstance(request, dict):
        raise ValueError('not an object: write {"id": ..., "text": ...}')
    if not isinstance(request.get("text"), str):
        raise ValueError("'text' is missing or no string")
    if request.get("asked") is not None and not isinstance(request["asked"], str):
        raise ValueError("'asked' is no string")
    request["at"] = date.fromisoformat(request["at"][:10]) if request.get("at") else None
    return request


def run(lines: Iterable[str], out: TextIO, as_json: bool) -> None:
    """Explains every line; a bad JSON line gives an error line and the run goes on."""
    explainer = Explainer()
    for line in lines:
        line = line.rstrip("\n")
        if not line.strip():
            continue
        if not as_json:
            print(plain(explainer.explain(line), line), file=out, flush=True)
            continue
        try:
            request = _request(line)
            answer = {
                "id": request.get("id"),
                **explainer.explain(request["text"], request.get("asked"), request["at"]),
            }
        except (ValueError, TypeError) as problem:
            answer = {"id": None, "error": str(problem)}
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)


def main(arguments: list[str]) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m intake explain",
        description="Show how messages are read and judged, one per line on standard input.",
    )
    parser.add_argument("--json", action="store_true", help='JSON lines in ({"id","text","asked"?,"at"?}) and out')
    options = parser.parse_args(arguments)
    run(sys.stdin, sys.stdout, options.json)
    return 0
