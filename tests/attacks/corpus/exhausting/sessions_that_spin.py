"""Children with sessions of their own, each of which gets its own share of the processor."""
# places: last
# alone: yes

import os, time


def spin(own, writing):
    if own:
        os.setsid()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        pass
    os.write(writing, b"%d %f\n" % (own, time.process_time()))
    os._exit(0)


reading, writing = os.pipe()
start = time.process_time()
for n in range(16):
    if os.fork() == 0:
        spin(n % 2, writing)
time.sleep(3.5)
shares = {0: [], 1: []}
for line in os.read(reading, 4096).decode().split("\n")[:-1]:
    own, seconds = line.split()
    shares[int(own)].append(float(seconds))
if shares[0] and shares[1] and np.mean(shares[1]) > 2 * np.mean(shares[0]):
    print("REACHED", "a session of its own has more of the processor:", shares)
