"""Hands a patient's case to people: the packet, the row in the deciding transaction, pages until somebody accepts."""

from intake.handoff.raising import UNDELIVERED, Raised, Request, raise_handoff

__all__ = ["UNDELIVERED", "Raised", "Request", "raise_handoff"]
