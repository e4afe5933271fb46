"""Memory in pipes that nobody reads, as large as Linux lets them be."""
# places: last
# alone: yes

import fcntl, os

held, pipes = 0, []
try:
    while held < 512 << 20:
        reading, writing = os.pipe()
        pipes.append((reading, writing))
        try:
            fcntl.fcntl(writing, 1031, 1 << 20)
        except OSError:
            pass
        os.set_blocking(writing, False)
        try:
            while True:
                held += os.write(writing, b"x" * 65536)
        except BlockingIOError:
            pass
except OSError:
    pass
if held >= 512 << 20:
    print("REACHED", held >> 20, "MiB")
