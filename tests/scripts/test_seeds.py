"""docs/seeds.md: every row of the source pages is there, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
ROWS = [line.strip("| \n").split(" | ") for line in (ROOT / "docs" / "seeds.md").read_text("utf-8").splitlines()]
ROWS = [row for row in ROWS if re.fullmatch(r"S\d-\d\d|C\d+|faq_\w+", row[0])]
STATEMENTS = {"S0": 20, "S1": 23, "S2": 25, "S3": 19, "S4": 23}  # how many statements each page makes
EXPECTED = [
    *(f"{page}-{number:02d}" for page, most in STATEMENTS.items() for number in range(1, most + 1)),
    *(f"C{number}" for number in range(1, 23)),
]


def test_every_statement_has_its_row_once() -> None:
    ids = [row[0] for row in ROWS]
    assert [id for id in ids if not id.startswith("faq_")] == EXPECTED
    answered = sorted(path.stem for path in (ROOT / "protocol" / "faq").glob("*.yml"))
    assert sorted(id for id in ids if id.startswith("faq_")) == answered


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_exists(row: list[str]) -> None:
    paths = re.findall(r"`([\w./-]+/[\w./-]+|clinic\.yml)`", " ".join(row[1:]))
    assert paths
    assert [path for path in paths if not (ROOT / path).is_file()] == []
    assert row[-1].startswith("`tests/"), "a test shows it"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_questions_settings_and_conversations_of_a_row_exist(row: list[str]) -> None:
    for path, named in re.findall(r"`([\w./-]+\.(?:yml|py))` \(`?([\w-]+)`?\)", " ".join(row)):
        assert named in (ROOT / path).read_text("utf-8"), f"{named} is not in {path}"
    conversation = re.fullmatch(r"`(tests/live/conversations/\w+\.yml)`: (.+)", row[-1])
    if conversation:
        names = [each["name"] for each in YAML(typ="safe").load(ROOT / conversation[1])]
        assert conversation[2] in names
