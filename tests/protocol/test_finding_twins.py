"""Sentences a patient would write, read for one finding: the twins in `findings/` and the near misses."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.language.reader import Reader
from intake.protocol.load import load
from intake.protocol.model import Status

TWINS = sorted((Path(__file__).parent / "findings").glob("*.yml"))
SAID = (Status.present, Status.unsure)


@lru_cache(maxsize=1)
def reader() -> Reader:
    return Reader(load())


def status_of(finding: str, sentence: str) -> Status | None:
    return next((mention.status for mention in reader().read(sentence).mentions if mention.id == finding), None)


def expected(twin: dict[str, Any]) -> list[tuple[str, Status]]:
    rows = [
        (sentence, status) for status in (Status.present, Status.absent) for sentence in twin.get(status.value) or []
    ]
    return rows + [(row["text"], Status(row["status"])) for row in twin.get("other") or []]


def name(value: Status | None) -> str:
    return value.value if value else "not read"


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.stem)
def test_sentences_are_read_as_their_twin_says(path: Path) -> None:
    twin = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    assert path.stem in load().findings, f"no finding {path.stem}: rename or delete {path.name}"
    assert set(twin) <= {"present", "absent", "other"}, (
        f"{path.name}: unknown keys {set(twin) - {'present', 'absent', 'other'}}"
    )
    read = [(sentence, wanted, status_of(path.stem, sentence)) for sentence, wanted in expected(twin)]
    wrong = [f"{sentence!r}: {name(got)}, not {name(wanted)}" for sentence, wanted, got in read if got is not wanted]
    assert not wrong, f"{path.stem}: {len(wrong)} of {len(read)} sentences\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    "finding", [finding for finding in load().findings.values() if finding.near_misses], ids=lambda finding: finding.id
)
def test_near_misses_are_not_read_as_present(finding: Any) -> None:
    wrong = [sentence for sentence in finding.near_misses if status_of(finding.id, sentence) in SAID]
    assert not wrong, f"{finding.id}: {len(wrong)} of {len(finding.near_misses)} near misses\n" + "\n".join(wrong)
