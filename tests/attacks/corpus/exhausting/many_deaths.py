"""Each answer ends the process, so that it has to be started and brought back again and again."""
# places: answer
# alone: yes

import os


def add(a, b):
    os.kill(os.getpid(), 9)


mean = add
