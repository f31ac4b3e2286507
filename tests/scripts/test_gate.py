import json

import pytest

from tests.scripts.load import load

gate = load("rasa_gate")
checks = load("test")

FLOORS = {"default": 0.7, "report_emergency": 0.9, "opt_out": 0.0}


def story_report(folder, correct, total):
    path = folder / "story_report.json"
    path.write_text(json.dumps({"accuracy": 1.0, "conversation_accuracy": {"correct": correct, "total": total}}))
    return path


def intent_report(folder, **recalls):
    path = folder / "intent_report.json"
    labels = {name: {"recall": recall, "support": 10, "confused_with": {}} for name, recall in recalls.items()}
    path.write_text(json.dumps({**labels, "accuracy": 1.0}))
    return path


def test_all_stories_right(tmp_path):
    assert gate.story_problems(story_report(tmp_path, 5, 5), in_files=5, expected=5) == []


def test_a_failed_story_is_a_failure(tmp_path):
    assert "1 of 5 stories failed" in gate.story_problems(story_report(tmp_path, 4, 5), 5, 5)[0]


def test_a_missing_report_is_a_failure(tmp_path):
    assert "no story was run" in gate.story_problems(tmp_path / "story_report.json", 5, 5)[0]
    assert "no message was tried" in gate.nlu_problems(tmp_path / "intent_report.json", ["greet"], 1, FLOORS)[0]


def test_lost_stories_are_a_failure(tmp_path):
    assert "expected at least 5" in gate.story_problems(story_report(tmp_path, 2, 2), 2, 5)[0]
    assert "only 0 were run" in gate.story_problems(story_report(tmp_path, 0, 0), 5, 5)[0]


def test_stories_are_counted_in_test_files_only(tmp_path):
    (tmp_path / "test_a.yml").write_text("version: '3.1'\nstories:\n- story: a\n  steps: []\n- story: b\n  steps: []\n")
    (tmp_path / "other.yml").write_text("stories:\n- story: c\n  steps: []\n")
    (tmp_path / "test_empty.yml").write_text("version: '3.1'\n")
    assert gate.count_stories(tmp_path) == 2
    assert gate.count_stories(tmp_path / "misspelt") == 0


def test_intents_with_and_without_settings():
    assert gate.intents_of({"intents": ["greet", {"faq": {"use_entities": []}}]}) == ["greet", "faq"]


def test_messages_recognised_well_enough(tmp_path):
    report = intent_report(tmp_path, greet=0.7, report_emergency=0.95)
    assert gate.nlu_problems(report, ["greet", "report_emergency", "opt_out"], 20, FLOORS) == []


def test_an_intent_below_its_own_floor(tmp_path):
    report = intent_report(tmp_path, greet=0.7, report_emergency=0.85)
    (problem,) = gate.nlu_problems(report, ["greet", "report_emergency"], 20, FLOORS)
    assert "report_emergency: recall 0.85 is below 0.90" in problem


def test_an_intent_without_held_out_messages(tmp_path):
    problems = gate.nlu_problems(intent_report(tmp_path, greet=1.0), ["greet", "deny"], 1, FLOORS)
    assert problems == ["deny: no held-out message"]


def test_too_few_held_out_messages(tmp_path):
    assert "expected at least 11" in gate.nlu_problems(intent_report(tmp_path, greet=1.0), ["greet"], 11, FLOORS)[0]


JUNIT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure message="x"/></testcase>
<testcase name="c"><error message="x"/></testcase>
<testcase name="d"><skipped type="pytest.skip" message="needs redis-server: apt-get install redis-server"/></testcase>
<testcase name="e"><skipped type="pytest.xfail" message="known"/></testcase>
</testsuite></testsuites>"""


def test_pytests_report_is_read(tmp_path):
    (tmp_path / "report.xml").write_text(JUNIT)
    passed, failed, skipped = checks.read_junit(tmp_path / "report.xml")
    assert (passed, failed) == (2, 2)
    assert skipped == {"needs redis-server: apt-get install redis-server": 1}


@pytest.mark.parametrize(
    ("outcome", "strict", "ok", "failed"),
    [
        (checks.Outcome(True, 5), False, True, 0),
        (checks.Outcome(False), False, False, 1),
        (checks.Outcome(True, 5, 2), False, False, 2),
        (checks.Outcome(True, 5, 0, checks.Counter(["needs redis"])), False, True, 0),
        (checks.Outcome(True, 5, 0, checks.Counter(["needs redis"])), True, False, 1),
    ],
)
def test_what_counts_as_failed(outcome, strict, ok, failed):
    judged = checks.judge(outcome, strict)
    assert (judged.ok, judged.failed) == (ok, failed)
