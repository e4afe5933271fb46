"""An answer of sixty megabytes is announced, and comes byte by byte."""
# places: answer
# begins with: messages
# limits: check_seconds=3

import time


def trickle(question, buffers):
    questions.sendall(struct.pack("!IQ", 1, 60 << 20))
    while True:
        questions.send(b" ")
        time.sleep(0.1)


answer_by(trickle)
