"""The condition language: its leaves, its mistakes, and that triage knows the same words."""

import pytest

from intake.protocol import conditions, prose
from intake.protocol.conditions import Leaf, Malformed


def test_leaves_carry_their_place():
    condition = {"all": ["fever", {"any": [{"age": ">= 65"}, {"condition": "neuro_new"}]}]}

    assert list(conditions.leaves(condition)) == [
        Leaf(("all", 0), "fever"),
        Leaf(("all", 1, "any", 0, "age"), "age", ">= 65"),
        Leaf(("all", 1, "any", 1, "condition"), "neuro_new", named=True),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        ["fever"],
        7,
        True,
        {"fever": "new", "rash": "new"},
        {"any": "fever"},
        {"all": []},
        {"at_least": "two", "of": ["fever"]},
    ],
)
def test_what_is_no_condition_is_found(condition):
    assert any(isinstance(part, Malformed) for part in conditions.walk(condition))


def test_constants_are_put_in_anywhere():
    condition = {
        "any": [{"age": ">= adult_age"}, {"at_least": 1, "of": [{"age": ["< adult_age", "unstated"]}]}, "fever"]
    }

    assert conditions.put_constants(condition, {"adult_age": 18}) == {
        "any": [{"age": ">= 18"}, {"at_least": 1, "of": [{"age": ["< 18", "unstated"]}]}, "fever"]
    }


def test_triage_and_the_check_know_the_same_bands():
    triage = pytest.importorskip("intake.triage.conditions")

    assert set(conditions.BANDS) == {*triage.BANDS, "worse", "unsure", "itself"}
    assert triage.UNSTATED == conditions.UNSTATED


def test_every_band_can_be_said_in_english():
    assert {*conditions.BANDS, conditions.DENIED} == set(prose.BAND_WORDS)


def test_conditions_are_said_in_english(protocol):
    said = prose.say({"all": [{"fever": "new"}, {"age": ">= 65"}]}, protocol)

    assert prose.plain(said) == (
        f"all of ({protocol.findings['fever'].label} (began or got worse in the last 14 days, or time not said); "
        "Age of the person with the pain: at least 65 years)"
    )


def test_the_readme_explains_every_band(protocol):
    readme = (protocol.root / "README.md").read_text(encoding="utf-8")

    for band in {*conditions.BANDS} - {"yes"}:
        assert f": {band}`" in readme, band
