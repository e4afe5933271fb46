"""Answers that never come: a loop in the function, a sleep that is taken up again after each interrupt."""
# places: answer

import time


def add(a, b):
    while True:
        pass


def mean(values):
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
