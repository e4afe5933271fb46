"""Text is printed without end, to both streams and to the descriptors below them."""
# places: last
# alone: yes
# bgw: BGW-126

import os, sys

while True:
    print("x" * 1000)
    print("y" * 1000, file=sys.stderr)
    os.write(1, b"z" * 1000)
