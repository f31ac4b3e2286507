"""`python -m intake explain`: see `intake/explain.py`."""

from __future__ import annotations

import sys

from intake import explain

COMMANDS = {"explain": explain.main}


def main() -> int:
    """Runs the named command."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        print(f"usage: python -m intake {{{','.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    return COMMANDS[name](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
