"""Loads a script of scripts/ as a module: they have no .py ending."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def load(name: str) -> Any:
    """The module of this script."""
    sys.path.insert(0, str(SCRIPTS))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader = SourceFileLoader(f"script_{name}", str(SCRIPTS / name))
        spec = spec_from_loader(loader.name, loader)
        assert spec
        module = module_from_spec(spec)
        sys.modules[loader.name] = module  # dataclasses look their module up
        loader.exec_module(module)
        return module
    finally:
        sys.dont_write_bytecode = before
        sys.path.remove(str(SCRIPTS))
