"""Errors from deep inside print a traceback with the lines of every caller."""
# bgw: BGW-116

import sys, traceback


def add(a, b):
    traceback.print_stack(file=sys.stdout)
    raise ValueError(f"{sys._getframe(1).f_locals}"[:3000])


def mean(values):
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise RuntimeError(repr([f.line for f in traceback.walk_stack(None)] if False else traceback.format_stack())) from error
