"""What scripts/test does when the machine lacks a program."""

from collections import Counter

import pytest

from tests.scripts.load import load

checks = load("test")


@pytest.mark.parametrize("name", ["widget", "walk"])
def test_without_node_one_line_says_what_was_not_run_and_what_to_install(monkeypatch, name):
    monkeypatch.setattr(checks.shutil, "which", lambda program: None if program in ("node", "npm") else program)
    outcome = checks.STEPS[name]()
    ((reason, number),) = outcome.skipped.items()
    assert outcome.ok and reason == "Node.js, npm missing: install nodejs, npm and chromium" and number > 0


def test_what_was_not_run_fails_where_everything_must_be_run():
    outcome = checks.Outcome(ok=True, skipped=Counter({"Node.js missing": 80}))
    assert checks.judge(outcome, strict=False).ok
    assert not checks.judge(outcome, strict=True).ok
