"""Words beside the matter (a minimiser, thanks, a name, sex, age, insurance, a greeting, the hour) never change a reading."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.conversation.understanding import Understander
from intake.language.intents import examples_in
from intake.protocol.load import load

HERE = Path(__file__).parent
PAIRED = yaml.safe_load((HERE / "paired.yml").read_text(encoding="utf-8"))
WORK = [
    json.loads(line)
    for path in sorted((HERE / "work").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
TEXTS = {message["id"]: message["text"] for message in WORK}
AT = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
OF_THE_CHANGE = ("age", "sex", "pregnancy")  # what a change itself tells: "I'm a man" is a no to pregnancy


@cache
def understander() -> Understander:
    return Understander(load(), examples_in(HERE.parents[1] / "data" / "nlu"))


@cache
def reading(text: str) -> dict[str, Any]:
    """Findings with status and course, facts, and the disposition of a message."""
    understood = understander().understand(text, None, AT)
    findings = {each.id: (each.status, each.course) for each in understood.reading.mentions}
    told = {**findings, **understood.reading.facts, "disposition": understood.floor.disposition}
    return {name: value for name, value in told.items() if name not in OF_THE_CHANGE}


@pytest.mark.parametrize("change", PAIRED["changes"])
@pytest.mark.parametrize("message", PAIRED["messages"])
def test_what_is_beside_the_matter_changes_no_reading(message: str, change: str) -> None:
    around, text = PAIRED["changes"][change], TEXTS[message]
    changed = f"{around.get('before', '')}{text.rstrip('.')}{around.get('after', '')}"
    assert reading(changed) == reading(text)
