from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intake.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[2]
SECRET = "n7Qk2vX9pL4tR8wZ1mB6cY3hJ5gF0dSa"
GOOD = {"INTAKE_MODE": "production", "INTAKE_SECRET": SECRET, "DESK_PASSWORD": "correct horse battery"}


def test_the_demo_needs_nothing() -> None:
    settings = Settings.from_env({"INTAKE_MODE": "demo"})
    assert settings.demo
    assert (settings.database_url, settings.rasa_url, settings.gateway_port, settings.desk_port) == (
        "sqlite:///var/intake.db", "http://127.0.0.1:5005", 8080, 8081)
    assert len(settings.secret) >= 32
    assert settings.secret != Settings.from_env({"INTAKE_MODE": "demo"}).secret


def test_without_a_mode_it_is_production() -> None:
    with pytest.raises(SettingsError, match="INTAKE_SECRET is missing"):
        Settings.from_env({})


@pytest.mark.parametrize(("change", "message"), [
    ({"INTAKE_SECRET": ""}, "INTAKE_SECRET is missing"),
    ({"INTAKE_SECRET": "short"}, "INTAKE_SECRET is too short"),
    ({"INTAKE_SECRET": "a" * 40}, "INTAKE_SECRET is easy to guess"),
    ({"INTAKE_SECRET": "changeme-" + SECRET}, "INTAKE_SECRET is easy to guess"),
    ({"DESK_PASSWORD": ""}, "DESK_PASSWORD is missing"),
    ({"DESK_PASSWORD": "spine2026"}, "DESK_PASSWORD is too short"),
    ({"DESK_PASSWORD": "Password123456"}, "DESK_PASSWORD is easy to guess"),
    ({"DESK_PASSWORD": SECRET}, "same as INTAKE_SECRET"),
    ({"INTAKE_MODE": "test"}, "INTAKE_MODE is 'test'"),
    ({"DESK_PORT": "eighty"}, "DESK_PORT is 'eighty'"),
    ({"GATEWAY_PORT": "99999"}, "GATEWAY_PORT is '99999'"),
])
def test_a_weak_or_wrong_value_is_refused_in_one_line_that_says_what_to_do(change: dict, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        Settings.from_env({**GOOD, **change})
    assert "\n" not in str(caught.value)
    secret = next(iter(change.values()))
    assert len(secret) < 10 or secret not in str(caught.value)


def test_good_values_are_taken_and_secrets_stay_out_of_logs() -> None:
    settings = Settings.from_env({**GOOD, "DATABASE_URL": "postgresql://u:hunter2@db/x", "RASA_PORT": "5015"})
    assert (settings.demo, settings.rasa_url) == (False, "http://127.0.0.1:5015")
    assert not any(word in repr(settings) for word in (SECRET, "horse", "hunter2"))


@pytest.mark.parametrize("module", ["intake.desk", "intake.handoff.relay"])
def test_a_process_refuses_to_start_with_one_clear_line(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module], env={"INTAKE_MODE": "production", "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert done.returncode == 1
    name = module.rpartition(".")[2]
    assert done.stderr.startswith(f"{name}: INTAKE_SECRET is missing. Set INTAKE_SECRET to 32 or more")
    assert done.stderr.count("\n") == 1
