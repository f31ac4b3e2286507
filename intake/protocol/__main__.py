"""`make protocol`: checks protocol/ and clinic.yml, then writes the page for the clinician."""

from __future__ import annotations

import sys
from pathlib import Path

from . import check, clinic, load, render
from .source import ProtocolError

PAGE = Path(__file__).resolve().parents[2] / "results" / "protocol.html"


def main() -> int:
    """Check, render, say where the page is; 1 when something must be corrected."""
    try:
        protocol, settings = load.load(strict=False), clinic.load()
    except ProtocolError as error:
        return check.report(error.problems)
    result = check.report(check.check(protocol, settings))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(render.render(protocol, settings), encoding="utf-8")
    print(f"The page to read: {PAGE}")
    return result


if __name__ == "__main__":
    sys.exit(main())
