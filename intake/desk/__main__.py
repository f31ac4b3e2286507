"""Starts the desk on this machine: `python -m intake.desk`. A reverse proxy with TLS stands before it in production."""

from __future__ import annotations

import logging
import os
import sys
import time

from aiohttp import web
from sqlalchemy.exc import OperationalError

from intake.desk.app import Desk
from intake.protocol import clinic as clinics
from intake.protocol import load as protocols
from intake.protocol.source import ProtocolError
from intake.settings import Settings, SettingsError
from intake.store import Store, open_store

log = logging.getLogger("intake.desk")


def main() -> None:
    """Entry point."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings, clinic = Settings.from_env(), clinics.load()
    except (SettingsError, ProtocolError) as error:
        sys.exit(f"desk: {error}")
    try:
        protocol = protocols.load()
    except ProtocolError:
        log.error("protocol/ has mistakes (make protocol lists them); the desk shows what has been handed off")
        protocol = None
    app = Desk(settings, _open(settings.database_url), clinic, protocol).application()
    # No access log: who looked at what is in the audit table, and a log should not know it.
    log.info("the desk listens on http://127.0.0.1:%d", settings.desk_port)
    try:
        web.run_app(app, host="127.0.0.1", port=settings.desk_port, access_log=None, print=None)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        sys.exit(f"desk: cannot listen on port {settings.desk_port} ({reason}). Set DESK_PORT to a free one.")


def _open(url: str) -> Store:
    """Open the store; wait for a database that is not up yet."""
    while True:
        try:
            return open_store(url)
        except OperationalError as error:
            log.error("the database does not answer (%s); trying again", type(error).__name__)
            time.sleep(1)


if __name__ == "__main__":
    main()
