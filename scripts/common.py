"""What the scripts in this folder share. Only the standard library, so that they run before anything is installed."""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import re
import socket
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterable, Iterator, NoReturn, Optional

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
MODEL = ROOT / "models" / "intake.tar.gz"

DEFAULT_PORTS = {"GATEWAY_PORT": "8080", "DESK_PORT": "8081", "RASA_PORT": "5005", "ACTIONS_PORT": "5055"}

QUIET_RASA = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}
# Lines that nobody can act on: from Rasa's dependencies at every start, and about responses that only our code uses.
NOISE = ("DeprecationWarning", "MovedIn20Warning", "import pkg_resources", "declare_namespace", "declarative_base()",
         "Implementing implicit namespace packages", "xla_computation", "LooseVersion", "it/s]", "bad revision",
         "is not used in any story or rule")


def fail(message: str) -> NoReturn:
    """End the script with one line that says what is wrong and how to put it right."""
    print(f"\n{message}", file=sys.stderr, flush=True)
    sys.exit(1)


def fail_with(output: Iterable[str], message: str) -> NoReturn:
    """End with what a program said last and what that means; a full disk is said in one line."""
    lines = list(output)
    if any("No space left on device" in line or "disk is full" in line for line in lines):
        fail("The disk is full. Free some space and start again.")
    fail("\n".join([*lines, f"\n{message}"]))


def say(message: str, end: str = "\n") -> None:
    """Print at once, also when the output is a pipe."""
    print(message, end=end, flush=True)


def start(main: Callable[[], None]) -> None:
    """Run a script; Ctrl-C and a full disk end it without a stack trace."""
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        fail(f"The disk is full ({error.filename or ROOT}). Free some space and start again.")


def is_noise(line: str) -> bool:
    """Whether a line of Rasa's output says nothing to the person who reads it."""
    return not line.strip() or any(word in line for word in NOISE)


def readable(line: str) -> str:
    """A line of Rasa's output without colours and without the place in Rasa that warns."""
    return re.sub(r"\x1b\[\d+m", "", line).rpartition("UserWarning: ")[2].rstrip()


def read_env(path: Path) -> Dict[str, str]:
    """The settings in a file of lines NAME=value, if there is one."""
    lines = [line.strip() for line in path.read_text().splitlines()] if path.exists() else []
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def environment() -> Dict[str, str]:
    """The environment for everything we start: .env, over it the caller's, our Python first on the path, Rasa quiet."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    settings = {**QUIET_RASA, **read_env(ROOT / ".env"), **os.environ}
    return {**settings, "PATH": path, "PYTHONUNBUFFERED": "1", "SANIC_HOST": "127.0.0.1"}


@contextmanager
def locked(path: Path, waiting_for: str) -> Iterator[None]:
    """Hold a lock file, so that two commands started together do not do the same work into the same place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for {waiting_for} that is already running ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self.started:.0f} s"


def port_problem(name: str, value: str) -> Optional[str]:
    """Why this port of this machine cannot be used, with the way out; None if it can."""
    way_out = f"Choose another one, for example: {name}=8090 make run"
    if not value.isdigit() or not 0 < int(value) < 65536:
        return f"{name} is {value!r}, which is no port number. {way_out}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(value)))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            return f"Port {value} {'is taken by another program' if taken else 'may not be used'}. {way_out}"
    return None


def free_port() -> int:
    """A port that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rasa_endpoints(actions_port: str, more: str = "") -> str:
    """A copy of endpoints.yml for this action server's port, with more settings below; its path."""
    copy = ROOT / ".run" / f"endpoints-{actions_port}.yml"
    copy.parent.mkdir(exist_ok=True)
    text = (ROOT / "endpoints.yml").read_text()
    copy.write_text(text.replace(f":{DEFAULT_PORTS['ACTIONS_PORT']}/", f":{actions_port}/") + more)
    return str(copy.relative_to(ROOT))


def answers(url: str) -> bool:
    """Whether something at this address on this machine answers with success."""
    # A proxy set for the internet must not be asked for this machine's own addresses.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, http.client.HTTPException):
        return False
