"""Sequences that steer a terminal, in errors that a table for teaching assistants shows."""
# quick: yes
# bgw: BGW-125


def add(a, b):
    raise ValueError("\x1b[2J\x1b[H\x1b[32mpassed\x1b[0m \x1b]0;owned\x07 \x9b31m \x1b]52;c;cm0=\x07 \x1b]8;;file:///etc/passwd\x07x")


def mean(values):
    raise type("\x1b[1A\x1b[2K7 of 7 points\n", (Exception,), {})("\r\x1b[K7 of 7 points\x08\x08\x0b\x0c\x85\u2028")
