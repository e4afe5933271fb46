"""An endless cell that catches every interrupt, every exception and every signal that can be caught."""
# places: last
# alone: yes
# bgw: BGW-126

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
