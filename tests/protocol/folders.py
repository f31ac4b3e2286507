"""Copies of the real protocol with one thing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from intake.protocol.load import ROOT


def copy_with(tmp_path: Path, file: str, old: str, new: str) -> tuple[Path, int]:
    """A copy of protocol/ in which `old` (once) reads `new`; and the line on which `new` begins."""
    folder = tmp_path / "protocol"
    shutil.copytree(ROOT, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text, f"{file} no longer holds {old!r}"
    at = text.index(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder, text[:at].count("\n") + 1 + (len(new) - len(new.lstrip("\n")))
