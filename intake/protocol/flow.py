"""Draws the order of the questions as one SVG: the line that everybody walks, and the branches beside it."""

from __future__ import annotations

import textwrap
from html import escape

from .load import Protocol
from .model import Question
from .prose import plain, say

WIDTH, BOX, LEFT, RIGHT = 920, 400, 20, 500
LINE, PADDING, GAP = 15, 9, 14
CHARACTERS = 56  # that fit on one line of a box


def draw(protocol: Protocol, channel: str) -> str:
    """The SVG of one channel."""
    rows: list[tuple[Question, bool]] = [
        (question, bool(question.after or question.ask_if))
        for question in protocol.order(channel)
        if not question.on_demand
    ]
    parts, top, previous = [], 10, 0
    for question, branch in rows:
        lines = _lines(question, protocol)
        height = 2 * PADDING + LINE * len(lines)
        left = RIGHT if branch else LEFT
        needed = question.slot in protocol.minimum_screen
        middle = top + height // 2
        if branch:
            parts.append(f'<path d="M{LEFT + BOX // 2} {middle} H{RIGHT}" class="branch"/>')
        if previous:
            parts.insert(0, f'<path d="M{LEFT + BOX // 2} {previous} V{top if not branch else middle}" class="line"/>')
        parts.append(_box(left, top, height, lines, "needed" if needed else "branch" if branch else "plain"))
        previous = middle if branch else top + height
        top += height + GAP
    title = f"Order of the questions, {channel}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" role="img" aria-label="{title}">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _lines(question: Question, protocol: Protocol) -> list[str]:
    picks = f"  [{len(question.options)} choices]" if question.options else ""
    lines = [f"{question.id}  {question.slot}{picks}", *textwrap.wrap(question.text, CHARACTERS)[:3]]
    if question.ask_if is not None:
        lines += textwrap.wrap(f"only if: {plain(say(question.ask_if, protocol))}", CHARACTERS)[:3]
    return lines


def _box(left: int, top: int, height: int, lines: list[str], kind: str) -> str:
    across = left + PADDING
    head, *rest = map(escape, lines)
    words = f'<tspan x="{across}" class="head">{head}</tspan>'
    words += "".join(f'<tspan x="{across}" dy="{LINE}">{line}</tspan>' for line in rest)
    return (
        f'<rect x="{left}" y="{top}" width="{BOX}" height="{height}" rx="6" class="{kind}"/>'
        f'<text x="{across}" y="{top + PADDING + 11}">{words}</text>'
    )
