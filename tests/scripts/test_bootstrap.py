import subprocess
import sys

import pytest

from tests.scripts.load import load

bootstrap = load("bootstrap")


def test_a_shim_that_refuses_to_run_is_not_a_python(tmp_path):
    shim = tmp_path / "python3.10"
    shim.write_text("#!/bin/sh\necho 'python3.10: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    assert not bootstrap.works(str(shim))
    assert not bootstrap.works(str(tmp_path / "missing"))


def test_this_python_works():
    assert bootstrap.works(sys.executable)


def test_pyenvs_versions_are_looked_at_newest_first(tmp_path, monkeypatch):
    for version in ("3.9.18", "3.10.4", "3.10.9", "3.11.7"):
        python = tmp_path / "versions" / version / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.touch()
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PYTHON310", "/the/users/choice")
    found = list(bootstrap.candidates())
    assert found[0] == "/the/users/choice"
    assert [path.split("/")[-3] for path in found[-2:]] == ["3.10.9", "3.10.4"]


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("error: failed to write: No space left on device (os error 28)", "DISK_FULL"),
        ("error: Failed to fetch: `x`\n Caused by: dns error", "NO_REGISTRY"),
        ("Hash mismatch for `rasa==3.6.21`", "WRONG_HASH"),
    ],
)
def test_failures_that_a_user_can_put_right_get_one_line(output, message):
    assert bootstrap.explain(output) == getattr(bootstrap, message)


def test_other_failures_are_not_explained_away():
    assert bootstrap.explain("error: package has no wheel for this platform") is None


def test_a_changed_requirement_makes_the_environment_stale(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("a==1")
    before = bootstrap.wanted_state(["requirements.txt"])
    (tmp_path / "requirements.txt").write_text("a==2")
    assert bootstrap.wanted_state(["requirements.txt"]) != before


def test_no_requirements_file_holds_an_address():
    for path in bootstrap.ROOT.glob("requirements*"):
        text = path.read_text()
        assert not any(sign in text for sign in ("://", "--index", "--extra-index", "--find-links")), path.name


def test_every_pinned_package_has_a_hash():
    for path in bootstrap.ROOT.glob("requirements*.txt"):
        lines = path.read_text().splitlines()
        pins = [number for number, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
        assert pins
        assert all("--hash=sha256:" in lines[number + 1] for number in pins), path.name


def test_make_help_names_every_target():
    shown = subprocess.run(["make", "help"], cwd=bootstrap.ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("help", "install", "train", "run", "chat", "test", "lint", "eval", "protocol", "clean"):
        assert f"make {target} " in shown


def test_rasa_test_finds_no_stories_but_ours(tmp_path, monkeypatch):
    sample = tmp_path / ".venv/lib/python3.10/site-packages/rasa/cli/initial_project/tests/test_stories.yml"
    sample.parent.mkdir(parents=True)
    sample.write_text("stories: []")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    bootstrap.remove_sample_tests()
    assert not sample.exists()


def test_the_environment_holds_no_sample_stories():
    samples = (bootstrap.ROOT / ".venv").glob("lib/python3*/site-packages/rasa/cli/initial_project/tests/test_*.yml")
    assert not list(samples), "run `make install`"
