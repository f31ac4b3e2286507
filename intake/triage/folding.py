"""The fold remembered: a conversation is judged several times a message, and each time only the newest turn is new."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from intake.triage.record import Record, Turn, add

KEPT = 512  # records; a conversation needs one


class Folding:
    """`fold` for one reader and protocol. Pure: a record that is remembered equals the one folded afresh."""

    def __init__(self, reader: Any, protocol: Any) -> None:
        self.reader, self.protocol = reader, protocol
        self._known: OrderedDict[tuple[Turn, ...], Record] = OrderedDict()

    def __call__(self, turns: Iterable[Turn]) -> Record:
        """The record of these turns."""
        said = tuple(turns)
        known = self._known.pop(said, None)
        if known is None:
            before = len(said) - 1
            known = self._known.pop(said[:before], None) if before > 0 else None
            for turn in said[before:] if known is not None else said:
                known = add(known or Record(), turn, self.reader, self.protocol)
        record = self._known[said] = known or Record()
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return record
