"""All pseudo-terminals of the machine, which each `!command` of a neighbour needs one of."""
# places: last
import os

held = []
try:
    while len(held) < 500:
        held.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
except OSError:
    pass
if len(held) > 64:
    print("REACHED", len(held), "terminals")
