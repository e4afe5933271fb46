"""Answers that announce more bytes, or more parts, than there is memory."""
# places: answer
# begins with: messages

sizes = iter([struct.pack("!IQ", 1, 2**63), struct.pack("!I", 2**32 - 1), struct.pack("!I", 0), b"\xff" * 64])
answer_by(lambda question, buffers: questions.sendall(next(sizes)))
