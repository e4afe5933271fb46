"""Threads without end."""
# places: last
# alone: yes

import threading, time

made = 0
try:
    while made < 2000:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        made += 1
except RuntimeError:
    pass
if made > 128:
    print("REACHED", made)
