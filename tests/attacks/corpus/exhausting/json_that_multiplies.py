"""An answer of megabytes of empty lists, of which each takes many times its length in memory."""
# places: answer
# begins with: messages


def answer(question, buffers):
    send_answer(b'{"status":"ok","value":{"t":"list","v":[' + b"[]," * (5 << 20) + b"[]]}}")


answer_by(answer)
