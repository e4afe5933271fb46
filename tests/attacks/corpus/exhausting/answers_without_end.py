"""Answers that nobody asked for, one after the other, for as long as the kernel lives."""
# places: answer
# begins with: messages
# limits: check_seconds=3

import threading


def for_ever():
    while True:
        send_answer({"id": "x", "begun": True})


answer_by(lambda question, buffers: None)
threading.Thread(target=for_ever, daemon=True).start()
