"""`make protocol`: what it says, and when it refuses."""

from __future__ import annotations

import pytest

from intake.protocol.load import load as load_protocol
from tests.protocol.folders import copy_with
from tests.scripts.load import load

script = load("protocol")


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "PAGE", tmp_path / "results" / "protocol.html")
    return tmp_path / "results" / "protocol.html"


def test_the_page_is_written(page, capsys):
    assert script.main() == 0
    assert "Clinical protocol" in page.read_text()
    assert str(page) in capsys.readouterr().out


def test_the_moved_vignettes_are_listed(tmp_path):
    changed, _ = copy_with(tmp_path, "protocol.yml", "few_weeks_days: 28", "few_weeks_days: 42")
    note = script.vignettes_moved(load_protocol(), load_protocol(changed))
    assert "move" in note.heading
    assert any("routine" in line for line in note.lines)
    assert script.vignettes_moved(load_protocol(), load_protocol()).lines == ("None.",)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules/R112.yml", "disposition: within_7_days", "disposition: soon"),
        ("rules/R112.yml", "{condition: spinal_pain}", "{condition: spinal_pian}"),
        ("rules/R112.yml", "{condition: spinal_pain}", "{condition: spinal_pain, fever: new}"),
        ("screens/screen_body.yml", "findings: [weight_loss]}", "findings: [weight_lost]}"),
        ("texts/goodbye.yml", "You can write", "You are fine. You can write"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, page, monkeypatch, capsys, file, old, new):
    folder, line = copy_with(tmp_path, file, old, new)
    monkeypatch.setattr(script.load, "load", lambda: load_protocol(folder))
    assert script.main() == 1
    said = capsys.readouterr().out
    assert f"{file}:{line}: " in said or f"{file}:{line - 1}: " in said
    assert "fix: " in said
