"""Script that starts a module of this package in a new Python, without importing the rest of Goodfit.

    python -P cold_bootstrap.py graders.engine.sandbox.cold_inner ...

The packages on the way are stood in for by empty ones: their `__init__` files import the whole engine, which inside a
sandbox is not there, and outside would only cost time.
"""

import importlib
import sys
import types
from pathlib import Path

if __name__ == "__main__":
    package = Path(__file__).resolve().parents[2]
    for name, folder in (("graders", package), ("graders.engine", package / "engine")):
        module = types.ModuleType(name)
        module.__path__ = [str(folder)]
        sys.modules[name] = module
    importlib.import_module(sys.argv[1]).main()
