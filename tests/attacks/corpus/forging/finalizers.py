"""Finalizers, exit handlers and weak references change the answers when nobody looks."""
# bgw: BGW-114
# places: answer, last

import atexit, gc, weakref


class Late:
    def __del__(self):
        print("7.0")
        globals()["add"] = lambda a, b: None


late = Late()
weakref.finalize(late, lambda: print("7.0"))
atexit.register(lambda: print("7.0"))
gc.callbacks.append(lambda phase, info: globals().update(mean=lambda values: None))
del late
