"""Each question is answered twice: rightly, and with what the next question may want."""
# begins with: messages
# bgw: BGW-105


def twice(question, buffers):
    for value in (None, 42, 0.25):
        send_answer({"id": question["id"], "status": "ok", "value": value})


answer_by(twice)
