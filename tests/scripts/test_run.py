import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from ruamel.yaml import YAML

from tests.scripts.load import SCRIPTS, load

run = load("run")
common = sys.modules["common"]


def free_ports() -> dict[str, str]:
    return {name: str(common.free_port()) for name in common.DEFAULT_PORTS}


def test_a_free_port_is_no_problem():
    assert common.port_problem("DESK_PORT", str(common.free_port())) is None


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        problem = common.port_problem("DESK_PORT", port)
    assert f"Port {port} is taken" in problem
    assert "DESK_PORT=8090 make run" in problem


def test_a_port_taken_on_all_addresses_is_seen():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        assert common.port_problem("DESK_PORT", str(other.getsockname()[1]))


@pytest.mark.parametrize("value", ["", "http", "0", "-1", "65536", "80 80"])
def test_nonsense_is_no_port(value):
    assert "no port number" in common.port_problem("DESK_PORT", value)


def test_two_processes_cannot_share_a_port(capsys):
    env = free_ports()
    env["DESK_PORT"] = env["GATEWAY_PORT"]
    with pytest.raises(SystemExit):
        run.check_ports(env)
    assert "each needs its own" in capsys.readouterr().err


def test_secrets_are_made_once_and_only_the_user_reads_them(tmp_path):
    path = tmp_path / ".env"
    run.make_env(path)
    first = common.read_env(path)
    assert first["INTAKE_MODE"] == "demo"
    assert len(first["INTAKE_SECRET"]) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    run.make_env(path)
    assert common.read_env(path) == first
    run.make_env(tmp_path / "other")
    assert common.read_env(tmp_path / "other")["INTAKE_SECRET"] != first["INTAKE_SECRET"]


def test_an_existing_env_file_is_left_as_it_is(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# mine\n\nDESK_PORT = 9000\n")
    run.make_env(path)
    assert common.read_env(path) == {"DESK_PORT": "9000"}
    assert path.read_text() == "# mine\n\nDESK_PORT = 9000\n"


def test_port_and_further_settings_are_put_into_a_copy_of_the_endpoints(tmp_path, monkeypatch):
    monkeypatch.setattr(common, "ROOT", tmp_path)
    (tmp_path / "endpoints.yml").write_text("action_endpoint:\n  url: http://127.0.0.1:5055/webhook\n")
    copy = common.rasa_endpoints("6000", run.TRACKER_STORE)
    settings = YAML(typ="safe").load(tmp_path / copy)
    assert settings["action_endpoint"] == {"url": "http://127.0.0.1:6000/webhook"}
    assert settings["tracker_store"]["db"] == "var/trackers.db"


def test_whether_something_answers(monkeypatch):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked for this machine's own addresses
    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    assert common.answers(f"http://127.0.0.1:{port}/health")
    assert not common.answers(f"http://127.0.0.1:{port}/other")
    server.shutdown()
    server.server_close()
    assert not common.answers(f"http://127.0.0.1:{port}/health")


class TestKeep:
    """scripts/keep with a small process that notes each of its starts."""

    @pytest.fixture
    def keep(self, tmp_path):
        starts = tmp_path / "starts"
        started = []

        def start(code: str) -> subprocess.Popen[bytes]:
            program = f"open({json.dumps(str(starts))}, 'a').write('x'); {code}"
            env = {**os.environ, "INTAKE_READY_FILE": str(tmp_path / "ready")}
            started.append(subprocess.Popen(
                [sys.executable, SCRIPTS / "keep", sys.executable, "-c", program], env=env, start_new_session=True,
            ))
            return started[-1]

        yield start, tmp_path / "ready", starts
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def wait_for_starts(self, starts, number: int) -> None:
        deadline = time.monotonic() + 20
        while not (starts.exists() and len(starts.read_text()) >= number):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def test_a_death_while_starting_is_passed_on(self, keep):
        start, _, _ = keep
        assert start("raise SystemExit(7)").wait(20) == 7

    def test_a_death_later_leads_to_a_new_start(self, keep):
        start, ready, starts = keep
        ready.touch()
        start("raise SystemExit(7)")
        self.wait_for_starts(starts, 2)

    def test_a_stop_signal_ends_both(self, keep):
        start, ready, starts = keep
        ready.touch()
        process = start("import time; time.sleep(60)")
        self.wait_for_starts(starts, 1)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
        assert starts.read_text() == "x"


def test_rasas_warnings_are_shown_without_colours_and_places():
    line = "\x1b[93m/x/rasa/shared/utils/io.py:100: UserWarning: The action 'utter_x' is missing.\x1b[0m\n"
    assert common.readable(line) == "The action 'utter_x' is missing."
    assert common.readable("plain line\n") == "plain line"


def test_what_nobody_can_act_on_is_noise():
    assert common.is_noise("  \n")
    assert common.is_noise("x.py:1: DeprecationWarning: pkg_resources is deprecated")
    assert not common.is_noise("UserWarning: The action 'utter_x' is missing.")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_gets_one_line_that_says_what_to_do(number, capsys):
    def main() -> None:
        raise OSError(number, os.strerror(number), "/somewhere/.env")

    with pytest.raises(SystemExit) as ended:
        common.start(main)
    assert ended.value.code == 1
    assert capsys.readouterr().err.strip() == "The disk is full (/somewhere/.env). Free some space and start again."


def test_other_errors_are_not_explained_away():
    def main() -> None:
        raise PermissionError(errno.EACCES, "not yours")

    with pytest.raises(PermissionError):
        common.start(main)


def test_the_last_lines_of_a_program_stand_above_what_they_mean(capsys):
    with pytest.raises(SystemExit):
        common.fail_with(["one", "two"], "rasa ended.")
    assert capsys.readouterr().err.split() == ["one", "two", "rasa", "ended."]


@pytest.mark.parametrize("line", ["OSError: [Errno 28] No space left on device", "database or disk is full"])
def test_a_program_that_found_the_disk_full_gets_one_line_too(line, capsys):
    with pytest.raises(SystemExit):
        common.fail_with(["Traceback ...", line], "rasa ended.")
    assert capsys.readouterr().err.strip() == "The disk is full. Free some space and start again."
