"""Each cell takes nearly all the time that it may, and each new process has to run all of them again."""
# places: answer
# alone: yes

import os, time

time.sleep(5)


def add(a, b):
    os._exit(1)
