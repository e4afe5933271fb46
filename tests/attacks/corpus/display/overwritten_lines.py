"""What was printed is overwritten: carriage returns, backspaces, cursor movements, cleared outputs, links."""

import sys

print("0 points\r7 of 7 points\b\b\b" + "\x1b[1A\x1b[2K" * 50)
print("\x1b[31m" + "<script>alert(1)</script>" + "\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07\x1b[0m\x1b[9999;9999H")
print("\x1b[38;5;" + "9;" * 5000 + "m x", file=sys.stderr)
